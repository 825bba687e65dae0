// Whether a check run is the plan of a pull request: made by the same app as this very run, by the plan workflow, for exactly this head,
// in this repository and not in a fork. Whoever may change the workflow could make any evidence: see guarded-paths.ts.
import { parseEvidence, type Evidence } from "./evidence.ts";

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
  readonly headRepositoryId: number | null;
  readonly conclusion: string | null;
};

export type Expected = {
  readonly appId: number;
  readonly repositoryId: number;
  readonly planWorkflow: string;
  readonly environment: string;
  readonly head: string;
};

export type CheckVerdict = { readonly evidence: Evidence } | { readonly problem: string };

/** The `external_id` of a plan's check run. */
export function externalIdOf(checksum: string): string {
  return `v1:sha256:${checksum}`;
}

/** @param run the workflow run behind the check's details, `null` where there is none. */
export function judgeCheck(check: CheckFacts, run: RunFacts | null, expected: Expected): CheckVerdict {
  const evidence = parseEvidence(check.text);
  const problem =
    problemOfRun(run, expected) ??
    (check.appId === expected.appId ? null : "the check run was made by another app than this run") ??
    (check.headSha === expected.head ? null : "the check run is for another commit") ??
    (check.conclusion === "success" ? null : `the plan ended with ${JSON.stringify(check.conclusion)}`) ??
    (evidence === null ? "the check run carries no plan" : problemOfEvidence(evidence, check, expected));
  return problem === null && evidence !== null ? { evidence } : { problem: problem ?? "the check run carries no plan" };
}

function problemOfRun(run: RunFacts | null, expected: Expected): string | null {
  if (run === null) return "the check run names no workflow run of this repository";
  if (run.path !== expected.planWorkflow)
    return `the check run was made by the workflow ${JSON.stringify(run.path)}, not by ${JSON.stringify(expected.planWorkflow)} (input plan-workflow)`;
  if (run.event !== "pull_request" && run.event !== "merge_group") return `the plan's workflow ran on ${JSON.stringify(run.event)}`;
  if (run.headSha !== expected.head) return "the plan's workflow ran for another commit";
  if (run.headRepositoryId !== expected.repositoryId) return "the plan's workflow ran for a fork";
  return run.conclusion === "success" ? null : `the plan's workflow ended with ${JSON.stringify(run.conclusion)}`;
}

function problemOfEvidence(evidence: Evidence, check: CheckFacts, expected: Expected): string | null {
  if (check.externalId !== externalIdOf(evidence.checksum)) return "the check run contradicts itself about its checksum";
  if (evidence.head !== expected.head) return "the plan was made for another commit";
  return evidence.environment === expected.environment ? null : `the plan is of the environment ${JSON.stringify(evidence.environment)}`;
}
