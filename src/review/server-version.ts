// https://www.postgresql.org/docs/current/libpq-status.html#LIBPQ-PQSERVERVERSION

/** `16.14` for 160014. */
export function formatServerVersion(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}
