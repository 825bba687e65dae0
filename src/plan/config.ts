// The session's `config` of a role spec: the hub's keys first, ours only where they are set. Its order never depends on the input's.
import type { PlanConfig } from "../model/plan.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { formatScope } from "../model/scope.ts";
import { compareNames } from "../model/name.ts";
import { declarablePrivileges } from "../model/privilege.ts";

export function configOf(spec: RoleSpec, isOrphan: boolean): PlanConfig {
  return {
    type: isOrphan ? "orphaned" : spec.type,
    role_name: spec.roleName,
    source_role: spec.sourceRole ?? "",
    scopes: spec.scopes.map(formatScope).toSorted(compareNames),
    privileges: declarablePrivileges.filter((privilege) => spec.privileges.includes(privilege)),
    rotate_password: spec.rotatePassword,
    ...(spec.connectionLimit === null ? {} : { connection_limit: spec.connectionLimit }),
    ...(spec.expiresAt === null ? {} : { expires_at: spec.expiresAt }),
    ...(spec.futureObjects ? { future_objects: true } : {}),
    ...(spec.acknowledgeHazards.length === 0 ? {} : { acknowledge_hazards: spec.acknowledgeHazards.toSorted(compareNames) }),
  };
}
