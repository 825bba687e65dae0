// Whether a plan does only what was approved, in one pull request or another.
import type { RolePlan } from "../model/plan.ts";
import type { Evidence } from "./evidence.ts";
import { statementDigest } from "./statement-digest.ts";

/**
 * True where each statement of the plans stands in one of the approved plans, for the same cluster and the same relations. Approved ones
 * may be missing.
 */
export function isCovered(plans: readonly Pick<RolePlan, "statements" | "target" | "observed">[], approved: readonly Evidence[]): boolean {
  const digests = new Set(approved.flatMap(({ roles }) => roles ?? []).flatMap(({ statements }) => statements));
  return plans.every((plan) => plan.statements.every((statement) => digests.has(statementDigest(plan, statement))));
}
