// What could not be planned was not compared with what was approved: nothing is applied then, not even in part.
import type { PlannedRun } from "../commands/planning.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";

/** @returns the refusal of a run of whose role specs some have no plan, with the reason of each; `null` where all have one. */
export function refusalOfFailed(planned: PlannedRun): Refusal | null {
  const failed = planned.roles.filter(({ status }) => status === "failed");
  return unplanned(
    planned,
    failed.map(({ resource, label, roleName, message }) => `${resource}/${label || roleName}: ${message}`),
  );
}

/**
 * A resource where nothing is declared may have had orphans when it was approved, and nobody has looked for them now.
 * @param approved resources that the approved plan has roles of.
 */
export function refusalOfUnread(planned: PlannedRun, approved: ReadonlySet<string>): Refusal | null {
  const unread = planned.unread.filter(({ resource }) => approved.has(resource));
  return unplanned(
    planned,
    unread.map(({ resource, message }) => `${resource}: ${message}`),
  );
}

function unplanned({ roles, artifact }: PlannedRun, reasons: readonly string[]): Refusal | null {
  if (reasons.length === 0) return null;
  const now = fingerprintsOf(roles, artifact.checksum);
  return { reason: "unplanned", message: reasons.join("; "), approved: null, now, differences: [] };
}
