// Hazards in a word or two each, for a cell of a table.
import type { HazardCode, RolePlan } from "../model/plan.ts";

/** In the order of their weight. */
const words: Readonly<Record<HazardCode, string>> = {
  "drops-role": "drops",
  "reassigns-ownership": "moves ownership",
  "revokes-access": "revokes",
  "disables-login": "disables login",
  "rotates-password": "new password",
  "acts-as-another-role": "acts as another role",
  "reads-password-verifiers": "reads verifiers",
  "dangerous-source-role": "dangerous source",
  "acl-near-limit": "ACL near its limit",
  "widens-access": "widens",
};

/** `revokes, widens`; "" where nothing is hazardous. */
export function hazardWords(roles: readonly RolePlan[]): string {
  const codes = new Set(roles.flatMap((role) => role.statements.flatMap(({ hazards }) => hazards.map(({ code }) => code))));
  return Object.entries(words)
    .filter(([code]) => [...codes].some((present) => present === code))
    .map(([, word]) => word)
    .join(", ");
}
