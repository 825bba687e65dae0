// The line of a plan's observed entries that says which relations a schema has: written for the checksum, and found again by the schema.
import type { BulkKind } from "./object-ref.ts";

type Place = { readonly database: string; readonly schema: string };

/** @param relations.digest over their names. Part of the checksum: see checksumVersion. */
export function relationsEntry(
  place: Place,
  relations: { readonly kind: BulkKind; readonly count: number; readonly digest: string },
): string {
  return `${placeText(place)}: ${relations.count} ${relations.kind} (${relations.digest})`;
}

/** Whether an entry is the one of this schema, of whatever kind. */
export function isRelationsEntry(entry: string, place: Place): boolean {
  const start = `${placeText(place)}: `;
  return entry.startsWith(start) && /^\d+ (?:tables|sequences|routines) \([^()]*\)$/u.test(entry.slice(start.length));
}

function placeText({ database, schema }: Place): string {
  return `database ${JSON.stringify(database)}: schema ${JSON.stringify(schema)}`;
}
