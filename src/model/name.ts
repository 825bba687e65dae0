// Names of catalog objects, which anybody with CREATE may have chosen.

/** The schemas that a whole-database scope leaves out. `pgboss` is a person's schema: only the prefix `pg_` is reserved. */
export function isSystemSchema(name: string): boolean {
  return name.startsWith("pg_") || name === "information_schema";
}

/**
 * Names in the shared catalogs are in the encoding of the database where they were made, and nothing tells which one that was: what is no UTF-8
 * arrives with U+FFFD in it, and may be any of several names. One that has that character itself passes for such a name.
 * https://www.postgresql.org/docs/current/multibyte.html
 */
export function isUndecoded(name: string): boolean {
  return name.includes("\uFFFD");
}

/** Order by UTF-16 code unit: the same on every machine and in every locale. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
