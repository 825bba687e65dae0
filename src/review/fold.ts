// Many entries that say nearly the same, as few.
import type { Hazard } from "../model/plan.ts";

/** One line for each code, with what it is about told once. */
export function foldHazards(hazards: readonly Hazard[]): readonly { readonly code: string; readonly messages: readonly string[] }[] {
  const byCode = Map.groupBy(hazards, (hazard) => hazard.code);
  return [...byCode].map(([code, group]) => ({ code, messages: [...new Set(group.map((hazard) => hazard.message))] }));
}

/** Databases and schemas with the same privileges share a line: `via PUBLIC: USAGE on schema a.public, b.public`. */
export function foldEffective(entries: readonly string[]): readonly string[] {
  const groups = Map.groupBy(entries, (entry) => /^via PUBLIC: .*? on (?:schema |tables of )?/u.exec(entry)?.[0] ?? entry);
  return [...groups].map(([prefix, group]) => `${prefix}${group.map((entry) => entry.slice(prefix.length)).join(", ")}`);
}
