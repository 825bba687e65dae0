// Applies on merge: what was reviewed runs, and nothing else does.
import { Client } from "pg";
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { applyWorkflow, applyWorkflowPath } from "../../../src/init/workflows.ts";
import { inventory, loginsOf, pin, planner } from "./access-story.ts";
import { change, ro, useAccessStories } from "./access-suite.ts";
import { logOf, outputsOf } from "./run-facts.ts";

const suite = useAccessStories();

const start = (roles: readonly string[]) => suite.start({ roles });

test.each(["merge", "squash", "rebase"] as const)(
  "what was planned and approved is applied on %s, and the credential works",
  async (method) => {
    await using story = await start([ro]);
    const pull = await story.openPullRequest(change);
    pull.approve("ada");
    const [apply] = await pull.merge(method, "ada");
    expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["success", "applied"]);
    expect(await suite.ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443", "hoopdev_analytics_rw_2c764c3a"]);
    const credential = story.credentials().get("analytics/rw");
    const client = new Client({
      host: "127.0.0.1",
      port: suite.server().port,
      database: "app",
      user: credential?.user,
      password: credential?.password,
    });
    await client.connect();
    expect((await client.query("select * from t")).rows).toEqual([]);
    await client.end();
    const [plan, report] = pull.comments();
    expect(plan?.body.split("\n", 1)[0]).toContain("[applied]");
    expect(report?.body).toContain("applied, 2 roles");
  },
);

test("a catalog that changed after the approval makes the apply refuse, with the entry named", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await suite.run("app", "create table later (a int)");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "plan-stale-catalog"]);
  expect(await suite.ourRoles()).toEqual([]);
  const [plan, report] = pull.comments();
  expect(plan?.body.split("\n", 1)[0]).toContain("not applied");
  expect(report?.body).toContain("3 tables");
});

test("without an approval of exactly this head nothing is applied", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await pull.push({ "roles.csv": formatRoles([ro, "analytics,managed,rw,app,SELECT;INSERT;DELETE,"]) }, "wen");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "approval-missing"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("the merge queue applies what was planned for the group, and reports on each pull request of it", async () => {
  await using story = await start([ro]);
  const first = await story.openPullRequest(change);
  const second = await story.openPullRequest({ branch: "other", files: { "README.md": "two\n" }, by: "wen" });
  first.approve("ada");
  second.approve("ada");
  const { merged, runs } = await story.mergeQueue([first, second], "ada");
  expect([merged, runs.map(({ file, conclusion }) => `${file} ${conclusion}`)]).toEqual([
    true,
    ["rolewright-plan.yml success", "rolewright-plan.yml success", "rolewright-apply.yml success"],
  ]);
  expect(outputsOf(runs[2])["reason-code"], logOf(runs[2])).toBe("applied");
  expect(await suite.ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443", "hoopdev_analytics_rw_2c764c3a"]);
  for (const pull of [first, second]) expect(pull.comments().at(-1)?.body).toContain("applied, 2 roles");
});

test("in a merge queue each pull request needs its own approval", async () => {
  await using story = await start([ro]);
  const first = await story.openPullRequest(change);
  const second = await story.openPullRequest({ branch: "other", files: { "README.md": "two\n" }, by: "wen" });
  second.approve("ada");
  const { runs } = await story.mergeQueue([first, second], "ada");
  expect(outputsOf(runs[2])["reason-code"], logOf(runs[2])).toBe("approval-missing");
  expect(await suite.ourRoles()).toEqual([]);
});

test("after an apply the plans of other pull requests are stale, and a stale one that is merged is refused", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest(change);
  const other = await story.openPullRequest({
    branch: "other",
    files: {
      "inventory.csv": `${story.read("inventory.csv")}`,
      "roles.yaml": "items: [{resource_name: analytics, role: etl, scopes: [app], privileges: [DELETE]}]\n",
    },
    by: "ada",
  });
  pull.approve("ada");
  other.approve("wen");
  await pull.merge("squash", "ada");
  expect(other.comments()[0]?.body.split("\n", 1)[0]).toContain("**stale**");
  expect(other.checkRuns("rolewright plan (default)").at(-1)).toMatchObject({ conclusion: "action_required" });
  const [apply] = await other.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("plan-stale-declaration");
  expect(await suite.ourRoles()).toHaveLength(2);
});

const subset = {
  [applyWorkflowPath]: applyWorkflow(pin).replace("command: apply\n", "command: apply\n          mode: subset\n"),
};

test("in subset mode, too, a table that came after the approval is not granted by a statement that was approved without it", async () => {
  await using story = await suite.start({ roles: [ro], files: subset });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await suite.run("app", "create table later (a int)");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "plan-stale-catalog"]);
  expect(await suite.ourRoles()).toEqual([]);
  expect(pull.comments().at(-1)?.body).toContain("3 tables");
});

test("F43 merges in a burst: the superseded run leaves its part to the newest one, which in subset mode applies what all of them got approved", async () => {
  await using story = await suite.start({
    roles: [ro],
    files: subset,
  });
  const first = await story.openPullRequest(change);
  const second = await story.openPullRequest({
    branch: "other",
    files: { "roles.yaml": "items: [{resource_name: analytics, role: etl, scopes: [app], privileges: [DELETE]}]\n" },
    by: "ada",
  });
  first.approve("ada");
  second.approve("wen");
  const runs = await story.meanwhile(async () => {
    await first.merge("squash", "ada");
    await second.merge("squash", "ada");
  });
  const applies = runs.filter(({ file }) => file === "rolewright-apply.yml").map((run) => outputsOf(run)["reason-code"]);
  expect(applies.at(-1), logOf(runs.at(-1))).toBe("applied");
  expect(await suite.ourRoles()).toHaveLength(3);
});

test("a direct push that changes no role is no failure, and one that does is refused", { timeout: 120_000 }, async () => {
  await using story = await start([]);
  const [quiet] = await story.push({ "README.md": "hello\n" }, "ada");
  expect([quiet?.conclusion, outputsOf(quiet)["reason-code"]], logOf(quiet)).toEqual(["success", "no-changes"]);
  const [direct] = await story.push({ "roles.csv": formatRoles([ro]) }, "ada");
  expect([direct?.conclusion, outputsOf(direct)["reason-code"]], logOf(direct)).toEqual(["failure", "evidence-missing"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("a resource that came with the pull request itself is left alone, and the next pull request plans it", async () => {
  await using story = await start([]);
  const added = {
    "inventory.csv": inventory(suite.server().port, ["analytics", "second"]),
    "roles.csv": formatRoles([ro, "second,managed,ro,app,SELECT,"]),
  };
  story.addEnvironment("rolewright-plan", { secrets: { ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics", "second"]) } });
  story.addEnvironment("rolewright-apply", {
    secrets: { ROLEWRIGHT_ADMIN_CSV: loginsOf(suite.server(), ["analytics", "second"]) },
    branches: ["main"],
  });
  const pull = await story.openPullRequest({ branch: "more", files: added, by: "wen" });
  expect(pull.comments()[0]?.body).toContain("not connected to");
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("applied");
  expect(await suite.ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443"]);
  expect(pull.comments().at(-1)?.body).toContain("Left alone: `second`");
  const next = await story.openPullRequest({ branch: "next", files: { "README.md": "next\n" }, by: "wen" });
  expect(next.comments()[0]?.body).toContain("1 role to create");
  next.approve("ada");
  await next.merge("squash", "ada");
  expect(await suite.ourRoles()).toHaveLength(2);
});
