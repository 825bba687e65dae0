// Direct ACL entries that are compared one by one: on databases, tablespaces, parameters, schemas, columns, types and the like,
// and those on tables, sequences and routines that a plain REVOKE by the owner's side does not end.
import type { Change, Target } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import type { ObjectRef } from "../model/object-ref.ts";
import type { ObjectGrant } from "../model/observed.ts";

type Revocation = Extract<Change, { kind: "revoke" }>;

/**
 * Revocations that bring entries to what is wanted: unwanted entries go, and of wanted ones the grant option.
 * @param isWanted whether the role is to hold the entry's privilege on the entry's object.
 * @param isLeftAlone whether the entry stays because it is not the owner's.
 * @param isCounted whether the roll-ups already revoke the entry where the owner's side granted it.
 */
export function revokeUnwanted(input: {
  readonly entries: readonly ObjectGrant[];
  readonly isWanted: (entry: ObjectGrant) => boolean;
  readonly isCounted: (entry: ObjectGrant) => boolean;
  readonly isLeftAlone: (entry: ObjectGrant) => boolean;
  readonly target: (entry: ObjectGrant) => Target;
}): readonly Change[] {
  const revocations = input.entries.flatMap((entry): readonly Revocation[] => {
    // What a role granted to itself hangs on a grant option that it loses, and it still holds what it was given.
    const isOwnGrant = entry.grantor === entry.role;
    if (!isOwnGrant && input.isLeftAlone(entry)) return [];
    const isWanted = !isOwnGrant && input.isWanted(entry);
    if (isWanted && !entry.grantable) return [];
    if (!isWanted && entry.byOwner && input.isCounted(entry)) return [];
    return [
      {
        kind: "revoke",
        privileges: [entry.privilege],
        on: input.target(entry),
        grantee: entry.role,
        grantor: entry.byOwner ? null : entry.grantor,
        grantOptionOnly: isWanted,
      },
    ];
  });
  return joinObjects(joinPrivileges(revocations));
}

/** One statement for all privileges on the same object. */
function joinPrivileges(revocations: readonly Revocation[]): readonly Revocation[] {
  const groups = Map.groupBy(revocations, ({ on, grantor, grantOptionOnly }) => JSON.stringify([on, grantor, grantOptionOnly]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first
      ? [{ ...first, privileges: [...new Set(group.flatMap((revocation) => revocation.privileges))].toSorted(compareNames) }]
      : [];
  });
}

/** One statement for all objects of a kind that lose the same privileges. */
function joinObjects(revocations: readonly Revocation[]): readonly Revocation[] {
  const groups = Map.groupBy(revocations, (revocation) => {
    const { on, privileges, grantor, grantOptionOnly } = revocation;
    return JSON.stringify([on.kind === "objects" ? objectGroup(on.objects) : on, privileges, grantor, grantOptionOnly]);
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    if (first.on.kind !== "objects") return [first];
    const objects = group.flatMap(({ on }) => (on.kind === "objects" ? on.objects : []));
    return [{ ...first, on: { ...first.on, objects: objects.toSorted((a, b) => compareNames(nameOf(a), nameOf(b))) } }];
  });
}

function nameOf(object: ObjectRef): string {
  if (object.kind === "routine") return object.signature;
  return object.kind === "largeObject" ? object.oid : object.name;
}

/** Columns share a statement within their table, objects of a schema within their schema, others with all of their kind. */
function objectGroup(objects: Extract<Target, { kind: "objects" }>["objects"]): readonly string[] {
  const [object] = objects;
  if (!object) return [];
  if (object.kind === "column") return [object.kind, object.schema, object.table];
  return "schema" in object ? [object.kind, object.schema] : [object.kind];
}
