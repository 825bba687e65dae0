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
  /** What its jobs have printed under {@link noticeTitle}, in all attempts, and when the job had ended. */
  readonly notices: readonly { readonly message: string; readonly attempt: number; readonly at: string | null }[];
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
  if (run.path !== expected.planWorkflow)
    return `the check run names a run of the workflow ${JSON.stringify(run.path)}, not of ${JSON.stringify(expected.planWorkflow)} (input plan-workflow)`;
  if (run.event !== expected.origin.event) return `the plan's workflow ran on ${JSON.stringify(run.event)}`;
  if (run.headSha !== expected.head) return "the plan's workflow ran for another commit";
  if (run.headRepositoryId !== expected.repositoryId) return "the plan's workflow ran for a fork";
  if (!isOfBranch(run.headBranch, expected.origin)) return `the plan's workflow ran for the branch ${JSON.stringify(run.headBranch)}`;
  if (run.conclusion !== "success") return `the plan's workflow ended with ${JSON.stringify(run.conclusion)}`;
  return problemOfNotices(run, check);
}

function isOfBranch(branch: string, origin: Expected["origin"]): boolean {
  return origin.event === "pull_request" ? branch === origin.branch : branch.startsWith(`gh-readonly-queue/${origin.baseBranch}/`);
}

/** More than one means that somebody has added one; which of them is the run's own nobody can say. */
function problemOfNotices({ notices, attempt }: RunFacts, check: CheckFacts): string | null {
  const [notice, ...others] = new Set(notices.flatMap((each) => (each.attempt === attempt ? each.message : [])));
  if (notice === undefined) return "the run that the check run names has printed no evidence";
  if (others.length > 0) return "the run that the check run names has printed contradicting evidence";
  return notice === evidenceDigest(check.text) ? null : "the check run is not what the run that it names has printed";
}

/**
 * Since when this very plan could be read: a run that was started again and came to the same has printed the same.
 * @returns an RFC 3339 time, `null` where nothing says it.
 */
export function readableSince(check: Pick<CheckFacts, "text">, { notices }: Pick<RunFacts, "notices">): string | null {
  const digest = evidenceDigest(check.text);
  const times = notices.flatMap(({ message, at }) => (message === digest && at !== null ? at : []));
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}
