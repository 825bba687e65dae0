// What a plan of the default branch says about drift: what differs, what nobody could read, and whose access it is.
import type { AccessGroup } from "../model/desired.ts";
import type { Plan, RolePlan } from "../model/plan.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import { count } from "../model/count.ts";

/** A resource that did not answer and has no role plan that would say so: roles that are no longer declared may be left on it. */
export type UnreadResource = { readonly resource: string; readonly message: string };

export type DriftFacts = {
  /** Role plans with something to do, by us or by others. */
  readonly drifted: readonly RolePlan[];
  /** Role plans that could not be made: what differs there, nobody knows. */
  readonly failed: readonly RolePlan[];
  readonly unread: readonly UnreadResource[];
  /** Groups that use a role which differs, with these roles only. */
  readonly affected: readonly AccessGroup[];
  /** Nothing differs, and all of it was read. */
  readonly isClean: boolean;
};

export type DriftSource = { readonly plan: Plan; readonly groups: readonly AccessGroup[]; readonly unread: readonly UnreadResource[] };

/** @param source.groups from access.yaml. */
export function driftFactsOf({ plan, groups, unread }: DriftSource): DriftFacts {
  const drifted = plan.roles.filter(({ status }) => status === "out-of-sync");
  const failed = plan.roles.filter(({ status }) => status === "failed");
  // Orphans have no label, and no group can name them.
  const keys = new Set(drifted.filter(({ label }) => label !== "").map(roleSpecKey));
  const affected = groups
    .map((group) => ({ ...group, roles: group.roles.filter((role) => keys.has(role)) }))
    .filter(({ roles }) => roles.length > 0);
  return { drifted, failed, unread, affected, isClean: drifted.length + failed.length + unread.length === 0 };
}

/** `2 roles in 1 resource, 1 role not read`; `none`. */
export function driftWords({ drifted, failed, unread }: DriftFacts): string {
  const resources = new Set(drifted.map(({ resource }) => resource)).size;
  const parts = [
    ...(drifted.length > 0 ? [`${count(drifted.length, "role")} in ${count(resources, "resource")}`] : []),
    ...(failed.length > 0 ? [`${count(failed.length, "role")} not read`] : []),
    ...(unread.length > 0 ? [`${count(unread.length, "resource")} not read`] : []),
  ];
  return parts.length === 0 ? "none" : parts.join(", ");
}
