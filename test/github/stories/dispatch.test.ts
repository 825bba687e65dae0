// Runs that a person starts: a plan of the default branch, and an apply of exactly that plan behind an environment with reviewers.
import { Client } from "pg";
import { expect, test } from "vitest";
import { dispatchWorkflow, dispatchWorkflowPath } from "../../../src/init/dispatch-workflow.ts";
import { applyWorkflow, applyWorkflowPath } from "../../../src/init/workflows.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { startProxy } from "../../support/tcp-proxy.ts";
import type { Repository } from "../host/state.ts";
import type { DeploymentReview } from "../workflow/job.ts";
import { inventory, loginsOf, pin, planner, type AccessStoryInput } from "./access-story.ts";
import { ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, outputsOf, sessionsOf, summaryOf } from "./run-facts.ts";

const file = "rolewright-dispatch.yml";
const everything = { what: "apply", role: "", resources: "" };
const rotation = { what: "rotate", role: "analytics/ro", resources: "" };

const suite = useAccessStories();

/** wen has to approve what goes into rolewright-apply. @param meanwhile happens after the plan and before she does. */
function start(input: Partial<AccessStoryInput> & { readonly meanwhile?: (repository: Repository) => Promise<void> } = {}) {
  const { meanwhile, ...more } = input;
  const review: DeploymentReview = async ({ environment, repository }) => {
    await meanwhile?.(repository);
    const [reviewer] = environment.reviewers;
    if (reviewer === undefined) throw new Error("nobody reviews");
    return { user: reviewer, state: "approved" };
  };
  return suite.start({
    roles: [ro],
    review,
    ...more,
    files: { [dispatchWorkflowPath]: dispatchWorkflow(pin), ...more.files },
    environments: {
      "rolewright-apply": {
        secrets: { ROLEWRIGHT_ADMIN_CSV: loginsOf(suite.server(), more.resources ?? ["analytics"]) },
        branches: ["main"],
        reviewers: ["wen"],
        preventSelfReview: true,
      },
    },
  });
}

/** Onto the default branch without an event, so that nothing runs. */
function commit({ git, defaultBranch }: Repository, files: Readonly<Record<string, string>>): void {
  const parent = git.resolve(defaultBranch) ?? "";
  const author = { name: "ada", email: "ada@test.invalid", date: "" };
  git.updateRef(
    `refs/heads/${defaultBranch}`,
    git.writeCommit({ tree: git.writeFiles(parent, files), parents: [parent], message: "more", author }),
  );
}

