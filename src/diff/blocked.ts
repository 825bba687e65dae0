// What somebody else has to undo first. Revoking a grant option that its holder has used would need CASCADE, which takes
// privileges from roles that are not ours; so it is shown, with the change that would do it and who can make it.
import type { Change, Target } from "../model/change.ts";
import type { ObjectGrant } from "../model/observed.ts";
import { membershipOptionsSince } from "./memberships.ts";
import { sharedTarget } from "./shared-objects.ts";
import { readDatabases, serverVersion, type RoleContext } from "./role-context.ts";

export type Blocked = { readonly message: string; readonly by: string; readonly change: Change; readonly database: string | null };

export function blockedBy(context: RoleContext): readonly Blocked[] {
  const { roleName } = context.spec;
  const perGrantor = serverVersion(context) >= membershipOptionsSince;
  return [
    ...readDatabases(context).flatMap((catalog) =>
      catalog.grantsByTargets.filter((grant) => grant.grantor === roleName).map((grant) => blockedGrant(grant, catalog.name)),
    ),
    ...context.observed.cluster.grantsByTargets.filter((grant) => grant.grantor === roleName).map((grant) => blockedGrant(grant, null)),
    ...context.observed.cluster.membershipsGrantedByTargets
      .filter((membership) => membership.grantor === roleName && membership.member !== roleName)
      .map(({ role, member, grantor }) => ({
        message: `${roleName} made ${JSON.stringify(member)} a member of ${JSON.stringify(role)}; that has to be revoked first`,
        by: roleName,
        database: null,
        change: { kind: "revokeMembership", role, member, grantor: perGrantor ? grantor : null, adminOptionOnly: false } as const,
      })),
  ];
}

/** @param database where the object is; `null` for one of the shared catalogs. */
function blockedGrant(grant: ObjectGrant, database: string | null): Blocked {
  const where = database === null ? "" : ` in database ${JSON.stringify(database)}`;
  return {
    message: `${grant.grantor} granted ${grant.privilege} to ${JSON.stringify(grant.role)}${where}; that has to be revoked first`,
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
