// What the reviewer relied on, as canonical lines: the role's own state, and the relations of every scope that a change touches.
// The lines enter the checksum, and their difference tells why a plan is stale. Changing one is a change of the checksum's version.
import type { Change } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import type { BulkKind } from "../model/object-ref.ts";
import { relationsEntry } from "../model/relations-entry.ts";
import type { DatabaseContext } from "./database-context.ts";
import { handoverEntries } from "./handover.ts";
import { memberEntries } from "./members.ts";
import { observedRole, type RoleContext } from "./role-context.ts";
import { settingEntries } from "./role-settings.ts";
import { sourceEntries } from "./source-role.ts";

export function observedEntries(input: {
  readonly role: RoleContext;
  readonly databases: readonly DatabaseContext[];
  readonly changes: readonly Change[];
}): readonly string[] {
  return [
    ...roleEntries(input.role),
    ...input.databases.flatMap((context) => [...databaseEntries(context), ...relationEntries(context, input.changes)]),
  ].toSorted(compareNames);
}

function roleEntries(role: RoleContext): readonly string[] {
  const { cluster } = role.observed;
  const observed = observedRole(role);
  if (!observed) return ["role does not exist", ...sourceEntries(role)];
  return [
    `role exists with ${JSON.stringify(observed.attributes)}`,
    `comment ${JSON.stringify(observed.comment)}`,
    ...cluster.memberships.map(
      ({ role: group, grantor, admin, inherit, set }) =>
        `member of ${name(group)} by ${name(grantor)} with ${JSON.stringify({ admin, inherit, set })}`,
    ),
    ...memberEntries(role),
    ...settingEntries(role),
    ...sourceEntries(role),
    ...cluster.grants.map((grant) => grantEntry("cluster", grant)),
    ...(role.spec.type === "managed" ? cluster.grantsByTargets.map((grant) => onwardsEntry("cluster", grant)) : []),
    ...cluster.membershipsGrantedByTargets
      .filter(({ member, grantor }) => member !== grantor)
      .map(({ role: group, member }) => `made ${name(member)} a member of ${name(group)}`),
  ];
}

function databaseEntries({ catalog, schemasByName, role }: DatabaseContext): readonly string[] {
  const where = `database ${name(catalog.name)}`;
  return [
    ...catalog.bulkGrants.map(({ schema, kind, privilege, held, heldByOwner }) => {
      const total = schemasByName.get(schema)?.[kind] ?? 0;
      return `${where}: schema ${name(schema)}: ${privilege} on ${share(held, total)} ${kind}${heldByOwner < held ? `, ${held - heldByOwner} by other grantors` : ""}`;
    }),
    ...catalog.exceptions.map(
      ({ schema, kind, privilege, which, names, total, digest }) =>
        `${where}: schema ${name(schema)}: ${which} ${privilege} on ${total} ${kind} ${JSON.stringify(names.slice(0, 20))} (${digest})`,
    ),
    ...catalog.neededSequences.map(
      ({ schema, needed, missing }) => `${where}: schema ${name(schema)}: USAGE on ${share(needed - missing, needed)} needed sequences`,
    ),
    ...catalog.grants.map((grant) => grantEntry(where, grant)),
    ...catalog.defaultPrivileges.map(
      ({ forRole, schema, objects, privilege, grantable }) =>
        `${where}: default ${privilege} on ${objects} of ${name(forRole)} in ${schema === null ? "all schemas" : name(schema)}${grantable ? " with grant option" : ""}`,
    ),
    ...catalog.grantsByTargets.map((grant) => onwardsEntry(where, grant)),
    ...(role.isOrphan ? handoverEntries(role, catalog).map((entry) => `${where}: ${entry}`) : []),
    ...(role.spec.type === "managed" && role.spec.scopes.length > 0
      ? []
      : catalog.owns.map((row) => `${where}: owns ${row.count} objects`)),
  ];
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const inDatabase = new RegExp(`^database (${quoted}): `, "u");
const inSchema = new RegExp(`^schema (${quoted}): `, "u");
const onObject = new RegExp(String.raw`^(?:granted to ${quoted}: )?[A-Z ]+ on (\{(?:${quoted}|[^"{}])*\})`, "u");

/** Reads back what an entry is about. @returns no database for the shared catalogs; no schema where the entry belongs to none. */
export function placeOf(entry: string): { readonly database: string | null; readonly schema: string | null } {
  const where = inDatabase.exec(entry);
  if (where?.[1] === undefined) return { database: null, schema: null };
  const rest = entry.slice(where[0].length);
  return { database: textIn(where[1]), schema: textIn(inSchema.exec(rest)?.[1]) ?? schemaIn(onObject.exec(rest)?.[1]) };
}

function textIn(json: string | undefined): string | null {
  const value: unknown = json === undefined ? null : JSON.parse(json);
  return typeof value === "string" ? value : null;
}

function schemaIn(json: string | undefined): string | null {
  const object: unknown = json === undefined ? null : JSON.parse(json);
  if (typeof object !== "object" || object === null) return null;
  if ("schema" in object) return typeof object.schema === "string" ? object.schema : null;
  return "kind" in object && object.kind === "schema" && "name" in object && typeof object.name === "string" ? object.name : null;
}

/** "all" instead of a number, so that a table made elsewhere and covered already does not make a plan stale. */
function share(held: number, total: number): string {
  return held === total ? "all" : `${held} of ${total}`;
}

function grantEntry(
  where: string,
  grant: { readonly object: object; readonly privilege: string; readonly grantable: boolean; readonly grantor: string },
): string {
  return `${where}: ${grant.privilege} on ${JSON.stringify(grant.object)} by ${name(grant.grantor)}${grant.grantable ? " with grant option" : ""}`;
}

function onwardsEntry(where: string, grant: { readonly role: string; readonly object: object; readonly privilege: string }): string {
  return `${where}: granted to ${name(grant.role)}: ${grant.privilege} on ${JSON.stringify(grant.object)}`;
}

/** A table that appears between review and apply makes the plan stale, instead of being granted silently. */
function relationEntries({ catalog, schemas, wanted }: DatabaseContext, changes: readonly Change[]): readonly string[] {
  if (changes.length === 0) return [];
  const touched = new Set(
    changes.flatMap((change) => {
      if ((change.kind !== "grant" && change.kind !== "revoke") || !("database" in change.on) || change.on.database !== catalog.name)
        return [];
      if ("schema" in change.on) return [change.on.schema];
      if (change.on.kind !== "objects") return [];
      return change.on.objects.flatMap((object) => ("schema" in object ? [object.schema] : []));
    }),
  );
  const kinds: readonly BulkKind[] = [
    "tables",
    ...(wanted.tables.includes("INSERT") ? (["sequences"] as const) : []),
    ...(wanted.routines.length > 0 ? (["routines"] as const) : []),
  ];
  return schemas
    .filter((schema) => touched.has(schema.name))
    .flatMap((schema) =>
      kinds.map((kind) =>
        relationsEntry({ database: catalog.name, schema: schema.name }, { kind, count: schema[kind], digest: schema.digests[kind] }),
      ),
    );
}

function name(text: string): string {
  return JSON.stringify(text);
}
