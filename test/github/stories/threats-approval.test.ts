// Threats 6, 7, 8 and 17: what nobody has approved, what was approved of another catalog, and what was applied long ago.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { applyWorkflow, applyWorkflowPath } from "../../../src/init/workflows.ts";
import { pin } from "./access-story.ts";
import { githubActionsBot, nextId, timestamp } from "../host/state.ts";
import type { PullRequest } from "./pull-request.ts";
import { change, ro, rw, useAccessStories, type AccessStory } from "./access-suite.ts";
import { logOf, reasonOf } from "./run-facts.ts";
import { planCheck, planCheckOf, workflowOf } from "./threats-suite.ts";

const suite = useAccessStories();
const timeout = 180_000;

async function merged(pull: PullRequest): Promise<readonly [reason: string | undefined, log: string]> {
  const [apply] = await pull.merge("squash", "ada");
  return [reasonOf(apply), logOf(apply)];
}

test.each<[what: string, approve: (pull: PullRequest, story: AccessStory) => void | Promise<unknown>]>([
  ["nobody", () => {}],
  ["the author", (pull) => void pull.approve("wen")],
  ["somebody without write access", (pull) => void pull.approve("mallory")],
  ["somebody who may only read", (pull, { repository }) => (repository.collaborators.set("reader", "read"), void pull.approve("reader"))],
  ["somebody who had write access then", (pull, { repository }) => (pull.approve("ada"), void repository.collaborators.delete("ada"))],
  ["somebody whose approval was dismissed", (pull) => void (pull.approve("ada").state = "DISMISSED")],
  ["somebody who then asked for changes", (pull) => (pull.approve("ada"), void pull.review("ada", "CHANGES_REQUESTED"))],
  ["somebody, while another one asks for changes", (pull) => (pull.approve("ada"), void pull.review("eve", "CHANGES_REQUESTED"))],
  ["somebody who only commented", (pull) => void pull.review("ada", "COMMENTED", "looks good, approved")],
  ["a bot", (pull) => void pull.pull.reviews.push(botReview(pull))],
  ["somebody, before a push", async (pull) => (pull.approve("ada"), await pull.push({ "README.md": "x\n" }, "wen"))],
  [
    "the one who pushed the last commit to somebody else's pull request",
    async (pull) => (await pull.push({ "README.md": "x\n" }, "ada"), pull.approve("ada")),
  ],
])("approved by %s: nothing is applied", { timeout }, async (_, approve) => {
  await using story = await suite.start({ collaborators: ["ada", "wen", "eve"] });
  const pull = await story.openPullRequest(change);
  await approve(pull, story);
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(await suite.ourRoles()).toEqual([]);
});

test.each<[what: string, pusher: string, writer: string]>([
  ["pushed it, while another one opened the pull request and wrote the commit", "eve", "somebody"],
  ["wrote it, while another one pushed it and opened the pull request", "wen", "eve"],
])("whoever %s does not approve it", { timeout }, async (_, pusher, writer) => {
  await using story = await suite.start({ collaborators: ["ada", "wen", "eve"] });
  await story.pushTo(change.branch, change.files, pusher, { writer });
  const pull = await story.openPullRequest({ branch: change.branch, by: "wen" });
  pull.approve("eve");
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(log).toContain("did not open, push or write it");
  expect(await suite.ourRoles()).toEqual([]);
});

test("who pushed a branch that is gone is looked for among all pushes", { timeout }, async () => {
  await using story = await suite.start({ collaborators: ["ada", "wen", "eve"] });
  // A host that lists nothing for a branch that was deleted after the merge.
  story.github.fault({ on: "repos/list-activities", status: 200, body: "[]" });
  await story.pushTo(change.branch, change.files, "eve", { writer: "somebody" });
  const pull = await story.openPullRequest({ branch: change.branch, by: "wen" });
  pull.approve("eve");
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
});

