// Which plans a reviewer should read first.
import { compareNames } from "../model/name.ts";
import type { HazardCode, RolePlan } from "../model/plan.ts";

/** What a plan does at worst, the most dangerous first. */
export const risks = ["failed", "drops", "revokes", "widens", "changes", "none"] as const;

export type Risk = (typeof risks)[number];

const riskOfHazard: Readonly<Record<HazardCode, Risk>> = {
  "drops-role": "drops",
  "reassigns-ownership": "drops",
  "drops-policies": "drops",
  "runs-as-new-owner": "drops",
  "revokes-access": "revokes",
  "disables-login": "revokes",
  "rotates-password": "revokes",
  "acts-as-another-role": "revokes",
  "widens-access": "widens",
  "reads-password-verifiers": "widens",
  superuser: "widens",
  createrole: "widens",
  replication: "widens",
  bypassrls: "widens",
  pg_execute_server_program: "widens",
  pg_server_files: "widens",
  "acl-near-limit": "widens",
};

export function riskOf(plan: Pick<RolePlan, "status" | "hazards">): Risk {
  if (plan.status === "failed") return "failed";
  const present = new Set(plan.hazards.map((hazard) => riskOfHazard[hazard.code]));
  return risks.find((risk) => present.has(risk)) ?? (plan.status === "in-sync" ? "none" : "changes");
}

/** Failed first, in sync last; within one risk by resource, label and role name. */
export function byRisk(a: RolePlan, b: RolePlan): number {
  return (
    rank(a) - rank(b) || compareNames(a.resource, b.resource) || compareNames(a.label, b.label) || compareNames(a.roleName, b.roleName)
  );
}

/** A plan that has something to report stays in front of the ones in sync even where its hazards only describe what is. */
function rank(plan: RolePlan): number {
  return plan.status === "in-sync" ? risks.length : risks.indexOf(riskOf(plan));
}
