// Observed entries of which there may be any number: so many are named, and a digest stands for all.
import { createHash } from "node:crypto";

/** Of more, the first ones are named. */
export const maximumNamed = 20;

/** @param whole what is said of more of them than are named, before their digest. @returns the entries, or the first of them and that line. */
export function firstEntries(entries: readonly string[], whole: (count: number) => string): readonly string[] {
  if (entries.length <= maximumNamed) return entries;
  const digest = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
  return [...entries.slice(0, maximumNamed), `${whole(entries.length)} (${digest})`];
}
