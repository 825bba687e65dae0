// Names that no statement can hold: in the shared catalogs those that are not UTF-8; and where a database has no encoding, those with an invisible
// character beyond ASCII, since no escape stands for one there, and none is written as it is. What a role has by such a name is left to people, and
// keeps nothing else from being done.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
import { partOf, type Change, type Target } from "../model/change.ts";
import { hasInvisible } from "../model/invisible.ts";
import { isUndecoded } from "../model/name.ts";
import type { ObjectRef } from "../model/object-ref.ts";
import type { Blocked } from "../model/role-diff.ts";
import type { RoleContext } from "./role-context.ts";

/** The changes that can be written, and what stands for the others. */
export function splitIllegible(
  context: RoleContext,
  changes: readonly Change[],
): { readonly legible: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const { roleName } = context.spec;
  const hasNoEncoding = withoutEncoding(context);
  const split = changes.map((change) => splitChange(change, hasNoEncoding(change)));
  const messages = new Set(split.flatMap(({ names, change }) => names.map((name) => obstacle(roleName, { name, change }))));
  return {
    legible: split.flatMap(({ legible }) => legible),
    blocked: [...messages].map((message) => ({ message, by: roleName, database: null, change: null })),
  };
}

/** What stands in the way, without SQL where others could not run that either. */
export function withoutIllegible(context: RoleContext, blocked: readonly Blocked[]): readonly Blocked[] {
  const hasNoEncoding = withoutEncoding(context);
  return blocked.map((each) => {
    if (each.change === null) return each;
    const [name] = splitChange(each.change, hasNoEncoding(each.change)).names;
    return name === undefined ? each : { ...each, change: null, message: `${each.message}; ${reasonFor(name)}` };
  });
}

/** Whether the database that a change is made in has no encoding (SQL_ASCII). */
function withoutEncoding({ observed, maintenanceDatabase }: RoleContext): (change: Change) => boolean {
  const ascii = new Set(observed.cluster.databases.filter(({ isAscii }) => isAscii).map(({ name }) => name));
  return (change) => {
    const part = partOf(change);
    return ascii.has(part.phase === "database" ? part.database : maintenanceDatabase);
  };
}

type Found = { readonly name: string; readonly change: Change };

/** In a database of another encoding it can be spelled: that helps with what is in the shared catalogs, which every database shows. */
function obstacle(roleName: string, found: Found): string {
  const isHereAlone = isUndecoded(found.name) && partOf(found.change).phase === "database";
  return isHereAlone ? reasonFor(found.name) : `${reasonFor(found.name)}, or change by hand what ${roleName} has by it`;
}

function reasonFor(name: string): string {
  const [what, how] = isUndecoded(name)
    ? ["of a role, database, tablespace or parameter is not UTF-8", "on a connection to a database in the encoding of that name, rename it"]
    : ["has invisible characters, and the database no encoding (SQL_ASCII)", "rename it"];
  return `the name ${JSON.stringify(name)} ${what}: no statement here can name it; ${how}`;
}

type Split = { readonly change: Change; readonly legible: readonly Change[]; readonly names: readonly string[] };

/** @param isAscii whether the database that the statement runs in has no encoding. */
function splitChange(change: Change, isAscii: boolean): Split {
  const isUnwritable = (name: string): boolean => isAscii && hasInvisible(name.replaceAll(/[\0-\u007F]/gu, ""));
  const names = [
    ...sharedNamesIn(change).filter((name) => isUndecoded(name) || isUnwritable(name)),
    ...schemasIn(change).filter(isUnwritable),
  ];
  if (names.length > 0) return { change, legible: [], names };
  if (!("on" in change) || change.on.kind !== "objects") return { change, legible: [change], names };
  const bad = new Set(change.on.objects.filter((object) => isUnwritable(nameOf(object))));
  if (bad.size === 0) return { change, legible: [change], names };
  const objects = change.on.objects.filter((object) => !bad.has(object));
  return { change, legible: objects.length === 0 ? [] : [{ ...change, on: { ...change.on, objects } }], names: [...bad].map(nameOf) };
}

/** Names in the shared catalogs. */
function sharedNamesIn(change: Change): readonly string[] {
  switch (change.kind) {
    case "grantMembership":
      return [change.role, change.member];
    case "revokeMembership":
      return [change.role, change.member, ...(change.grantor === null ? [] : [change.grantor])];
    case "grant":
      return [...sharedNamesOf(change.on), change.grantee];
    case "revoke":
      return [...sharedNamesOf(change.on), change.grantee, ...(change.grantor === null ? [] : [change.grantor])];
    case "grantDefault":
    case "revokeDefault":
      return [change.forRole, change.grantee];
    case "createRole":
    case "alterRole":
    case "setPassword":
    case "clearPassword":
    case "commentRole":
    case "reassignOwned":
    case "terminateSessions":
    case "dropRole":
      return []; // Of roles that are declared, carry our marker or are the heir.
  }
}

function sharedNamesOf(target: Target): readonly string[] {
  switch (target.kind) {
    case "database":
      return [target.database];
    case "tablespace":
    case "parameter":
      return [target.name];
    case "schema":
    case "allTables":
    case "allSequences":
    case "allRoutines":
    case "objects":
      return []; // The server converts the names in a database's own catalogs.
  }
}

function schemasIn(change: Change): readonly string[] {
  if ("on" in change) return "schema" in change.on ? [change.on.schema] : [];
  return "schema" in change && change.schema !== null ? [change.schema] : [];
}

/** All that a statement says of the object. */
function nameOf(object: ObjectRef): string {
  const names = Object.entries(object).filter(([key]) => key !== "kind");
  return names.map(([, name]) => name).join(".");
}
