// Plans on pull requests: what reviewers see, what an apply may trust, and what nobody may make rolewright do.
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import { pin } from "./access-story.ts";
import { ro, rw, useAccessStories } from "./access-suite.ts";

const suite = useAccessStories();

const start = (roles: readonly string[], inputs: readonly string[] = []) =>
  suite.start({ roles, files: { [planWorkflowPath]: planWith(inputs) } });

/** The shipped workflow with more inputs. */
function planWith(inputs: readonly string[]): string {
  return planWorkflow(pin).replace(
    "          command: plan\n",
    ["          command: plan", ...inputs.map((line) => `          ${line}`), ""].join("\n"),
  );
}

test("a pull request gets one comment, one check run with the checksum, a summary and outputs", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  const [run] = story.runs("rolewright-plan.yml");
  const [record] = await story.executor.settle();
  expect(run?.conclusion, JSON.stringify(record?.jobs, null, 1)).toBe("success");
  const [check] = pull.checkRuns("rolewright plan (default)");
  expect(check).toMatchObject({ conclusion: "success", externalId: expect.stringMatching(/^v1:sha256:[0-9a-f]{64}$/u) });
  const [comment, ...others] = pull.comments();
  expect(others).toEqual([]);
  expect(comment?.body).toContain("hoopdev_analytics_rw_2c764c3a");
  expect(comment?.body).toContain("2 roles to create");
  expect(await suite.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  expect(story.github.count()).toBeLessThanOrEqual(15);
});

test("a push edits the comment in place", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  await pull.push({ "roles.csv": formatRoles([ro, rw, "analytics,external,ext,,,pg_monitor"]) });
  expect(pull.comments().map(({ body }) => body.split("\n", 1)[0])).toEqual([expect.stringContaining("3 roles to create")]);
});

test("comment: recreate writes a new comment and folds the old one away", async () => {
  await using story = await start([ro], ["comment: recreate"]);
  const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  await pull.push({ "roles.csv": formatRoles([rw]) });
  expect(pull.comments().map(({ minimized }) => minimized)).toEqual([true, false]);
});

test("comment: changes-only says nothing where nothing changes, and comment: none never does", async () => {
  await using story = await start([], ["comment: changes-only"]);
  const quiet = await story.openPullRequest({ branch: "quiet", files: { "README.md": "x\n" }, by: "wen" });
  expect(quiet.comments()).toEqual([]);
  expect(quiet.checkRuns("rolewright plan (default)")).toMatchObject([{ conclusion: "success" }]);
  await quiet.push({ "roles.csv": formatRoles([ro]) });
  expect(quiet.comments()).toHaveLength(1);
  await quiet.push({ "roles.csv": formatRoles([]) });
  expect(quiet.comments().map(({ body }) => body.split("\n", 1)[0])).toEqual([expect.stringContaining("no changes")]);
});

test("bad input is a failure with annotations at its lines, and the comment lists all of it", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest({
    branch: "bad",
    files: { "roles.csv": formatRoles(["analytics,managed,ro,app,SELEKT,", "nowhere,managed,rw,app,SELECT,"]) },
    by: "wen",
  });
  const [record] = await story.executor.settle();
  expect(record?.conclusion).toBe("failure");
  const annotations = record?.jobs[0]?.steps.flatMap(({ result }) => result?.annotations ?? []) ?? [];
  expect(annotations.filter(({ properties }) => properties["file"] === "roles.csv").map(({ properties }) => properties["line"])).toEqual([
    "2",
    "3",
  ]);
  expect(pull.checkRuns("rolewright plan (default)")).toMatchObject([{ conclusion: "failure", externalId: "" }]);
  expect(pull.comments()[0]?.body).toContain("SELEKT");
  expect(await suite.run("postgres", "select from pg_stat_activity where application_name like 'rolewright%'")).toEqual([]);
});

test(
  "20 resources with 50 role specs each are one comment of at most 60,000 bytes, one check run, and at most 15 requests",
  { timeout: 120_000 },
  async () => {
    const resources = Array.from({ length: 20 }, (_, index) => `cluster-${index}`);
    const roles = resources.flatMap((name) => Array.from({ length: 50 }, (_, index) => `${name},managed,role${index},app,SELECT;INSERT,`));
    await using story = await suite.start({ resources, roles: [] });
    const pull = await story.openPullRequest({ branch: "many", files: { "roles.csv": formatRoles(roles) }, by: "wen" });
    const [record] = await story.executor.settle();
    expect(record?.conclusion, JSON.stringify(record?.jobs[0]?.steps.map(({ log }) => log))).toBe("success");
    const [comment, ...others] = pull.comments();
    expect([others, pull.checkRuns("rolewright plan (default)").length]).toEqual([[], 1]);
    expect(Buffer.byteLength(comment?.body ?? "")).toBeLessThanOrEqual(60_000);
    expect(comment?.body).toContain("1,000 roles to create".replace(",", ""));
    expect(story.github.count()).toBeLessThanOrEqual(15);
  },
);
