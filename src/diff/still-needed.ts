// An orphan that a declared role still reaches through: whoever disables or drops it takes away what nobody has undeclared (F45).
import type { Change } from "../model/change.ts";
import type { RoleSpec } from "../model/role-spec.ts";

/**
 * @param changes what the settings would do to the orphan. @param specs every declared role spec of the resource.
 * @returns why the orphan cannot be retired yet.
 */
export function stillNeeded(orphan: string, changes: readonly Change[], specs: readonly RoleSpec[]): readonly string[] {
  const members = specs.filter(({ sourceRole }) => sourceRole === orphan).map(({ resource, label }) => `${resource}/${label}`);
  if (changes.length === 0 || members.length === 0) return [];
  return [`${orphan} is no longer declared, and still the source_role of ${members.join(", ")}: declare it, or name another one there`];
}
