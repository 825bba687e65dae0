// An orphan that a declared role still reaches through: whoever disables or drops it takes away what nobody has undeclared (F45).
import type { Change } from "../model/change.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import { declaredMembers, type Declarations } from "./declarations.ts";

/**
 * @param changes what the settings would do to the orphan.
 * @returns why the orphan cannot be retired yet.
 */
export function stillNeeded(orphan: string, changes: readonly Change[], declarations: Declarations): readonly string[] {
  const members = declaredMembers(declarations, orphan).map(roleSpecKey);
  if (changes.length === 0 || members.length === 0) return [];
  return [`${orphan} is no longer declared, and still the source_role of ${members.join(", ")}: declare it, or name another one there`];
}
