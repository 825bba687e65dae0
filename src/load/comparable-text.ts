// A column's value as text in which two entries that mean the same are equal: sorted lists, one way of writing, defaults left out.
import { compareNames } from "../model/name.ts";
import { declarablePrivileges } from "../model/privilege.ts";
import { formatScope, parseScope } from "../model/scope.ts";
import type { Column } from "./columns.ts";
import { readExpiry } from "./expiry.ts";
import { textsOf } from "./source.ts";

/** What a missing value means. */
const defaults = new Map([
  ["type", "managed"],
  ["port", "5432"],
  ["maintenance_database", "postgres"],
  ["rotate_password", "false"],
  ["future_objects", "false"],
]);

/** @returns "" for nothing and for the default. */
export function comparableText(column: Column, values: ReadonlyMap<string, unknown>): string {
  const value = values.get(column.key);
  if (Array.isArray(value)) {
    const texts = textsOf(values, column.key).map(({ text }) => comparableEntry(column.key, text));
    return [...new Set(texts)].toSorted(compareEntries).join(";");
  }
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "";
  const text = comparableScalar(column.key, String(value));
  return text === defaults.get(column.key) ? "" : text;
}

/** Privileges in PostgreSQL's order, everything else by name. */
function compareEntries(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || compareNames(a, b);
}

function rankOf(word: string): number {
  const index = declarablePrivileges.findIndex((privilege) => privilege === word);
  return index < 0 ? declarablePrivileges.length : index;
}

function comparableEntry(key: string, text: string): string {
  if (key === "privileges") return text.trim().toUpperCase();
  if (key !== "scopes") return text;
  const scope = parseScope(text);
  return "problem" in scope ? text : formatScope(scope);
}

function comparableScalar(key: string, text: string): string {
  if (key === "expires_at") return readExpiry(text) ?? text;
  // The only type of a resource, in any case; also the default.
  return key === "type" && text.toLowerCase() === "postgresql" ? "" : text;
}
