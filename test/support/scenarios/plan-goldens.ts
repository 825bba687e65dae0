// The plans of a scenario as goldens: the SQL that a reviewer reads, and everything else that a plan says.
import { stringify } from "yaml";
import type { RolePlan } from "../../../src/model/plan.ts";

/** The scripts of all role plans, one after the other: psql runs it as it stands. */
export function formatPlanSql(plans: readonly RolePlan[]): string {
  return plans.map((plan) => plan.sqlPlan).join("\n");
}

export function formatPlanYaml(plans: readonly RolePlan[]): string {
  const documents = plans.map(
    ({ roleName, label, status, message, checksum, hazards, warnings, effective, blockers, currentState, observed }) => ({
      role: roleName,
      label,
      status,
      message,
      checksum,
      hazards: hazards.map(({ code, message: text }) => `${code}: ${text}`),
      warnings,
      effective,
      blockers,
      current_state: currentState,
      observed,
    }),
  );
  return stringify(documents, { lineWidth: 0, aliasDuplicateObjects: false });
}
