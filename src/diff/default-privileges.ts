// Default privileges: with `future_objects`, one entry for every role that owns or may create objects in the scope; without, none.
// They belong to the creating role, never to the schema: https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
import type { Change } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import type { DefaultPrivilege, SchemaInfo } from "../model/observed.ts";
import type { DatabaseContext } from "./database-context.ts";
import { willExist } from "./role-context.ts";

type Entry = Pick<DefaultPrivilege, "forRole" | "schema" | "objects" | "privilege">;

export function diffDefaultPrivileges(context: DatabaseContext): readonly Change[] {
  const desired = desiredEntries(context);
  const desiredKeys = new Set(desired.map(entryKey));
  const held = context.catalog.defaultPrivileges;
  const heldKeys = new Set(held.filter((entry) => !entry.grantable).map(entryKey));
  // A grant option cannot stay: the whole entry is revoked first and then granted again, which ends at what is declared.
  const unwanted = held
    .filter((entry) => entry.grantable || !desiredKeys.has(entryKey(entry)))
    .toSorted((a, b) => compareNames(a.privilege, b.privilege));
  const missing = desired.filter((entry) => !heldKeys.has(entryKey(entry)));
  return [...changesOf("revokeDefault", unwanted, context), ...changesOf("grantDefault", missing, context)];
}

function desiredEntries(context: DatabaseContext): readonly Entry[] {
  const { role, wanted, schemas } = context;
  if (!role.spec.futureObjects) return [];
  return schemas.flatMap((info) => {
    const schema = info.name;
    return creators(context, info).flatMap((forRole): readonly Entry[] => [
      ...wanted.tables.map((privilege) => ({ forRole, schema, objects: "TABLES" as const, privilege })),
      ...(wanted.tables.includes("INSERT") ? [{ forRole, schema, objects: "SEQUENCES" as const, privilege: "USAGE" }] : []),
      ...wanted.routines.map((privilege) => ({ forRole, schema, objects: "FUNCTIONS" as const, privilege })),
    ]);
  });
}

/** The roles whose new objects the role is to reach: declared ones only where they exist, or this run makes them. */
function creators({ role }: DatabaseContext, schema: SchemaInfo): readonly string[] {
  const { spec, declarations } = role;
  return schema.creators.filter((creator) => creator !== spec.roleName && (!declarations.own.has(creator) || willExist(role, creator)));
}

function entryKey(entry: Entry): string {
  return JSON.stringify([entry.forRole, entry.schema, entry.objects, entry.privilege]);
}

function changesOf(
  kind: "grantDefault" | "revokeDefault",
  entries: readonly Entry[],
  { role, catalog }: DatabaseContext,
): readonly Change[] {
  const groups = Map.groupBy(entries, (entry) => JSON.stringify([entry.forRole, entry.schema, entry.objects]));
  return [...groups.values()].flatMap((group): readonly Change[] => {
    const [first] = group;
    if (!first) return [];
    const { forRole, schema, objects } = first;
    const privileges = group.map((entry) => entry.privilege);
    return [{ kind, database: catalog.name, forRole, schema, objects, privileges, grantee: role.spec.roleName }];
  });
}