test("where so much was pushed after the head that nobody says who pushed it, nothing is applied", { timeout }, async () => {
  await using story = await suite.start({ collaborators: ["ada", "wen", "eve"] });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const { activities } = story.repository;
  const [made] = activities.filter(({ ref }) => ref === `refs/heads/${change.branch}`);
  if (made === undefined) expect.unreachable("nothing was pushed");
  for (let count = 0; count < 1_000; count += 1) activities.push({ ...made, id: nextId(), after: "f".repeat(40) });
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(log).toContain("so nothing says who pushed it");
  expect(await suite.ourRoles()).toEqual([]);
});

test.each([
  [150, "did not open, push or write it"],
  [1_050, "so nothing says who pushed it"],
])("whoever pushed the head is not forgotten behind %i pushes and one more of the same head", { timeout }, async (count, words) => {
  await using story = await suite.start({ collaborators: ["ada", "wen", "eve"] });
  await story.pushTo(change.branch, change.files, "eve", { writer: "somebody" });
  const pull = await story.openPullRequest({ branch: change.branch, by: "wen" });
  pull.approve("eve");
  const { activities } = story.repository;
  const made = activities.find(({ ref, actor }) => ref === `refs/heads/${change.branch}` && actor.login === "eve");
  if (made === undefined) expect.unreachable("nothing was pushed");
  const later = { ...made, actor: githubActionsBot };
  for (let pushed = 0; pushed < count; pushed += 1) activities.push({ ...later, id: nextId(), after: "f".repeat(40) });
  activities.push({ ...later, id: nextId() });
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(log).toContain(words);
  expect(await suite.ourRoles()).toEqual([]);
});

test("a host that does not tell who pushed counts those for whom the plan ran", { timeout }, async () => {
  await using story = await suite.start();
  story.github.fault({ on: "repos/list-activities", times: 9, status: 404, body: '{"message":"Not Found"}' });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("applied");
});

function botReview(pull: PullRequest): PullRequest["pull"]["reviews"][number] {
  return { id: nextId(), user: githubActionsBot, state: "APPROVED", commit: pull.head(), body: "", submittedAt: timestamp() };
}

test("two approvals are two people", { timeout }, async () => {
  const two = applyWorkflow(pin).replace("command: apply\n", "command: apply\n          min-approvals: 2\n");
  await using story = await suite.start({ files: { [applyWorkflowPath]: two }, collaborators: ["ada", "wen", "eve"] });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  pull.approve("ada");
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  const next = await story.openPullRequest({ branch: "next", files: { "roles.csv": formatRoles([rw]) }, by: "wen" });
  next.approve("ada");
  next.approve("eve");
  const [second, secondLog] = await merged(next);
  expect(second, secondLog).toBe("applied");
});

test("whoever merges, or starts the run again, decides nothing", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const [apply] = await pull.merge("squash", "dependabot[bot]");
  expect(reasonOf(apply), logOf(apply)).toBe("approval-missing");
  const run = story.runs("rolewright-apply.yml").at(-1);
  if (run === undefined) expect.unreachable("there is no run");
  const again = await story.rerun(run, "github-actions[bot]");
  expect(reasonOf(again), logOf(again)).toBe("approval-missing");
  expect(await suite.ourRoles()).toEqual([]);
});

test("a change of the catalog that the plan does not rest on goes through", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await suite.run("postgres", "create role somebody_else login");
  await suite.run("postgres", "create database elsewhere");
  await suite.run("app", "insert into t values (1)");
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("applied");
});

test("a change between the apply's plan and its lock is seen under the lock: refused, and nothing is changed", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  // The evidence is fetched after the apply has planned and before it takes the lock.
  story.github.fault({
    on: "pulls/list-reviews",
    meanwhile: async () => void (await suite.run("app", "create table sneaked_in (a int)")),
  });
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("plan-stale-catalog");
  expect(await suite.ourRoles()).toEqual([]);
  expect(pull.comments().at(-1)?.body).toContain("refused");
});

test("a merge between the apply's plan and its lock is seen under the lock: the older commit applies nothing", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const { git, defaultBranch } = story.repository;
  // Without an event, so that no newer run gets in the way.
  story.github.fault({ on: "pulls/list-reviews", meanwhile: () => moveOn(git, defaultBranch) });
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["success", "superseded"]);
  expect(await suite.ourRoles()).toEqual([]);
  expect(pull.comments().at(-1)?.body).toContain("main is at ");
});

