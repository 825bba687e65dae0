// Comments are for people, and people may forge, edit and delete them; hosts answer late, twice or not at all. None of it decides anything,
// and there is one comment of ours.
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { planWorkflow, planWorkflowPath, applyWorkflow, applyWorkflowPath } from "../../../src/init/workflows.ts";
import { formatMarker, parseMarker } from "../../../src/review/comment-marker.ts";
import { pin } from "./access-story.ts";
import { badGateway, secondaryLimit } from "../host/faults.ts";
import { githubActions, type Comment } from "../host/state.ts";
import type { PullRequest } from "./pull-request.ts";
import { change, ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, reasonOf, stepOf } from "./run-facts.ts";
import { lastPlan, workflowOf } from "./threats-suite.ts";

const suite = useAccessStories();
const timeout = 180_000;
const again = { "roles.csv": formatRoles([ro, "analytics,managed,rw,app,SELECT;INSERT;DELETE,"]) };

const ours = (pull: PullRequest): readonly Comment[] => pull.comments().filter(({ app }) => app?.id === githubActions.id);
const isPlan = ({ body }: Comment): boolean => body.startsWith("### PostgreSQL access plan");

function markerFor(pull: PullRequest): string {
  return formatMarker({
    env: "default",
    pr: pull.number,
    head: pull.head(),
    checksum: "0".repeat(64),
    catalog: "0".repeat(64),
    declared: "0".repeat(64),
  });
}

test("an outsider's comment with our marker, written first, is neither edited nor believed", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  story.repository.comments.splice(0);
  const forged = pull.comment("mallory", `Approved and safe.\n\n${markerFor(pull)}`);
  await pull.push(again, "wen");
  expect(forged.body).toContain("Approved and safe.");
  expect(ours(pull)).toHaveLength(1);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("applied");
  expect(forged.body).toContain("Approved and safe.");
  expect(ours(pull).filter(isPlan)[0]?.body.split("\n", 1)[0]).toContain("[applied]");
});

test("another app's comment with our marker is not taken for ours", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const [plan] = ours(pull);
  const forged = pull.comment("other[bot]", plan?.body ?? "");
  Object.assign(forged, { app: { id: 999, slug: "other", name: "Other" } });
  const before = forged.body;
  await pull.push(again, "wen");
  expect(forged.body).toBe(before);
  expect(plan?.body).not.toBe(before);
});

test("our comment, edited by somebody who may write, decides nothing; the next plan writes it anew", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const [plan] = ours(pull);
  if (plan === undefined) expect.unreachable("there is no comment");
  plan.body = `### All is well @everyone\n\n${markerFor(pull)}`;
  await pull.push(again, "wen");
  expect(plan.body).not.toContain("@everyone");
  plan.body = plan.body.replaceAll(/[0-9a-f]{12,}/gu, "0".repeat(12));
  pull.approve("ada");
  await suite.run("app", "create table later (a int)");
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("plan-stale-catalog");
  expect(await suite.ourRoles()).toEqual([]);
});

test(
  "our comment, edited into one without a marker or of another pull request, is left, and a new one is written",
  { timeout },
  async () => {
    await using story = await suite.start();
    const pull = await story.openPullRequest(change);
    const [plan] = ours(pull);
    if (plan === undefined) expect.unreachable("there is no comment");
    plan.body = plan.body.replace(/<!-- rolewright .*$/u, "");
    await pull.push(again, "wen");
    expect(ours(pull)).toHaveLength(2);
    const second = ours(pull)[1];
    if (second === undefined) expect.unreachable("there is no second comment");
    second.body = `x\n\n${formatMarker({ env: "default", pr: 99, head: "", checksum: "", catalog: "", declared: "" })}`;
    await pull.push({ "roles.csv": formatRoles([rw]) }, "wen");
    expect(ours(pull)).toHaveLength(3);
    expect(second.body).toContain("x\n");
  },
);

test("of two comments of ours the newest is edited, and the older one folded away", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const [plan] = ours(pull);
  const comment = workflowOf(story, { "pull-requests": "write" });
  await comment("POST", `issues/${pull.number}/comments`, { body: plan?.body });
  await pull.push(again, "wen");
  const [first, second, ...more] = ours(pull);
  expect(more).toEqual([]);
  expect(first?.minimized).toBe(true);
  expect([second?.minimized, second?.body === first?.body]).toEqual([false, false]);
  expect(parseMarker(second?.body ?? "")?.head).toBe(pull.head());
});

test("a deleted comment is written anew", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  story.repository.comments.splice(0);
  await pull.push(again, "wen");
  expect(ours(pull)).toHaveLength(1);
});

