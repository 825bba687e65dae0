// How messages say where something is.

/** @param database `null` for what is in the shared catalogs: nothing is said then. */
export function inDatabase(database: string | null): string {
  return database === null ? "" : ` in database ${JSON.stringify(database)}`;
}