test("the run of an older commit, started again, brings nothing back", { timeout }, async () => {
  await using story = await suite.start();
  const first = await story.openPullRequest(change);
  first.approve("ada");
  expect((await merged(first))[0]).toBe("applied");
  const old = story.runs("rolewright-apply.yml").at(-1);
  if (old === undefined) expect.unreachable("there is no run");
  const less = formatRoles([ro, "analytics,managed,rw,app,SELECT,"]);
  const second = await story.openPullRequest({ branch: "less", files: { "roles.csv": less }, by: "wen" });
  second.approve("ada");
  expect((await merged(second))[0]).toBe("applied");
  const before = await grants();
  const again = await story.rerun(old, "wen");
  expect([again.conclusion, reasonOf(again)], logOf(again)).toEqual(["success", "superseded"]);
  expect(await grants()).toEqual(before);
});

test("the newest run, started again, finds nothing to do", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  expect((await merged(pull))[0]).toBe("applied");
  const run = story.runs("rolewright-apply.yml").at(-1);
  if (run === undefined) expect.unreachable("there is no run");
  const comments = pull.comments().length;
  const again = await story.rerun(run, "wen");
  expect([again.conclusion, reasonOf(again)], logOf(again)).toEqual(["success", "no-changes"]);
  expect(pull.comments()).toHaveLength(comments);
});

/** "Re-run all jobs" of the newest plan, by somebody who may write. */
async function planAgain(story: AccessStory): Promise<void> {
  // The host's times have whole seconds.
  await sleep(1_100);
  const run = story.runs("rolewright-plan.yml").at(-1);
  if (run === undefined) expect.unreachable("there is no run");
  expect((await story.rerun(run, "wen")).conclusion).toBe("success");
}

test("an approval of another plan, made and gone between two that are the same, is not of these", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  await suite.server().run("app", "create table later (a int)");
  await planAgain(story);
  pull.approve("ada");
  await suite.server().run("app", "drop table later");
  await planAgain(story);
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(log).toContain("before this plan was made");
  expect(await suite.ourRoles()).toEqual([]);
});

test("the check run of an older plan, posted again, makes it no newer: the plan that was read last counts", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const { conclusion, externalId, text } = planCheckOf(pull);
  await suite.server().run("app", "create table later (a int)");
  await sleep(1_100);
  // Another run for the same head, with another plan.
  await pull.close();
  await pull.reopen();
  await sleep(1_100);
  pull.approve("ada");
  await suite.server().run("app", "drop table later");
  await workflowOf(story, { checks: "write" })("POST", "check-runs", {
    name: planCheck,
    head_sha: pull.head(),
    status: "completed",
    conclusion,
    external_id: externalId,
    output: { title: "", summary: "", text },
  });
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("plan-stale-catalog");
  expect(await suite.ourRoles()).toEqual([]);
});

test("a plan made again after its approval, of a catalog that changed meanwhile, needs an approval of its own", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await suite.run("app", "create table later (a int)");
  await planAgain(story);
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
  expect(log).toContain("before this plan was made");
  expect(await suite.ourRoles()).toEqual([]);
});

test("a plan made again that is still the same keeps its approval", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await planAgain(story);
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("applied");
});

test("an approval from before there was a plan to look at does not count", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  Object.assign(pull.approve("ada"), { submittedAt: "2026-01-01T00:00:00Z" });
  const [reason, log] = await merged(pull);
  expect(reason, log).toBe("approval-missing");
});

async function grants(): Promise<readonly unknown[]> {
  return suite.run("app", "select relname, relacl::text from pg_class where relname in ('t', 'u') order by 1");
}

/** Another commit on the branch that declares the same. */
function moveOn(git: AccessStory["repository"]["git"], branch: string): void {
  const parent = git.resolve(branch) ?? "";
  const author = { name: "ada", email: "ada@test.invalid", date: "" };
  const commit = git.writeCommit({ tree: git.writeFiles(parent, { "README.md": "more\n" }), parents: [parent], message: "more", author });
  git.updateRef(`refs/heads/${branch}`, commit);
}
