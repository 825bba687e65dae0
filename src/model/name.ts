// Names of catalog objects, which anybody with CREATE may have chosen.

/** The schemas that a whole-database scope leaves out. `pgboss` is a person's schema: only the prefix `pg_` is reserved. */
export function isSystemSchema(name: string): boolean {
  return name.startsWith("pg_") || name === "information_schema";
}

/** Order by UTF-16 code unit: the same on every machine and in every locale. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
