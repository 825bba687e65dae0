// Names in the shared catalogs are in the encoding of the database where they were made, and nothing tells which one that was. What is no UTF-8
// arrives with U+FFFD in it, and no statement can name it again: that is left to people, and keeps nothing else from being done.
// https://www.postgresql.org/docs/current/multibyte.html
import type { Change, Target } from "../model/change.ts";
import type { Blocked } from "../model/role-diff.ts";

export function isIllegible(name: string): boolean {
  return name.includes("\uFFFD");
}

/** The changes that can be written, and what stands for the others. */
export function splitIllegible(
  roleName: string,
  changes: readonly Change[],
): { readonly legible: readonly Change[]; readonly blocked: readonly Blocked[] } {
  const names = new Set(changes.flatMap((change) => illegibleIn(change) ?? []));
  if (names.size === 0) return { legible: changes, blocked: [] };
  return {
    legible: changes.filter((change) => illegibleIn(change) === undefined),
    blocked: [...names].map((name) => ({ message: messageOf(roleName, name), by: roleName, database: null, change: null })),
  };
}

function messageOf(roleName: string, name: string): string {
  return `the name ${JSON.stringify(name)} of a role, database or tablespace is not UTF-8, so that no statement here can name it; rename it, or change what ${roleName} has by it, on a connection to a database in the encoding of that name`;
}

function illegibleIn(change: Change): string | undefined {
  return sharedNamesIn(change).find(isIllegible);
}

/** The server converts the names in a database's own catalogs. */
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
