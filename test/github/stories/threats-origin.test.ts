// Threats 1, 2 and 4: files of strangers, events that mix them with secrets, and pull requests that change what makes or guards the plan.
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { startListener } from "../../support/listener.ts";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import { inventory, loginsOf, pin, planner } from "./access-story.ts";
import { change, ro, rw, useAccessStories, type AccessStory } from "./access-suite.ts";
import { logOf, reasonOf, stepOf } from "./run-facts.ts";
import { lastPlan, planCheck, recordsOf } from "./threats-suite.ts";

const suite = useAccessStories();
const timeout = 180_000;
const strangers = { ...change, by: "mallory", fork: "mallory/access" };

/** A repository whose only server is one where nobody may knock. */
async function trapped(files: Readonly<Record<string, string>> = {}) {
  const trap = await startListener();
  const story = await suite.start({ files: { "inventory.csv": inventory(trap.port), ...files } });
  return { trap, story };
}

test("a fork's pull request is validated only: no server, no secret, no comment, and no failure", { timeout }, async () => {
  const { trap, story: opened } = await trapped();
  await using story = opened;
  const pull = await story.openPullRequest(strangers);
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["success", "offline-only"]);
  expect(trap.connections()).toBe(0);
  expect([pull.comments(), pull.checkRuns(planCheck)]).toEqual([[], []]);
  expect(stepOf(plan)?.summary).toContain("no server was asked");
  expect(`${stepOf(plan)?.printed} ${stepOf(plan)?.summary}`).not.toContain(planner.password);
  expect(writes(story)).toEqual([]);
  trap[Symbol.dispose]();
});

test("a fork's pull request with errors in its files fails with annotations, and with nothing else", { timeout }, async () => {
  const { trap, story: opened } = await trapped();
  await using story = opened;
  const pull = await story.openPullRequest({ ...strangers, files: { "roles.csv": formatRoles(["nowhere,managed,ro,app,SELECT,"]) } });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["failure", "invalid"]);
  expect(stepOf(plan)?.annotations[0]?.properties["file"]).toBe("roles.csv");
  expect([trap.connections(), pull.comments(), writes(story)]).toEqual([0, [], []]);
  trap[Symbol.dispose]();
});

test("a fork that changes the workflow gets a token that only reads and no secret, and its merge is refused", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest({
    ...strangers,
    files: {
      ...change.files,
      [planWorkflowPath]: planWorkflow(pin).replace("command: plan", "command: plan\n          evidence: none"),
    },
  });
  const plan = await lastPlan(story);
  expect(reasonOf(plan), logOf(plan)).toBe("offline-only");
  expect(writes(story)).toEqual([]);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-missing"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("a fork's pull request that was approved and merged is not applied: nobody has seen a plan of it", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(strangers);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-missing"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test.each([
  ["with roles", [ro, rw]],
  ["without one", []],
])("a run that gets no login, such as Dependabot's, has a failed check and no evidence, %s", { timeout }, async (_, roles) => {
  await using story = await suite.start({ environments: { "rolewright-plan": { secrets: {} } }, roles });
  const pull = await story.openPullRequest({ branch: "bump", files: { "README.md": "x\n" }, by: "wen" });
  const plan = await lastPlan(story);
  expect([plan?.conclusion, reasonOf(plan)], logOf(plan)).toEqual(["failure", "plan-failed"]);
  expect(logOf(plan)).toContain("this run has no login for any server");
  expect(logOf(plan)).toContain("ROLEWRIGHT_PLANNER_CSV: it is empty");
  expect(pull.checkRuns(planCheck)).toMatchObject([{ conclusion: "failure", externalId: "" }]);
  expect(pull.comments()[0]?.body.split("\n", 1)[0]).toContain("**validated only**");
});

test("pull_request_target is refused before anything is read or asked", { timeout }, async () => {
  const { trap, story: opened } = await trapped({
    [planWorkflowPath]: planWorkflow(pin).replace("  pull_request:\n", "  pull_request_target:\n"),
    "roles.csv": "this is no file of roles\n",
  });
  await using story = opened;
  const pull = await story.openPullRequest({ ...strangers, files: { "inventory.csv": "nonsense\n" } });
  const plan = await lastPlan(story);
  expect(plan?.conclusion).toBe("failure");
  expect(stepOf(plan)?.log).toContain("does not run on pull_request_target");
  // Neither the files nor the host.
  expect(stepOf(plan)?.log).not.toContain("roles.csv");
  expect([trap.connections(), pull.comments(), story.github.count()]).toEqual([0, [], 0]);
  trap[Symbol.dispose]();
});

