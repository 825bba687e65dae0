// Where an entry stands: for its origin, and for naming the first of two duplicates.
import { formatLocation, type SourceLocation } from "../model/diagnostic.ts";
import type { Item } from "./source.ts";

/** Origin of what was given as flags, which stands in no file. */
export const commandLine: SourceLocation = { file: "command line", line: 1, column: 1 };

/** Where the entry starts. */
export function originOf(item: Item): SourceLocation {
  return item.source.locate(item.path) ?? commandLine;
}

/** ` at file:line:column` of one key of an entry, and the same as data; nothing for flags. */
export function placeOf(item: Item, key: string): { readonly text: string; readonly related: readonly SourceLocation[] } {
  const at = item.source.locate([...item.path, key]);
  return at === undefined ? { text: "", related: [] } : { text: ` at ${formatLocation(at)}`, related: [at] };
}
