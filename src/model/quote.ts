// Identifiers and literals, for every statement that rolewright sends or prints.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html

/** A quoted identifier; always quoted, so that no word is reserved and no case is folded. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal that means the same whatever standard_conforming_strings says, which a database's owner may set. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? ` E${quoted}` : quoted;
}

/**
 * A psql `\connect` argument. psql takes a name with `=` or `://` for connection options, so such a name goes into one.
 * https://www.postgresql.org/docs/current/app-psql.html
 */
export function connectArgument(database: string): string {
  if (!database.includes("=") && !database.includes("://")) return ident(database);
  const value = database.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `-reuse-previous=on ${ident(`dbname='${value}'`)}`;
}
