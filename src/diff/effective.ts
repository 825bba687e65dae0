// What the role reaches besides its managed grants: through PUBLIC, membership and ownership, and an external role by direct grants; and what
// others have made of it. Reported, never planned away (F12).
import { count } from "../model/count.ts";
import type { RoleContext } from "./role-context.ts";
import { directGrants } from "./direct-grants.ts";
import type { DatabaseContext } from "./database-context.ts";
import { memberEffects } from "./members.ts";
import { settingEffects } from "./role-settings.ts";
import { sourceEffects, sourceReach } from "./source-role.ts";

export function effectiveAccess(role: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  return [
    ...publicAccess(role, databases),
    ...membershipAccess(role),
    ...ownership(role, databases),
    ...directGrants(role, databases).map((grant) => `via direct grants: ${grant}`),
    ...memberEffects(role),
    ...settingEffects(role),
  ];
}

function publicAccess(role: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  const declared = new Set(role.spec.scopes.map((scope) => scope.database));
  return [
    ...role.observed.cluster.databases
      .filter((database) => declared.has(database.name) && database.publicPrivileges.length > 0)
      .map((database) => `via PUBLIC: ${database.publicPrivileges.join(", ")} on ${database.name}`),
    ...databases.flatMap(({ catalog, schemas }) =>
      schemas.flatMap((schema) => {
        const where = `${catalog.name}.${schema.name}`;
        return [
          ...(schema.publicPrivileges.length > 0 ? [`via PUBLIC: ${schema.publicPrivileges.join(", ")} on schema ${where}`] : []),
          ...(schema.publicTablePrivileges.length > 0
            ? [`via PUBLIC: ${schema.publicTablePrivileges.join(", ")} on tables of ${where}`]
            : []),
        ];
      }),
    ),
  ];
}

function membershipAccess(role: RoleContext): readonly string[] {
  const { sourceRole } = role.spec;
  if (sourceRole === null) return [];
  const reach = sourceReach(role);
  return [
    `via membership: everything that ${sourceRole} may do`,
    ...(reach.readsVerifiers ? ["via pg_read_all_data: SELECT on every table, also on pg_authid with all password verifiers"] : []),
    ...sourceEffects(role, reach),
    ...reach.powers.map((power) => `via membership: ${power.message}`),
  ];
}

function ownership({ spec, observed }: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  const { cluster } = observed;
  const shared = [
    ...cluster.databases.filter(({ owner }) => owner === spec.roleName).map(({ name }) => `database ${name}`),
    ...(cluster.ownedTablespaces ?? []).map(({ name }) => `tablespace ${name}`),
  ];
  const local = databases.flatMap(({ catalog }) => catalog.owns.map((row) => `${count(row.count, "object")} in ${catalog.name}`));
  return [...shared, ...local].map((what) => `via ownership: ${what}`);
}
