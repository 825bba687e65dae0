// Names that no statement can hold. Those in the shared catalogs are in the encoding of the database where they were made, and nothing tells
// which one that was: what is no UTF-8 arrives with U+FFFD in it. And where a database has no encoding, no escape stands for an invisible
// character beyond ASCII, and none is written as it is. Such a name is left to people, and keeps nothing else from being done.
// https://www.postgresql.org/docs/current/multibyte.html, https://www.postgresql.org/docs/current/sql-syntax-lexical.html
import { partOf, type Change, type Target } from "../model/change.ts";
import { hasInvisible } from "../model/invisible.ts";
import type { ObjectRef } from "../model/object-ref.ts";
import type { Blocked } from "../model/role-diff.ts";
import type { RoleContext } from "./role-context.ts";

/** The changes that can be written, and what stands for the others. */
export function splitIllegible(
  context: RoleContext,
  changes: readonly Change[],
): { readonly legible: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const { spec, observed, maintenanceDatabase } = context;
  const ascii = new Set(observed.cluster.databases.filter(({ isAscii }) => isAscii).map(({ name }) => name));
  const split = changes.map((change) => {
    const part = partOf(change);
    return splitChange(change, ascii.has(part.phase === "database" ? part.database : maintenanceDatabase));
  });
  const names = new Set(split.flatMap((each) => each.names));
  return {
    legible: split.flatMap(({ legible }) => legible),
    blocked: [...names].map((name) => ({ message: messageOf(spec.roleName, name), by: spec.roleName, database: null, change: null })),
  };
}

/** What is not UTF-8. A name that has the replacement character itself passes for one. */
export function isUndecoded(name: string): boolean {
  return name.includes("\uFFFD");
}

function isUnwritable(name: string): boolean {
  return hasInvisible(name.replaceAll(/[\0-\u007F]/gu, ""));
}

function messageOf(roleName: string, name: string): string {
  const [what, where] = isUndecoded(name)
    ? ["of a role, database or tablespace is not UTF-8", "on a connection to a database in the encoding of that name"]
    : ["has invisible characters, and the database no encoding (SQL_ASCII)", "by hand"];
  return `the name ${JSON.stringify(name)} ${what}, so that no statement here can name it; rename it, or change what ${roleName} has by it, ${where}`;
}

/** @param isAscii whether the database that the statement runs in has no encoding. */
function splitChange(change: Change, isAscii: boolean): { readonly legible: readonly Change[]; readonly names: readonly string[] } {
  const own = [
    ...sharedNamesIn(change).filter((name) => isUndecoded(name) || (isAscii && isUnwritable(name))),
    ...localNamesIn(change).filter((name) => isAscii && isUnwritable(name)),
  ];
  if (own.length > 0) return { legible: [], names: own };
  if (!isAscii || !("on" in change) || change.on.kind !== "objects") return { legible: [change], names: [] };
  const names = change.on.objects.map(nameOf).filter(isUnwritable);
  const objects = change.on.objects.filter((object) => !isUnwritable(nameOf(object)));
  return { legible: objects.length === 0 ? [] : [{ ...change, on: { ...change.on, objects } }], names };
}

/** In the shared catalogs. */
function sharedNamesIn(change: Change): readonly string[] {
  switch (change.kind) {
    case "grantMembership":
      return [change.role];
    case "revokeMembership":
      return [change.role, change.grantor ?? ""];
    case "grant":
      return sharedNamesOf(change.on);
    case "revoke":
      return [...sharedNamesOf(change.on), change.grantor ?? ""];
    case "grantDefault":
    case "revokeDefault":
      return [change.forRole];
    default:
      return [];
  }
}

function sharedNamesOf(target: Target): readonly string[] {
  if (target.kind === "database") return [target.database];
  return target.kind === "tablespace" ? [target.name] : [];
}

/** In a database's own catalogs, whose names the server converts; objects apart. */
function localNamesIn(change: Change): readonly string[] {
  if ("on" in change) return "schema" in change.on ? [change.on.schema] : [];
  return "schema" in change ? [change.schema ?? ""] : [];
}

/** All that a statement says of the object. */
function nameOf(object: ObjectRef): string {
  const names = Object.entries(object).filter(([key]) => key !== "kind");
  return names.map(([, name]) => name).join(".");
}
