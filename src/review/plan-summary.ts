// A plan in one line.
import type { HazardCode, RolePlan } from "../model/plan.ts";
import { count } from "../model/count.ts";

const tallies: readonly (readonly [HazardCode, string, string])[] = [
  ["drops-role", "drops a role", "drop roles"],
  ["revokes-access", "revokes access", "revoke access"],
  ["disables-login", "disables a login", "disable logins"],
  ["widens-access", "widens access", "widen access"],
  ["rotates-password", "rotates a password", "rotate passwords"],
];

/** `3 roles: 2 out of sync, 1 in sync; 14 statements; 2 revoke access`. */
export function summarizePlan(roles: readonly RolePlan[]): string {
  if (roles.length === 0) return "no roles are declared";
  const statuses = [
    ["failed", "failed"],
    ["out-of-sync", "out of sync"],
    ["in-sync", "in sync"],
  ].flatMap(([status, words]) => {
    const number = roles.filter((role) => role.status === status).length;
    return number === 0 ? [] : [`${number} ${words}`];
  });
  const statements = roles.flatMap((role) => role.statements);
  const hazards = tallies.flatMap(([code, singular, plural]) => {
    const number = statements.filter((statement) => statement.hazards.some((hazard) => hazard.code === code)).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? singular : plural}`];
  });
  return [
    `${count(roles.length, "role")}: ${statuses.join(", ")}`,
    ...(statements.length === 0 ? [] : [count(statements.length, "statement")]),
    ...hazards,
  ].join("; ");
}
