// What somebody else has to undo first. Revoking a grant option that its holder has used would need CASCADE, which takes
// privileges from roles that are not ours; so it is shown, with the change that would do it and who can make it.
import type { Target } from "../model/change.ts";
import { unreached } from "./check.ts";
import { isLeftAlone } from "./foreign-grants.ts";
import { withoutIllegible } from "./illegible.ts";
import { grantsInUse, optionKey } from "./in-use.ts";
import { membershipOptionsSince, type ObjectGrant } from "../model/observed.ts";
import { inDatabase } from "../model/place-words.ts";
import type { Blocked } from "../model/role-diff.ts";
import { sharedTarget } from "./shared-objects.ts";
import type { DatabaseContext } from "./database-context.ts";
import { serverVersion, type RoleContext } from "./role-context.ts";

export function blockedBy(context: RoleContext, databases: readonly DatabaseContext[]): readonly Blocked[] {
  const grants = context.spec.type === "managed" ? blockedGrants(context, databases) : [];
  return [...blockedReach(context), ...withoutIllegible(context, [...grants, ...blockedMemberships(context)])];
}

/** What a role holds where nobody can look has to be looked at: before an orphan is dropped, and before anybody says that all is in sync. */
function blockedReach(context: RoleContext): readonly Blocked[] {
  const { roleName } = context.spec;
  return unreached(context).flatMap(({ message, isInTheWay }) =>
    isInTheWay ? [{ message, by: roleName, database: null, change: null }] : [],
  );
}

function blockedGrants(context: RoleContext, databases: readonly DatabaseContext[]): readonly Blocked[] {
  const { cluster } = context.observed;
  return [
    ...databases.flatMap(({ catalog }) =>
      blockedIn(context, { held: catalog.grants, made: catalog.grantsByTargets, database: catalog.name }),
    ),
    ...blockedIn(context, { held: cluster.grants, made: cluster.grantsByTargets, database: null }),
  ];
}

/** @param place.database where the objects are; `null` for the shared catalogs. */
function blockedIn(
  context: RoleContext,
  place: { readonly held: readonly ObjectGrant[]; readonly made: readonly ObjectGrant[]; readonly database: string | null },
): readonly Blocked[] {
  const lost = optionsToLose(context, place.held);
  const inWay = place.made.filter((grant) => lost.has(optionKey(grant)));
  const told = new Set(inWay.map(optionKey));
  const isInUse = grantsInUse(place.made, context.isCleared);
  const isUntold = place.held.some((grant) => isInUse(grant) && lost.has(optionKey(grant)) && !told.has(optionKey(grant)));
  return [...inWay.map((grant) => blockedGrant(grant, place.database)), ...(isUntold ? [untold(context, place.database)] : [])];
}

/** Not all that a role has granted is read. Options that it may have used stay, and have to be told of. */
function untold({ spec }: RoleContext, database: string | null): Blocked {
  return {
    message: `${spec.roleName} granted more to others${inDatabase(database)} than can be listed; that has to be revoked first`,
    by: spec.roleName,
    database,
    change: null,
  };
}

/** The grant options that the role is about to lose: all, but those of other grantors where these are only reported. */
function optionsToLose(context: RoleContext, held: readonly ObjectGrant[]): ReadonlySet<string> {
  return new Set(held.filter((grant) => grant.grantable && !isLeftAlone(context, grant)).map(optionKey));
}

function blockedMemberships(context: RoleContext): readonly Blocked[] {
  const { roleName } = context.spec;
  const perGrantor = serverVersion(context) >= membershipOptionsSince;
  return context.observed.cluster.membershipsGrantedByTargets
    .filter((membership) => membership.member !== roleName)
    .map(({ role, member, grantor }) => ({
      message: `${roleName} made ${JSON.stringify(member)} a member of ${JSON.stringify(role)}; that has to be revoked first`,
      by: roleName,
      database: null,
      change: { kind: "revokeMembership", role, member, grantor: perGrantor ? grantor : null, adminOptionOnly: false } as const,
    }));
}

/** @param database where the object is; `null` for one of the shared catalogs. */
function blockedGrant(grant: ObjectGrant, database: string | null): Blocked {
  return {
    message: `${grant.grantor} granted ${grant.privilege} to ${JSON.stringify(grant.role)}${inDatabase(database)}; that has to be revoked first`,
    by: grant.grantor,
    database,
    change: {
      kind: "revoke",
      privileges: [grant.privilege],
      on: database === null ? sharedTarget(grant) : localTarget(grant, database),
      grantee: grant.role,
      grantor: grant.grantor,
      grantOptionOnly: false,
    },
  };
}

function localTarget({ object }: ObjectGrant, database: string): Target {
  if (object.kind === "schema") return { kind: "schema", database, schema: object.name };
  return { kind: "objects", database, objects: [object] };
}
