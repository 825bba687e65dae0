// Grants to a role that it has granted onwards. PostgreSQL revokes none of them before what hangs on them is gone, and CASCADE would take
// privileges from roles that are not ours: whatever else the role holds is revoked without them (F28).
import type { BulkKind, ObjectRef } from "../model/object-ref.ts";
import type { Membership, ObjectGrant } from "../model/observed.ts";

/**
 * @param made what the role has granted to others, as far as it is read. An option that was used for more says so itself: whoever has granted
 * much onwards in one place keeps nothing in another by it.
 * @param isCleared the plan that is being proved was blocked, and may have revoked itself what stood in the way, where that was granted to another
 * role of ours: any option may have been in use then.
 * @returns whether a grant to the role has to stay for now.
 */
export function grantsInUse(made: readonly ObjectGrant[], isCleared: boolean): (held: ObjectGrant) => boolean {
  const used = new Set(made.map(optionKey));
  return (held) => held.grantable && (isCleared || held.isUsed === true || used.has(optionKey(held)));
}

/** What a grant option is for. */
export function optionKey({ object, privilege }: Pick<ObjectGrant, "object" | "privilege">): string {
  return JSON.stringify([object, privilege]);
}

/**
 * A REVOKE on a relation is one on each of its columns, too, and fails where the role has granted a column onwards.
 * @returns whether revoking a grant to the role would take one on a column with it that has to stay for now.
 */
export function grantsOverColumnsInUse(
  held: readonly ObjectGrant[],
  isInUse: (held: ObjectGrant) => boolean,
): (grant: ObjectGrant) => boolean {
  const used = new Set(
    held.flatMap((entry) =>
      entry.object.kind === "column" && isInUse(entry) ? [columnsKey(entry, entry.object.schema, entry.object.table)] : [],
    ),
  );
  return (grant) =>
    (grant.object.kind === "table" || grant.object.kind === "sequence") &&
    used.has(columnsKey(grant, grant.object.schema, grant.object.name));
}

/** What a grantor's REVOKE of a privilege on a relation includes. */
function columnsKey({ privilege, grantor }: ObjectGrant, schema: string, relation: string): string {
  return JSON.stringify([schema, relation, privilege, grantor]);
}

/**
 * @returns the names of the objects of one kind in one schema on which the owner's grant of a privilege has to stay for now, itself or on a column.
 */
export function namesInUse(
  grants: { readonly held: readonly ObjectGrant[]; readonly made: readonly ObjectGrant[]; readonly isCleared: boolean },
  key: { readonly schema: string; readonly kind: BulkKind; readonly privilege: string },
): ReadonlySet<string> {
  const isInUse = grantsInUse(grants.made, grants.isCleared);
  return new Set(
    grants.held
      .filter((entry) => entry.byOwner && entry.privilege === key.privilege && isIn(entry.object, key) && isInUse(entry))
      .map(({ object }) => nameOf(object)),
  );
}

function isIn(object: ObjectRef, { schema, kind }: { readonly schema: string; readonly kind: BulkKind }): boolean {
  return "schema" in object && object.schema === schema && kinds.get(object.kind)?.includes(kind) === true;
}

function nameOf(object: ObjectRef): string {
  if (object.kind === "column") return object.table;
  if (object.kind === "routine") return object.signature;
  return "name" in object ? object.name : "";
}

/** Sequences have columns that may be granted, too, and no table has the name of a sequence. */
const kinds: ReadonlyMap<ObjectRef["kind"], readonly BulkKind[]> = new Map<ObjectRef["kind"], readonly BulkKind[]>([
  ["table", ["tables"]],
  ["sequence", ["sequences"]],
  ["routine", ["routines"]],
  ["column", ["tables", "sequences"]],
]);

/** @param made memberships that the role has granted. @returns whether a membership of the role has to stay for now. */
export function membershipsInUse(made: readonly Membership[], isCleared: boolean): (held: Membership) => boolean {
  const used = new Set(made.filter(({ member, grantor }) => member !== grantor).map(({ role }) => role));
  return ({ role, admin }) => admin && (isCleared || used.has(role));
}
