// Introspection queries return one row, whose JSON columns are lists: the server sorts and nests, and node-postgres parses.

/** The one row of a query that always has one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row, ...rest] = rows;
  if (row === undefined || rest.length > 0) throw new Error(`a catalog query returned ${rows.length} rows instead of one`);
  return row;
}
