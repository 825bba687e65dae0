// What people should know about a plan and that is no reason to refuse it.
import { aclWarnings } from "./acl-room.ts";
import { directGrants, unreadHoldings } from "./direct-grants.ts";
import type { DatabaseContext } from "./database-context.ts";
import { isLeftAlone } from "./foreign-grants.ts";
import { observedRole, type RoleContext } from "./role-context.ts";
import { markedRepository, unnamedRepository } from "../model/marker.ts";
import type { ObjectGrant } from "../model/observed.ts";
import { memberWarnings } from "./members.ts";
import { settingWarnings } from "./role-settings.ts";
import { sourceReach, verifiersMessage } from "./source-role.ts";

export function warningsOf(context: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  return [
    ...pooler(context),
    ...adoption(context),
    ...elsewhere(context),
    ...source(context),
    ...unmanagedGrants(context, databases),
    ...memberWarnings(context),
    ...settingWarnings(context),
    ...foreignGrants(context, "shared catalogs", context.observed.cluster.grants),
    ...databases.flatMap((database) => databaseWarnings(context, database)),
  ];
}

/** So that whoever reviews the plan knows before it is merged. */
function pooler({ observed }: RoleContext): readonly string[] {
  if (observed.isPooled !== true) return [];
  return [
    "a connection pooler stands between here and PostgreSQL, and apply will refuse to work through it; give the resource the address of the server itself, and plan again",
  ];
}

function adoption(context: RoleContext): readonly string[] {
  const observed = observedRole(context);
  const marked = markedRepository(observed?.comment ?? null);
  if (observed && marked === unnamedRepository && context.settings.repository !== unnamedRepository)
    return [`${observed.name} was made by an access repository without a name, as its comment says, and is adopted by this one`];
  if (!observed || marked !== null) return [];
  return [
    `${observed.name} exists already and is adopted: it will hold exactly what is declared, and its password stays as it is unless rotate_password is set`,
  ];
}

function elsewhere({ spec, isFromElsewhere }: RoleContext): readonly string[] {
  if (!isFromElsewhere) return [];
  return [
    `no file of this repository declares ${spec.roleName}: its comment says so, and plans of the repository will report it and leave it alone`,
  ];
}

function source(context: RoleContext): readonly string[] {
  const { sourceRole, acknowledgeHazards } = context.spec;
  if (sourceRole === null || acknowledgeHazards.includes("reads-password-verifiers")) return [];
  return sourceReach(context).readsVerifiers ? [verifiersMessage] : [];
}

/** More than these are counted; all are among what stays reachable. */
const shownGrants = 5;

function unmanagedGrants(context: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  const { roleName } = context.spec;
  const held = directGrants(context, databases);
  const more = held.length > shownGrants ? `; and ${held.length - shownGrants} more` : "";
  return [
    ...(held.length > 0
      ? [
          `${roleName} holds direct grants that are not managed: ${held.slice(0, shownGrants).join("; ")}${more}. An external role keeps them until somebody revokes them`,
        ]
      : []),
    ...unreadHoldings(context).map(
      (database) => `what ${roleName} holds in ${database} is not known, since that database could not be read`,
    ),
  ];
}

function foreignGrants(context: RoleContext, where: string, grants: readonly ObjectGrant[]): readonly string[] {
  const { spec } = context;
  const count = grants.filter((grant) => grant.grantor !== spec.roleName && isLeftAlone(context, grant)).length;
  if (spec.type === "external" || count === 0) return [];
  const what = count === 1 ? "1 grant by another grantor than the owner is" : `${count} grants by other grantors than the owner are`;
  return [`${where}: ${what} left alone (foreign_grants: report)`];
}

function databaseWarnings(context: RoleContext, database: DatabaseContext): readonly string[] {
  const { catalog, schemas } = database;
  return [
    ...foreignGrants(context, catalog.name, catalog.grants),
    ...catalog.policies.map(
      (policy) =>
        `${catalog.name}: policy ${JSON.stringify(policy.policy)} on ${JSON.stringify(`${policy.schema}.${policy.table}`)} names this role`,
    ),
    ...aclWarnings(database),
    ...(context.spec.futureObjects
      ? schemas
          .filter((schema) => schema.publicPrivileges.includes("CREATE"))
          .map(
            (schema) =>
              `${catalog.name}.${schema.name}: everybody may create objects here (PUBLIC has CREATE); only those of known creators will be reached`,
          )
      : []),
  ];
}
