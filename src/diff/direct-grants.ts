// What an external role holds by direct grants, in words. Such grants are not managed, and access that nobody has declared: most are
// left from a time when the role was a managed one. They are reported, so that a reviewer can have them revoked.
import { count } from "../model/count.ts";
import { isCounted, type BulkKind, type ObjectRef } from "../model/object-ref.ts";
import type { DefaultPrivilege, ObjectGrant } from "../model/observed.ts";
import type { DatabaseContext } from "./database-context.ts";
import { isRead, type RoleContext } from "./role-context.ts";

/** @returns `SELECT, INSERT on 3 tables of app.public` and the like; nothing for roles whose grants are managed. */
export function directGrants(role: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  if (role.spec.type === "managed") return [];
  return [
    ...inWords(role.observed.cluster.grants.map((grant) => ({ privilege: grant.privilege, place: sharedPlace(grant) }))),
    ...databases.flatMap(localGrants),
  ];
}

/** Databases in which the role holds something that could not be read, or that nobody can read. */
export function unreadHoldings({ spec, observed }: RoleContext): readonly string[] {
  if (spec.type === "managed") return [];
  const closed = new Set(observed.cluster.databases.filter(({ allowsConnections }) => !allowsConnections).map(({ name }) => name));
  return observed.cluster.footprints
    .filter(({ database }) => {
      const catalog = observed.databases.get(database);
      return closed.has(database) || (catalog !== undefined && !isRead(catalog));
    })
    .map(({ database }) => database);
}

/** One privilege on something, and what follows "on". */
type Holding = { readonly privilege: string; readonly place: string };

/** Privileges on the same share a line; their order is that in which they come. */
function inWords(holdings: readonly Holding[]): readonly string[] {
  const places = Map.groupBy(holdings, ({ place }) => place);
  return [...places].map(([place, group]) => `${[...new Set(group.map(({ privilege }) => privilege))].join(", ")} on ${place}`);
}

function localGrants({ catalog }: DatabaseContext): readonly string[] {
  const bulk = bulkKinds.flatMap((bulkKind) =>
    catalog.bulkGrants
      .filter(({ kind }) => kind === bulkKind)
      .map(({ schema, kind, privilege, held, heldPartitions }): Holding => {
        return { privilege, place: `${count(held + heldPartitions, bulkNouns[kind])} of ${catalog.name}.${schema}` };
      }),
  );
  return inWords([
    ...catalog.grants.filter(({ object }) => object.kind === "schema").map((grant) => named(grant, `schema ${catalog.name}.`)),
    ...bulk,
    ...counted(
      catalog.grants.filter(({ object }) => object.kind !== "schema" && !isCounted(object)),
      catalog.name,
    ),
    ...catalog.defaultPrivileges.map((entry) => futureHolding(entry, catalog.name)),
  ]);
}

/** What most matters first. */
const bulkKinds: readonly BulkKind[] = ["tables", "sequences", "routines"];

const bulkNouns = { tables: "table", sequences: "sequence", routines: "routine" } as const satisfies Readonly<Record<BulkKind, string>>;

/** Entries that are read one by one, as numbers: there may be thousands. */
function counted(grants: readonly ObjectGrant[], database: string): readonly Holding[] {
  const groups = Map.groupBy(grants, ({ privilege, object }) => JSON.stringify([privilege, object.kind, containerOf(object)]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const objects = new Set(group.map(({ object }) => JSON.stringify(object)));
    const place = [database, ...containerOf(first.object)].join(".");
    return [{ privilege: first.privilege, place: `${count(objects.size, nouns[first.object.kind])} of ${place}` }];
  });
}

function containerOf(object: ObjectRef): readonly string[] {
  if (object.kind === "column") return [object.schema, object.table];
  return "schema" in object ? [object.schema] : [];
}

const nouns: Readonly<Record<ObjectRef["kind"], string>> = {
  database: "database",
  schema: "schema",
  language: "language",
  foreignDataWrapper: "foreign-data wrapper",
  foreignServer: "foreign server",
  tablespace: "tablespace",
  parameter: "parameter",
  largeObject: "large object",
  table: "table",
  sequence: "sequence",
  type: "type",
  routine: "routine",
  column: "column",
};

function named({ privilege, object }: ObjectGrant, before: string): Holding {
  return { privilege, place: `${before}${"name" in object ? object.name : ""}` };
}

function sharedPlace(grant: ObjectGrant): string {
  return named(grant, `${nouns[grant.object.kind]} `).place;
}

function futureHolding({ privilege, objects, forRole, schema }: DefaultPrivilege, database: string): Holding {
  return { privilege, place: `${objects} that ${forRole} will make in ${schema === null ? database : `${database}.${schema}`}` };
}
