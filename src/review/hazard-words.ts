// Hazards in a word or two each, for a cell of a table.
import type { HazardCode, RolePlan } from "../model/plan.ts";

/** In the order of their weight. */
const words: Readonly<Record<HazardCode, string>> = {
  "drops-role": "drops",
  "reassigns-ownership": "moves ownership",
  "drops-policies": "drops policies",
  "runs-as-new-owner": "code changes hands",
  "revokes-access": "revokes",
  "disables-login": "disables login",
  "rotates-password": "new password",
  "acts-as-another-role": "acts as another role",
  "reads-password-verifiers": "reads verifiers",
  superuser: "dangerous source",
  createrole: "dangerous source",
  replication: "dangerous source",
  bypassrls: "dangerous source",
  pg_execute_server_program: "dangerous source",
  pg_server_files: "dangerous source",
  "acl-near-limit": "ACL near its limit",
  "widens-access": "widens",
};

/** `revokes, widens`; "" where nothing is hazardous. */
export function hazardWords(roles: readonly RolePlan[]): string {
  const codes = new Set<string>(roles.flatMap((role) => role.statements.flatMap(({ hazards }) => hazards.map(({ code }) => code))));
  const present = Object.entries(words).filter(([code]) => codes.has(code));
  return [...new Set(present.map(([, word]) => word))].join(", ");
}
