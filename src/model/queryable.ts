// The narrow port through which stages speak to a database. io/postgres.ts gives one; no stage opens a connection itself.

export interface Queryable {
  /**
   * Runs one statement; without parameters also several, and the result is that of the last.
   * One call at a time for each connection.
   * @param parameters values for `$1`, `$2`…
   * @throws QueryError with the SQLSTATE in `code`.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[] }>;
}
