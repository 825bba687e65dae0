// Which check runs are a plan that an apply may trust, and why the others are not.
import { expect, test } from "vitest";
import { evidenceDigest } from "../../../src/trust/evidence.ts";
import {
  judgeCheck,
  noticeTitle,
  readCheck,
  type CheckFacts,
  type Expected,
  type JobFacts,
  type RunFacts,
} from "../../../src/trust/judge-check.ts";
import { check, checkOf, evidence, expected, head, run } from "./evidence.fixture.ts";

const other = "9".repeat(40);
const digest = evidenceDigest(check.text);
const otherDigest = `sha256:${"0".repeat(64)}`;
/** A job of an attempt that printed this. */
const job = (attempt: number, notices: readonly string[], name = "plan"): JobFacts => ({
  name,
  attempt,
  notices,
  endedAt: "2026-01-01T12:00:00Z",
});
const printed = (...messages: readonly string[]): RunFacts["jobs"] => messages.map((message, index) => job(1, [message], `plan ${index}`));

test("the plan of a pull request that everything agrees on is trusted", () => {
  expect(judgeCheck(check, run, expected)).toEqual({ evidence });
});

test("the plan of a merge group is trusted for the commit that the queue pushed", () => {
  const group: Expected = { ...expected, origin: { event: "merge_group", baseBranch: "main" } };
  const queued: RunFacts = { ...run, event: "merge_group", headBranch: `gh-readonly-queue/main/pr-1-${other}` };
  expect(judgeCheck(check, queued, group)).toEqual({ evidence });
  expect(judgeCheck(check, { ...queued, headBranch: "gh-readonly-queue/evil/pr-1" }, group)).toEqual({
    problem: expect.stringContaining("for the branch"),
  });
});

test("the same notice in several jobs is one notice", () => {
  expect(judgeCheck(check, { ...run, jobs: printed(digest, digest) }, expected)).toEqual({ evidence });
});

test.each<[attack: string, problem: string, check: Partial<CheckFacts>]>([
  ["another app made it", "made by another app", { appId: 999 }],
  ["no app made it", "made by another app", { appId: null }],
  ["it is for another commit", "is for another commit", { headSha: other }],
  ["the plan failed", 'the plan ended with "failure"', { conclusion: "failure" }],
  ["the plan was marked as stale", 'the plan ended with "action_required"', { conclusion: "action_required" }],
  ["the plan has not ended", "the plan ended with null", { conclusion: null }],
  ["it carries nothing", "carries no plan", { text: "" }],
  ["it carries something else", "carries no plan", { text: "<!-- rolewright-evidence v1 AAAA -->" }],
  ["its external_id is another checksum", "contradicts itself", { externalId: `v1:sha256:${"0".repeat(64)}` }],
  ["it has no external_id", "contradicts itself", { externalId: "" }],
  ["its evidence is of another commit", "was made for another commit", checkOf({ ...evidence, head: other })],
  ["its evidence is of another environment", 'of the environment "staging"', checkOf({ ...evidence, environment: "staging" })],
])("before any run is asked for: %s", (_, problem, changed) => {
  const forged = { ...check, ...changed };
  expect(readCheck(forged, expected)).toEqual({ problem: expect.stringContaining(problem) });
  expect(judgeCheck(forged, run, expected)).toEqual({ problem: expect.stringContaining(problem) });
});

test.each<[attack: string, problem: string, run: Partial<RunFacts> | null]>([
  ["there is no such run", "names no workflow run", null],
  ["another workflow ran", "a run of the workflow", { path: ".github/workflows/evil.yml" }],
  ["it ran on a push", 'ran on "push"', { event: "push" }],
  ["it ran on pull_request_target", 'ran on "pull_request_target"', { event: "pull_request_target" }],
  ["it ran on workflow_dispatch", 'ran on "workflow_dispatch"', { event: "workflow_dispatch" }],
  ["it ran in a merge queue", 'ran on "merge_group"', { event: "merge_group" }],
  ["it ran for another commit", "ran for another commit", { headSha: other }],
  ["it ran for a fork", "ran for a fork", { headRepositoryId: 2 }],
  ["it ran for a fork that is gone", "ran for a fork", { headRepositoryId: null }],
  ["it ran for another branch", 'ran for the branch "evil"', { headBranch: "evil" }],
  ["it failed", 'ended with "failure"', { conclusion: "failure" }],
  ["it is still running", "ended with null", { conclusion: null }],
  ["it printed nothing", "has printed no evidence", { jobs: [job(1, [])] }],
  ["its jobs are not listed", "lists no job of the last attempt", { jobs: [] }],
  ["it printed other evidence", "is not what the run", { jobs: printed(otherDigest) }],
  ["somebody printed a second one", "contradicting evidence", { jobs: printed(digest, otherDigest) }],
  ["an empty notice", "is not what the run", { jobs: printed("") }],
  ["it printed so before it was started again", "lists no job of the last attempt", { attempt: 2 }],
  ["its job was started again and printed nothing", "has printed no evidence", { attempt: 2, jobs: [job(1, [digest]), job(2, [])] }],
  [
    "its job was started again and printed something else",
    "is not what the run",
    { attempt: 2, jobs: [job(1, [digest]), job(2, [otherDigest])] },
  ],
  [
    "another job was started again and printed something else",
    "contradicting evidence",
    { attempt: 2, jobs: [job(1, [digest]), job(2, [otherDigest], "other")] },
  ],
])("of the run that it names: %s", (_, problem, changed) => {
  expect(judgeCheck(check, changed === null ? null : { ...run, ...changed }, expected)).toEqual({
    problem: expect.stringContaining(problem),
  });
});

test("a plan that says other things than its run has printed is not trusted, whatever it changes", () => {
  for (const forged of [
    { ...evidence, checksum: "0".repeat(64) },
    { ...evidence, catalog: "0".repeat(64) },
    { ...evidence, unconnected: ["analytics"] },
    { ...evidence, roles: [{ resource: "analytics", role: "x", checksum: "", statements: ["1".repeat(32)] }] },
    { ...evidence, roles: null },
  ])
    expect(judgeCheck(checkOf(forged), run, expected)).toEqual({ problem: "the check run is not what the run that it names has printed" });
});

test("a run that was started again counts by its last attempt", () => {
  const jobs = [job(3, [digest]), job(1, [otherDigest]), job(2, [digest]), job(1, [digest])];
  expect(judgeCheck(check, { ...run, attempt: 3, jobs }, expected)).toEqual({ evidence });
});

test("where only other jobs were started again, what the plan's job has printed still stands", () => {
  const jobs = [job(1, [digest]), job(1, [], "lint"), job(2, [], "lint")];
  expect(judgeCheck(check, { ...run, attempt: 2, jobs }, expected)).toEqual({ evidence });
});

test("an environment's notices have a title of their own", () => {
  expect(noticeTitle("prod")).not.toBe(noticeTitle("default"));
  expect(head).toHaveLength(40);
});
