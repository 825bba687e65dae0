// Whether a plan is what is left of an approved one: an apply that came only part of the way is repeated.
import type { RolePlan } from "../model/plan.ts";
import type { Evidence, EvidenceRole } from "./evidence.ts";

type Planned = Pick<RolePlan, "resource" | "roleName" | "status" | "checksum">;

/**
 * True where each role is in sync, so that nothing runs for it, or has exactly the plan that was approved. What a role has got half of is
 * neither. That the declaration is the approved one is for the caller to see: with {@link goneOrphans}.
 * @param approved all roles of the evidence.
 */
export function isRemainder(plans: readonly Planned[], approved: readonly EvidenceRole[]): boolean {
  const checksums = new Map(approved.map((role) => [keyOf(role.resource, role.role), role.checksum]));
  return plans.every(
    ({ resource, roleName, status, checksum }) =>
      status === "in-sync" || (status === "out-of-sync" && checksum !== "" && checksums.get(keyOf(resource, roleName)) === checksum),
  );
}

/**
 * Roles of the approved plan that have none now: orphans that were dropped, where the evidence has kept that they were orphans.
 * @returns `null` where another role is missing, or nobody knows what it was.
 */
export function goneOrphans(plans: readonly Planned[], { roles }: Pick<Evidence, "roles">): readonly Required<EvidenceRole>[] | null {
  const present = new Set(plans.map(({ resource, roleName }) => keyOf(resource, roleName)));
  const gone = (roles ?? []).filter(({ resource, role }) => !present.has(keyOf(resource, role)));
  const orphans = gone.flatMap(({ basis, ...role }) => (basis?.config.type === "orphaned" ? [{ ...role, basis }] : []));
  return orphans.length === gone.length ? orphans : null;
}

function keyOf(resource: string, role: string): string {
  return JSON.stringify([resource, role]);
}
