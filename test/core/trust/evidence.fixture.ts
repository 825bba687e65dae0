// One plan's evidence, and the check run and the run that carry it, as everything is in order.
import { evidenceDigest, formatEvidence, type Evidence } from "../../../src/trust/evidence.ts";
import { externalIdOf, type CheckFacts, type Expected, type RunFacts } from "../../../src/trust/judge-check.ts";

export const head = "a".repeat(40);

export const evidence: Evidence = {
  v: 1,
  environment: "default",
  run: 7,
  head,
  base: "b".repeat(40),
  checksum: "c".repeat(64),
  catalog: "d".repeat(64),
  declared: "e".repeat(64),
  targets: "2".repeat(64),
  unconnected: [],
  store: "1".repeat(64),
  roles: [{ resource: "analytics", role: "hoopdev_analytics_ro_6075a443", checksum: "f".repeat(64), statements: ["0".repeat(32)] }],
};

export const text = formatEvidence(evidence, 60_000);

export const check: CheckFacts = { appId: 15_368, headSha: head, conclusion: "success", externalId: externalIdOf(evidence.checksum), text };

export const run: RunFacts = {
  event: "pull_request",
  path: ".github/workflows/rolewright-plan.yml",
  headSha: head,
  headBranch: "more",
  headRepositoryId: 1,
  attempt: 1,
  conclusion: "success",
  jobs: [{ name: "plan", attempt: 1, endedAt: "2026-01-01T12:00:00Z", notices: [evidenceDigest(text)] }],
};

export const expected: Expected = {
  appId: 15_368,
  repositoryId: 1,
  planWorkflow: ".github/workflows/rolewright-plan.yml",
  environment: "default",
  head,
  origin: { event: "pull_request", branch: "more" },
};

/** A check run that carries other evidence and says so consistently. */
export function checkOf(other: Evidence, more: Partial<CheckFacts> = {}): CheckFacts {
  return { ...check, externalId: externalIdOf(other.checksum), text: formatEvidence(other, 60_000), ...more };
}
