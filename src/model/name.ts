// Names of catalog objects, which anybody with CREATE may have chosen.

/**
 * True for texts that nobody may declare, and that no comment of ours keeps. Terminals obey ANSI sequences, and bidirectional overrides
 * make one name read as another (https://www.unicode.org/reports/tr36/). What is in the catalogs is named all the same: see quote.ts.
 */
export function hasControlCharacters(name: string): boolean {
  return /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name);
}

/** The schemas that a whole-database scope leaves out. `pgboss` is a person's schema: only the prefix `pg_` is reserved. */
export function isSystemSchema(name: string): boolean {
  return name.startsWith("pg_") || name === "information_schema";
}

/** Order by UTF-16 code unit: the same on every machine and in every locale. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
