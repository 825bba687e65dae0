// Grants on tables, sequences and routines, from roll-ups: all at once where a schema has none or must keep none,
// by name where it is in between. "A missing privilege on 2 of 400 tables is a GRANT on 2 tables."
import type { Change, Target } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import type { BulkKind, ObjectRef } from "../model/object-ref.ts";
import { isOnAll } from "../model/privilege.ts";
import { maximumExceptionNames, type BulkException, type BulkGrant } from "../model/observed.ts";
import { bulkKey, type BulkKey, type DatabaseContext } from "./database-context.ts";
import { namesInUse } from "./in-use.ts";

/** What one privilege needs in one schema: all objects of a kind, or some by name. */
type Need = BulkKey & { readonly names: "all" | readonly string[] };

export function grantBulk(context: DatabaseContext): readonly Change[] {
  const { wanted, schemas, catalog, role } = context;
  const needs = schemas.flatMap((schema) => [
    ...wanted.tables.flatMap((privilege) => missing(context, { schema: schema.name, kind: "tables", privilege }, schema.tables)),
    ...wanted.routines.flatMap((privilege) => missing(context, { schema: schema.name, kind: "routines", privilege }, schema.routines)),
  ]);
  return changesOf([...needs, ...missingSequences(context)], catalog.name).map((change) => ({
    kind: "grant",
    ...change,
    grantee: role.spec.roleName,
  }));
}

export function revokeBulk(context: DatabaseContext): readonly Change[] {
  const objects = context.catalog.bulkGrants
    .filter((grant) => grant.kind !== "sequences" && !isWantedBulk(context, grant))
    .flatMap((grant) => extra(context, grant));
  const needs = [...objects, ...extraSequences(context)]
    .flatMap((need) => withoutInUse(context, need))
    .toSorted((a, b) => compareNames(a.privilege, b.privilege));
  return changesOf(needs, context.catalog.name).map((change) => ({
    kind: "revoke",
    ...change,
    grantee: context.role.spec.roleName,
    grantor: null,
    grantOptionOnly: false,
  }));
}

/** Whether the role is to hold a privilege on every table or routine of a schema. */
export function isWantedBulk({ wanted, inScope }: DatabaseContext, key: BulkKey): boolean {
  return inScope.has(key.schema) && isOnAll(wanted, key);
}

function missing(context: DatabaseContext, key: BulkKey, total: number): readonly Need[] {
  const held = context.bulkGrants.get(bulkKey(key))?.held ?? 0;
  if (held >= total) return [];
  return [{ ...key, names: held === 0 ? "all" : namesOf(context, key, "missing") }];
}

function extra(context: DatabaseContext, grant: BulkGrant): readonly Need[] {
  if (grant.heldByOwner + grant.heldPartitionsByOwner === 0) return [];
  return [{ ...grant, names: namesOf(context, grant, "extra") }];
}

/** What the role has granted onwards stays until that is revoked, and is no reason to leave the rest. */
function withoutInUse({ catalog, role }: DatabaseContext, need: Need): readonly Need[] {
  const inUse = namesInUse({ held: catalog.grants, made: catalog.grantsByTargets, isCleared: role.isCleared }, need);
  if (inUse.size === 0) return [need];
  // Introspection names them all where any is granted onwards.
  const names = need.names === "all" ? [] : need.names.filter((name) => !inUse.has(name));
  return names.length === 0 ? [] : [{ ...need, names }];
}

function missingSequences(context: DatabaseContext): readonly Need[] {
  return context.catalog.neededSequences
    .filter((row) => row.missing > 0)
    .map((row) => {
      const key = { schema: row.schema, kind: "sequences", privilege: "USAGE" } as const;
      const total = context.schemasByName.get(row.schema)?.sequences;
      return { ...key, names: row.missing === total ? "all" : namesOf(context, key, "missing") };
    });
}

function extraSequences(context: DatabaseContext): readonly Need[] {
  return context.catalog.exceptions
    .filter((exception) => exception.kind === "sequences" && exception.which === "extra")
    .map((exception) => ({ ...exception, names: namesOf(context, exception, "extra") }));
}

function namesOf(context: DatabaseContext, key: BulkKey, which: BulkException["which"]): "all" | readonly string[] {
  const exception = context.exceptions.get(`${which}${bulkKey(key)}`);
  if (exception === undefined) return key.kind === "sequences" ? [] : "all";
  // Too many to name: ON ALL … costs rewritten tuples for those already right, but no lock for each table.
  return exception.names.length < exception.total && !isOneByOne(exception) ? "all" : exception.names;
}

/** ON ALL … would hit objects that it must not: sequences that nothing draws from, or what an owner holds by owning it. */
function isOneByOne({ kind, names }: BulkException): boolean {
  return kind === "sequences" || names.length > maximumExceptionNames;
}

/** @returns reasons to plan nothing: neither can all objects be named, nor may the statement be one for all objects of the schema. */
export function checkNamed({ catalog }: DatabaseContext): readonly string[] {
  return catalog.exceptions
    .filter((exception) => isOneByOne(exception) && exception.names.length < exception.total)
    .map(
      ({ schema, kind, privilege, which, names, total }) =>
        `${catalog.name}.${schema}: ${privilege} is ${which} on ${total} ${kind}, which have to be named one by one, and no plan names more than ${names.length}`,
    );
}

/** Privileges that need the same objects share a statement. */
function changesOf(needs: readonly Need[], database: string): readonly { privileges: readonly string[]; on: Target }[] {
  const groups = Map.groupBy(needs, (need) => JSON.stringify([need.kind, need.schema, need.names]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? targetsOf(first, database).map((on) => ({ privileges: group.map((need) => need.privilege), on })) : [];
  });
}

const allOf = { tables: "allTables", sequences: "allSequences", routines: "allRoutines" } as const;

/** Several where there are many names, so that no statement grows without bound. */
function targetsOf({ schema, kind, names }: Need, database: string): readonly Target[] {
  if (names === "all") return [{ kind: allOf[kind], database, schema }];
  const objects = names.toSorted(compareNames).map((name) => objectRef(kind, schema, name));
  return Array.from({ length: Math.ceil(objects.length / maximumExceptionNames) }, (_, index) => {
    const start = index * maximumExceptionNames;
    return { kind: "objects", database, objects: objects.slice(start, start + maximumExceptionNames) } as const;
  });
}

function objectRef(kind: BulkKind, schema: string, name: string): ObjectRef {
  switch (kind) {
    case "tables":
      return { kind: "table", schema, name };
    case "sequences":
      return { kind: "sequence", schema, name };
    case "routines":
      return { kind: "routine", schema, signature: name };
  }
}
