// Whether a plan does only what was approved, in one pull request or another.
import type { RolePlan } from "../model/plan.ts";
import type { Evidence } from "./evidence.ts";
import { statementDigest } from "./statement-digest.ts";

/** True where each statement of the plans stands in one of the approved plans, for the same cluster. Approved ones may be missing. */
export function isCovered(plans: readonly Pick<RolePlan, "statements" | "target">[], approved: readonly Evidence[]): boolean {
  const digests = new Set(approved.flatMap(({ roles }) => roles ?? []).flatMap(({ statements }) => statements));
  return plans.every(({ target, statements }) => statements.every((statement) => digests.has(statementDigest(target, statement))));
}