test("our comment is found behind 44 others, over pages as small as the host likes", { timeout }, async () => {
  await using story = await suite.start({ host: { largestPage: 10 } });
  const pull = await story.openPullRequest({ branch: "chatty", files: { "README.md": "x\n" }, by: "wen" });
  story.repository.comments.splice(0);
  for (let index = 0; index < 22; index += 1) pull.comment("mallory", `first ${index}\n\n${markerFor(pull)}`);
  await pull.push(change.files, "wen");
  for (let index = 0; index < 22; index += 1) pull.comment("mallory", `later ${index}\n\n${markerFor(pull)}`);
  const [plan] = ours(pull);
  const before = plan?.body;
  await pull.push(again, "wen");
  expect(ours(pull)).toHaveLength(1);
  expect(plan?.body).not.toBe(before);
});

test.each([
  ["a gateway that gives up before the comment is made", badGateway("issues/create-comment")],
  ["a gateway that gives up twice", badGateway("issues/create-comment", 2)],
  ["a connection that breaks before the comment is made", { on: "issues/create-comment", drop: "before" as const }],
  ["an answer that is lost after the comment was made", { on: "issues/create-comment", drop: "after" as const }],
  ["a secondary rate limit", secondaryLimit("issues/create-comment", 1)],
])("%s leaves one comment, also after the next plan", { timeout }, async (_, fault) => {
  await using story = await suite.start();
  story.github.fault(fault);
  const pull = await story.openPullRequest(change);
  const plan = await lastPlan(story);
  expect(plan?.conclusion, logOf(plan)).toBe("success");
  expect(ours(pull)).toHaveLength(1);
  await pull.push(again, "wen");
  expect(ours(pull)).toHaveLength(1);
});

test("a gateway that never comes back fails the plan, and the one after heals it", { timeout }, async () => {
  await using story = await suite.start();
  story.github.fault(badGateway("issues/create-comment", 4));
  const pull = await story.openPullRequest(change);
  const plan = await lastPlan(story);
  expect(plan?.conclusion).toBe("failure");
  expect(ours(pull)).toEqual([]);
  await pull.push(again, "wen");
  expect(ours(pull)).toHaveLength(1);
});

test("a report whose answer is lost is written once, and what was applied is applied", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  story.github.fault({ on: "issues/create-comment", drop: "after" });
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("applied");
  expect(ours(pull)).toHaveLength(2);
});

test("a host that learns late which pull request a commit came from is waited for", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  story.github.delayAssociation(3);
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("applied");
});

test("a pull request of a merge queue that the host learns of late does not escape its approval", { timeout }, async () => {
  await using story = await suite.start();
  const first = await story.openPullRequest(change);
  const second = await story.openPullRequest({ branch: "other", files: { "README.md": "two\n" }, by: "wen" });
  second.approve("ada");
  // The first answers about the group's commits are empty, also about the one that nobody has approved.
  story.github.delayAssociation(1);
  const { runs } = await story.mergeQueue([first, second], "ada");
  expect(reasonOf(runs[2]), logOf(runs[2])).toBe("approval-missing");
  expect(await suite.ourRoles()).toEqual([]);
});

test("GitHub Enterprise Server is asked below /api/v3", { timeout }, async () => {
  await using story = await suite.start({ host: { flavor: "ghes" } });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("applied");
  expect(ours(pull).filter(isPlan)).toHaveLength(1);
  expect(story.github.log.every(({ path }) => path.startsWith("/api/"))).toBe(true);
});

test.each([
  ["checks", "checks: write"],
  ["pull-requests", "pull-requests: write"],
])("a plan whose token lacks %s says which permission to give", { timeout }, async (scope, permission) => {
  const without = planWorkflow(pin).replace(new RegExp(` +${scope}: write.*\\n`, "u"), "");
  await using story = await suite.start({ files: { [planWorkflowPath]: without } });
  await story.openPullRequest(change);
  const plan = await lastPlan(story);
  expect(plan?.conclusion).toBe("failure");
  expect(stepOf(plan)?.log).toContain(permission);
});

test.each(["github", "ghes"] as const)(
  "an apply on %s whose token lacks a permission names it and applies nothing",
  { timeout },
  async (flavor) => {
    const without = applyWorkflow(pin).replace(/ +pull-requests: write.*\n/u, "");
    await using story = await suite.start({ host: { flavor }, files: { [applyWorkflowPath]: without } });
    const pull = await story.openPullRequest(change);
    pull.approve("ada");
    const [apply] = await pull.merge("squash", "ada");
    expect(apply?.conclusion).toBe("failure");
    expect(stepOf(apply)?.log).toMatch(/permissions: \{ pull-requests: (?:read|write) \}/u);
    expect(await suite.ourRoles()).toEqual([]);
  },
);

test("an apply that may not look up runs names the permission and applies nothing", { timeout }, async () => {
  const without = applyWorkflow(pin).replace(/ +actions: read.*\n/u, "");
  await using story = await suite.start({ files: { [applyWorkflowPath]: without } });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "evidence-untrusted"]);
  expect(stepOf(apply)?.log).toContain("actions: read");
  expect(await suite.ourRoles()).toEqual([]);
});