async function logsIn(login: { readonly user: string; readonly password: string } | undefined): Promise<boolean> {
  const client = new Client({ host: "127.0.0.1", port: suite.server().port, database: "app", ...login });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

test("what the first job plans the second one applies, once a reviewer of the environment has seen it", async () => {
  await using story = await start({ roles: [ro, rw] });
  const [run] = await story.dispatch(file, everything, "ada");
  expect([run?.conclusion, run?.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)], logOf(run)).toEqual([
    "success",
    ["plan success", "apply success"],
  ]);
  const checksum = outputsOf(run, "plan")["checksum"];
  expect(outputsOf(run, "plan")).toMatchObject({ "reason-code": "planned", changes: "true", "comment-url": "" });
  expect(outputsOf(run, "apply")).toMatchObject({ "reason-code": "applied", changes: "true", checksum });
  expect(await suite.ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443", "hoopdev_analytics_rw_2c764c3a"]);
  expect(summaryOf(run, "plan")).toContain("2 roles to create");
  expect(summaryOf(run, "plan")).toContain("An apply that expects this checksum applies exactly");
  expect(summaryOf(run, "plan")).toContain(`sha256:${String(checksum)}`);
  expect(summaryOf(run, "apply")).toContain("approved by `wen`");
  const applies = sessionsOf(run).filter(({ kind }) => kind === "apply");
  expect(applies.map(({ status, actor, approved_by, pull_request }) => [status, actor, approved_by, pull_request])).toEqual([
    ["success", "ada", ["wen"], null],
    ["success", "ada", ["wen"], null],
  ]);
  expect(sessionsOf(run).filter(({ kind }) => kind === "plan")).toHaveLength(4);
  const [again] = await story.dispatch(file, everything, "ada");
  expect(
    again?.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`),
    logOf(again),
  ).toEqual(["plan success", "apply skipped"]);
  expect(outputsOf(again, "plan")["reason-code"]).toBe("no-changes");
});

test("who let another job of the run go on has not approved the apply", async () => {
  await using story = await start();
  story.addEnvironment("rolewright-plan", { secrets: { ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics"]) }, reviewers: ["eve"] });
  const [run] = await story.dispatch(file, everything, "ada");
  expect(run?.run.approvals.map(({ user }) => user.login)).toEqual(["eve", "wen"]);
  const applies = sessionsOf(run).filter(({ kind }) => kind === "apply");
  expect(applies.map(({ approved_by }) => approved_by)).toEqual([["wen"]]);
});

test("a commit that comes after the apply has planned makes it end as superseded, and fail: somebody asked for it", async () => {
  await using story = await start();
  // Each job asks for the branch at its start, and the second again before it applies.
  story.github.fault({
    on: ({ path }) => path.endsWith("/git/ref/heads%2Fmain") || path.endsWith("/git/ref/heads/main"),
    after: 2,
    meanwhile: () => commit(story.repository, { "README.md": "more\n" }),
  });
  const [run] = await story.dispatch(file, everything, "ada");
  expect([run?.conclusion, outputsOf(run, "apply")["reason-code"]], logOf(run)).toEqual(["failure", "superseded"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("a rotation gives one role a new password: the new one works, the old one does not, and no other role is touched", async () => {
  await using story = await start({ roles: [ro, rw] });
  await story.dispatch(file, everything, "ada");
  const before = story.credentials();
  const old = before.get("analytics/ro");
  expect([await logsIn(old), await logsIn(before.get("analytics/rw"))]).toEqual([true, true]);
  // What else differs is none of a rotation's business.
  await suite.run("app", "grant insert on u to hoopdev_analytics_rw_2c764c3a; revoke select on u from hoopdev_analytics_rw_2c764c3a");
  const [run] = await story.dispatch(file, rotation, "ada");
  expect(outputsOf(run, "apply")["reason-code"], logOf(run)).toBe("applied");
  expect(summaryOf(run, "plan")).not.toContain("hoopdev_analytics_rw_2c764c3a");
  const rotated = story.credentials();
  expect(rotated.get("analytics/ro")?.password).not.toBe(old?.password);
  expect([await logsIn(old), await logsIn(rotated.get("analytics/ro")), await logsIn(before.get("analytics/rw"))]).toEqual([
    false,
    true,
    true,
  ]);
  expect(rotated.get("analytics/rw")).toEqual(before.get("analytics/rw"));
  const leaks = [logOf(run), summaryOf(run, "apply"), JSON.stringify(sessionsOf(run))].filter((text) =>
    text.includes(rotated.get("analytics/ro")?.password ?? ""),
  );
  expect(leaks).toEqual([]);
});

test("a catalog that changes while the reviewer looks has the apply refused, and the summary shows the plan of now", async () => {
  await using story = await start({
    meanwhile: async () => void (await suite.run("app", "create table later (a int)")),
  });
  const [run] = await story.dispatch(file, everything, "ada");
  expect([run?.conclusion, outputsOf(run, "apply")["reason-code"]], logOf(run)).toEqual(["failure", "plan-stale"]);
  expect(await suite.ourRoles()).toEqual([]);
  const [expected, now] = [outputsOf(run, "plan")["checksum"], outputsOf(run, "apply")["checksum"]];
  expect(now).not.toBe(expected);
  const summary = summaryOf(run, "apply");
  expect(summary).toContain("**not applied**: the plan is not the one that was expected");
  expect(summary).toContain(`expected sha256:${String(expected)}, and the plan is sha256:${String(now)} now`);
  expect(summary).toContain("CREATE ROLE");
});

test("a default branch that moves on while the reviewer looks has the apply refused", async () => {
  await using story = await start({
    meanwhile: async (repository) => commit(repository, { "roles.csv": formatRoles([ro, rw]) }),
  });
  const [run] = await story.dispatch(file, everything, "ada");
  expect([run?.conclusion, outputsOf(run, "apply")["reason-code"]], logOf(run)).toEqual(["failure", "superseded"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("what cannot be planned any more is not applied in part", async () => {
  await using story = await start({
    roles: [ro, "analytics,managed,rw,other,SELECT,"],
    meanwhile: async () => void (await suite.run("postgres", "drop database other")),
  });
  await suite.run("postgres", "create database other");
  const [run] = await story.dispatch(file, everything, "ada");
  expect([run?.conclusion, outputsOf(run, "apply")["reason-code"]], logOf(run)).toEqual(["failure", "plan-failed"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("from another branch nothing is planned, nor applied", async () => {
  await using story = await start();
  story.repository.git.updateRef("refs/heads/feature", story.repository.git.resolve("main") ?? "");
  const [run] = await story.dispatch(file, everything, "ada", "feature");
  expect(run?.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual(["plan failure", "apply skipped"]);
  expect(logOf(run)).toContain("plan runs on main, and this run is of feature");
  expect(outputsOf(run, "plan")).toMatchObject({ "reason-code": "failed", checksum: "" });
  expect(await suite.ourRoles()).toEqual([]);
});

test.each([
  [{ ...rotation, role: "analytics/nobody" }, 'input rotate: no role "nobody" is declared for analytics', "It has: ro"],
  [{ ...rotation, role: "nowhere/ro" }, 'input rotate: there is no resource "nowhere" in the inventory', "It has: analytics, second"],
  [{ ...rotation, role: "" }, 'input rotate: "/" is not resource/label', ""],
  [
    { ...everything, resources: "second, nowhere" },
    'input resources: there is no resource "nowhere" in the inventory',
    "It has: analytics, second",
  ],
])("%j is refused by name", async (inputs, message, hint) => {
  await using story = await start({ resources: ["analytics", "second"] });
  const [run] = await story.dispatch(file, inputs, "ada");
  expect(run?.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual(["plan failure", "apply skipped"]);
  expect(logOf(run)).toContain(message);
  expect(logOf(run)).toContain(hint);
});

test("only the named resources are planned and applied", async () => {
  await using story = await start({ resources: ["analytics", "second"], roles: [ro, "second,managed,ro,app,SELECT,"] });
  const [run] = await story.dispatch(file, { ...everything, resources: "second" }, "ada");
  expect(outputsOf(run, "apply")["reason-code"], logOf(run)).toBe("applied");
  expect(JSON.parse(String(outputsOf(run, "apply")["result"]))).toMatchObject({ resources: [{ name: "second", roles: { success: 1 } }] });
  expect(await suite.ourRoles()).toEqual([expect.stringMatching(/^hoopdev_second_ro_/u)]);
});

/** Commits that say of themselves that they were applied. */
const applied = ({ repository }: Awaited<ReturnType<typeof start>>): readonly string[] =>
  repository.checkRuns.flatMap(({ name, headSha, conclusion }) =>
    name === "rolewright apply (default)" && conclusion === "success" ? headSha : [],
  );

test.each([
  ["everything", everything, 1],
  ["one of two resources", { ...everything, resources: "second" }, 0],
  ["a new password", { ...rotation }, 0],
])("an apply by hand of %s, %j, marks the commit as applied %i times", async (_, inputs, marks) => {
  await using story = await start({ resources: ["analytics", "second"], roles: [ro, "second,managed,ro,app,SELECT,"] });
  const [run] = await story.dispatch(file, inputs, "ada");
  expect(outputsOf(run, "apply")["reason-code"], logOf(run)).toBe("applied");
  expect(applied(story)).toEqual(Array.from({ length: marks }, () => run?.run.headSha));
});

test("what was approved before an apply by hand is applied, and does not cover what is undone after it", async () => {
  let isDown = false;
  const way = await startProxy({ target: () => suite.server().port, onMessage: () => (isDown ? "lose-request" : "pass") });
  await using story = await start({
    files: {
      "inventory.csv": inventory(way.port),
      [applyWorkflowPath]: applyWorkflow(pin).replace("command: apply\n", "command: apply\n          mode: subset\n"),
    },
  });
  const first = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  first.approve("ada");
  isDown = true;
  const [failed] = await first.merge("squash", "ada");
  expect(outputsOf(failed)["reason-code"], logOf(failed)).toBe("plan-failed");
  isDown = false;
  const [byHand] = await story.dispatch(file, everything, "ada");
  expect(outputsOf(byHand, "apply")["reason-code"], logOf(byHand)).toBe("applied");
  const second = await story.openPullRequest({ branch: "words", files: { "README.md": "two\n" }, by: "wen" });
  second.approve("ada");
  await suite.run("app", "revoke select, insert on all tables in schema public from hoopdev_analytics_rw_2c764c3a");
  const [apply] = await second.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("plan-stale-catalog");
  way.close();
});

test("after an apply by hand the plans of open pull requests are stale", async () => {
  await using story = await start();
  const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  const [run] = await story.dispatch(file, everything, "ada");
  expect(outputsOf(run, "apply")["reason-code"], logOf(run)).toBe("applied");
  expect(pull.comments()[0]?.body.split("\n", 1)[0]).toContain("**stale**");
  expect(pull.checkRuns("rolewright plan (default)").at(-1)).toMatchObject({ conclusion: "action_required" });
});

const onPush = (expect: string): string =>
  dispatchWorkflow(pin)
    .replace(/^run-name: .*\n/mu, "")
    .replace(/^on:.*\n[\s\S]*?^permissions/mu, "on:\n  push:\n    branches: [main]\npermissions")
    .replaceAll(/^ +(?:rotate|resources): .*\n/gmu, "")
    .replace("${{ needs.plan.outputs.checksum }}", expect);

test("the same two jobs on a push apply without a pull request, by the checksum alone", async () => {
  await using story = await start({
    roles: [],
    files: { ".github/workflows/rolewright-apply.yml": onPush("${{ needs.plan.outputs.checksum }}") },
  });
  const [run] = await story.push({ "roles.csv": formatRoles([ro]) }, "ada");
  expect(outputsOf(run, "apply")["reason-code"], logOf(run)).toBe("applied");
  expect(await suite.ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443"]);
});

test.each([
  ["", "apply without a pull request's evidence needs `expect`, and it is empty", "failed"],
  [`sha256:${"0".repeat(64)}`, "the plan is not the one that was expected", "plan-stale"],
])("with `expect: %s` nothing is applied", async (expected, message, reason) => {
  await using story = await start({ roles: [], files: { ".github/workflows/rolewright-apply.yml": onPush(`"${expected}"`) } });
  const [run] = await story.push({ "roles.csv": formatRoles([ro]) }, "ada");
  expect([run?.conclusion, outputsOf(run, "apply")["reason-code"]], logOf(run)).toEqual(["failure", reason]);
  expect(`${logOf(run)}\n${summaryOf(run, "apply")}`).toContain(message);
  expect(await suite.ourRoles()).toEqual([]);
});
