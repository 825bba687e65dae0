// Whether a check run is the plan of a pull request: made by the same app as this very run, by the plan workflow, for exactly this head,
// in this repository and not in a fork. A check run proves nothing by itself: every workflow of the repository, on any branch, acts as the
// same app and may make or change one. So the run that it names has to have printed the digest of its text, which only that run can do.
// Whoever may change the workflow could make any evidence all the same: see guarded-paths.ts and base-branch.ts.
import { evidenceDigest, parseEvidence, type Evidence } from "./evidence.ts";

export type CheckFacts = {
  readonly appId: number | null;
  readonly headSha: string;
  readonly conclusion: string | null;
  readonly externalId: string;
  readonly text: string;
};

export type RunFacts = {
  readonly event: string;
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepositoryId: number | null;
  /** The last one; the conclusion is its. */
  readonly attempt: number;
  readonly conclusion: string | null;
  /** Of all attempts. */
  readonly jobs: readonly JobFacts[];
};

export type JobFacts = {
  readonly name: string;
  /** Of the run, from 1. */
  readonly attempt: number;
  /** RFC 3339; `null` while it runs. */
  readonly endedAt: string | null;
  /** What it has printed under {@link noticeTitle}. */
  readonly notices: readonly string[];
};

export type Expected = {
  readonly appId: number;
  readonly repositoryId: number;
  readonly planWorkflow: string;
  readonly environment: string;
  readonly head: string;
  /** A pull request's plan ran for its branch, a merge queue's for a branch that only the queue makes. */
  readonly origin:
    | { readonly event: "pull_request"; readonly branch: string }
    | { readonly event: "merge_group"; readonly baseBranch: string };
};

export type CheckVerdict = { readonly evidence: Evidence } | { readonly problem: string };

/** The `external_id` of a plan's check run. */
export function externalIdOf(checksum: string): string {
  return `v1:sha256:${checksum}`;
}

/** Under which a plan prints the digest of its evidence, as a notice of its run. */
export function noticeTitle(environment: string): string {
  return `rolewright evidence (${environment})`;
}

/** What can be said without asking for the run. @returns the evidence that the check carries, not to be trusted yet. */
export function readCheck(check: CheckFacts, expected: Expected): CheckVerdict {
  const evidence = parseEvidence(check.text);
  if (check.appId !== expected.appId) return { problem: "the check run was made by another app than this run" };
  if (check.headSha !== expected.head) return { problem: "the check run is for another commit" };
  if (check.conclusion !== "success") return { problem: `the plan ended with ${JSON.stringify(check.conclusion)}` };
  if (evidence === null) return { problem: "the check run carries no plan" };
  if (check.externalId !== externalIdOf(evidence.checksum)) return { problem: "the check run contradicts itself about its checksum" };
  if (evidence.head !== expected.head) return { problem: "the plan was made for another commit" };
  if (evidence.environment !== expected.environment)
    return { problem: `the plan is of the environment ${JSON.stringify(evidence.environment)}` };
  return { evidence };
}

/** @param run the one that the evidence names, `null` where this repository has none. */
export function judgeCheck(check: CheckFacts, run: RunFacts | null, expected: Expected): CheckVerdict {
  const read = readCheck(check, expected);
  if ("problem" in read) return read;
  const problem = run === null ? "the check run names no workflow run of this repository" : problemOfRun(run, check, expected);
  return problem === null ? read : { problem };
}

function problemOfRun(run: RunFacts, check: CheckFacts, expected: Expected): string | null {
  const problem = problemOfOrigin(run, expected);
  if (problem !== null) return problem;
  if (run.conclusion !== "success") return `the plan's workflow ended with ${JSON.stringify(run.conclusion)}`;
  return problemOfNotices(run, check);
}

/** @returns `null` for a run of the plan's workflow for exactly this head, however it ended. */
export function problemOfOrigin(run: Omit<RunFacts, "jobs">, expected: Expected): string | null {
  if (run.path !== expected.planWorkflow)
    return `the check run names a run of the workflow ${JSON.stringify(run.path)}, not of ${JSON.stringify(expected.planWorkflow)} (input plan-workflow)`;
  if (run.event !== expected.origin.event) return `the plan's workflow ran on ${JSON.stringify(run.event)}`;
  if (run.headSha !== expected.head) return "the plan's workflow ran for another commit";
  if (run.headRepositoryId !== expected.repositoryId) return "the plan's workflow ran for a fork";
  if (!isOfBranch(run.headBranch, expected.origin)) return `the plan's workflow ran for the branch ${JSON.stringify(run.headBranch)}`;
  return null;
}

function isOfBranch(branch: string, origin: Expected["origin"]): boolean {
  return origin.event === "pull_request" ? branch === origin.branch : branch.startsWith(`gh-readonly-queue/${origin.baseBranch}/`);
}

/** More than one means that somebody has added one; which of them is the run's own nobody can say. */
function problemOfNotices(run: RunFacts, check: CheckFacts): string | null {
  // Without it nobody knows which of the earlier jobs were repeated.
  if (run.jobs.every(({ attempt }) => attempt !== run.attempt)) return "the host lists no job of the last attempt of the plan's run";
  const [notice, ...others] = new Set(lastJobs(run).flatMap(({ notices }) => notices));
  if (notice === undefined) return "the run that the check run names has printed no evidence";
  if (others.length > 0) return "the run that the check run names has printed contradicting evidence";
  return notice === evidenceDigest(check.text) ? null : "the check run is not what the run that it names has printed";
}

/** Each job as it ran last: where only failed jobs are run again, the others stand as they were, in an earlier attempt. */
export function lastJobs({ jobs }: Pick<RunFacts, "jobs">): readonly JobFacts[] {
  return jobs.filter((job) => jobs.every(({ name, attempt }) => name !== job.name || attempt <= job.attempt));
}
