// Identifiers and literals, for every statement that rolewright sends or prints. Whatever a name holds, it stays on its line: psql obeys
// what follows a line break, and nobody can review what is invisible.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
import { escapeInvisible, hasInvisible, hexadecimal } from "./invisible.ts";

/**
 * A quoted identifier; always quoted, so that no word is reserved and no case is folded. With Unicode escapes where it holds what is
 * invisible: they mean the same whatever standard_conforming_strings says, unlike those of a literal, and the server names the
 * character in the encoding of the database, as it has done when it told the name. Only SQL_ASCII has none but the ASCII ones.
 */
export function ident(name: string): string {
  const quoted = name.replaceAll('"', '""');
  if (!hasInvisible(name)) return `"${quoted}"`;
  const escaped = escapeInvisible(quoted.replaceAll("\\", "\\\\"), (code) =>
    code > 0xffff ? `\\+${hexadecimal(code, 6)}` : `\\${hexadecimal(code, 4)}`,
  );
  return `U&"${escaped}"`;
}

/** Text that has quoted identifiers in it, as `quote_ident` makes them on the server, with each of them as `ident` would have it. */
export function identsIn(text: string): string {
  return text.replace(/"((?:[^"]|"")*)"/gu, (_, quoted: string) => ident(quoted.replaceAll('""', '"')));
}

/** A string literal that means the same whatever standard_conforming_strings says, which a database's owner may set. */
export function literal(text: string): string {
  const quoted = escapeInvisible(text.replaceAll("'", "''").replaceAll("\\", "\\\\"), (code) =>
    code > 0xffff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`,
  );
  return quoted.includes("\\") ? ` E'${quoted}'` : `'${quoted}'`;
}

/**
 * A psql `\connect` argument. psql takes a name with `=` or `://` for connection options, so such a name goes into one.
 * https://www.postgresql.org/docs/current/app-psql.html
 */
export function connectArgument(database: string): string {
  if (!database.includes("=") && !database.includes("://")) return psqlIdent(database);
  const value = database.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `-reuse-previous=on ${psqlIdent(`dbname='${value}'`)}`;
}

/** psql knows no U&"…", but it resolves escapes of bytes between single quotes before it looks for the double ones. */
function psqlIdent(name: string): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  if (!hasInvisible(name)) return quoted;
  return `'${escapeInvisible(quoted.replaceAll("\\", "\\\\").replaceAll("'", "''"), bytesOf)}'`;
}

function bytesOf(codePoint: number): string {
  return [...new TextEncoder().encode(String.fromCodePoint(codePoint))].map((byte) => `\\x${hexadecimal(byte, 2)}`).join("");
}
