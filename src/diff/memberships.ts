// Memberships of the role in others: none for a managed role, exactly the source role for an external one.
import type { Change } from "../model/change.ts";
import { membershipsInUse } from "./in-use.ts";
import { membershipOptionsSince, type Membership } from "../model/observed.ts";
import { serverVersion, type RoleContext } from "./role-context.ts";
import { sourceDangers } from "./source-role.ts";

export function diffMemberships(context: RoleContext): readonly Change[] {
  const { spec } = context;
  const perGrantor = serverVersion(context) >= membershipOptionsSince;
  const held = context.observed.cluster.memberships;
  const isInUse = membershipsInUse(context.observed.cluster.membershipsGrantedByTargets, context.isCleared);
  const changes: Change[] = held
    .filter((membership) => !isInUse(membership))
    .flatMap((membership) => unwanted(membership, spec.sourceRole, perGrantor));
  if (spec.sourceRole !== null && !held.some((membership) => membership.role === spec.sourceRole && membership.inherit !== false)) {
    const dangers = sourceDangers(context);
    changes.push({ kind: "grantMembership", role: spec.sourceRole, member: spec.roleName, withInherit: perGrantor, dangers });
  }
  return changes;
}

function unwanted(membership: Membership, sourceRole: string | null, perGrantor: boolean): readonly Change[] {
  const isWanted = membership.role === sourceRole;
  if (isWanted && !membership.admin) return [];
  return [
    {
      kind: "revokeMembership",
      role: membership.role,
      member: membership.member,
      grantor: perGrantor ? membership.grantor : null,
      adminOptionOnly: isWanted,
    },
  ];
}