test.each<[what: string, files: Readonly<Record<string, string | null>>, start?: Readonly<Record<string, string>>]>([
  ["the plan's workflow", { [planWorkflowPath]: `${planWorkflow(pin)}\n# harmless\n` }],
  ["another workflow", { ".github/workflows/evil.yml": "on: push\njobs: {x: {runs-on: ubuntu-24.04, steps: [{run: 'true'}]}}\n" }],
  ["a local action", { ".github/actions/x/action.yml": "name: x\n" }],
  ["CODEOWNERS", { CODEOWNERS: "* @mallory\n" }],
  ["CODEOWNERS in docs", { "docs/CODEOWNERS": "* @mallory\n" }],
  ["CODEOWNERS in .github", { ".github/CODEOWNERS": "* @mallory\n" }],
  ["CODEOWNERS, which it takes away", { CODEOWNERS: null }, { CODEOWNERS: "* @ada\n" }],
  [
    "CODEOWNERS, which it renames",
    { CODEOWNERS: null, "OWNERS.txt": "* @ada\n# long enough to be seen as the same file\n" },
    { CODEOWNERS: "* @ada\n# long enough to be seen as the same file\n" },
  ],
  ["a workflow of Gitea", { ".gitea/workflows/plan.yml": "on: push\n" }],
  ["a workflow of Forgejo", { ".forgejo/workflows/plan.yml": "on: push\n" }],
])("a pull request that changes %s, too, is planned, and its merge is refused", { timeout }, async (_, files, startFiles = {}) => {
  await using story = await suite.start({ files: startFiles });
  const pull = await story.openPullRequest({ ...change, files: { ...change.files, ...files } });
  pull.approve("ada");
  const apply = (await pull.merge("squash", "ada")).find(({ file }) => file === "rolewright-apply.yml");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-untrusted"]);
  expect(await suite.ourRoles()).toEqual([]);
  expect(pull.comments().at(-1)?.body).toContain("not applied");
});

test("a workflow that is changed and changed back leaves no plan of the changed one behind", { timeout }, async () => {
  await using story = await suite.start();
  const evil = planWorkflow(pin).replace("    steps:\n", "    steps:\n      - run: 'true'\n");
  const pull = await story.openPullRequest({ ...change, files: { ...change.files, [planWorkflowPath]: evil } });
  const [first] = await recordsOf(story, "rolewright-plan.yml");
  expect(first?.conclusion).toBe("success");
  // The plan of the head with the changed workflow is of another commit.
  await pull.push({ [planWorkflowPath]: planWorkflow(pin) }, "wen");
  story.repository.checkRuns.splice(
    story.repository.checkRuns.findLastIndex(({ name }) => name === planCheck),
    1,
  );
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-missing"]);
  expect(await suite.ourRoles()).toEqual([]);
});

test("a host that lists fewer files than there are hides nothing: GitHub stops at 3,000", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  story.github.fault({ on: "pulls/list-files", status: 200, body: "[]" });
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-untrusted"]);
  expect(logOf(apply)).toContain("more files than the host lists");
  expect(await suite.ourRoles()).toEqual([]);
});

test("an apply runs on the default branch only, and on nothing but a push to it", { timeout }, async () => {
  const everywhere = applyWorkflow(pin).replace("    branches: [main]\n", "    branches: ['**']\n");
  await using story = await suite.start({
    files: { [applyWorkflowPath]: everywhere },
    // Somebody has forgotten to keep the environment to the default branch.
    environments: { "rolewright-apply": { secrets: { ROLEWRIGHT_ADMIN_CSV: loginsOf(suite.server(), ["analytics"]) } } },
  });
  const [record] = (await story.pushTo("evil", { "roles.csv": formatRoles([ro, rw]) }, "wen")).filter(
    ({ file }) => file === "rolewright-apply.yml",
  );
  expect(record?.conclusion).toBe("failure");
  expect(logOf(record)).toContain("apply runs on main");
  expect(await suite.ourRoles()).toEqual([]);
});

function writes(story: AccessStory): readonly string[] {
  return story.github.log.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
}
