// One role's plan for a terminal: what will happen, what to mind, the SQL, and the checksum that binds the review to the apply.
import { formatLocation } from "../model/diagnostic.ts";
import type { Line, Style } from "../model/display.ts";
import type { Blocker, Hazard, PlanStatus, RolePlan } from "../model/plan.ts";
import { renderSql } from "./sql-text.ts";

/** What is shown of a role plan; a session's keys make one as well. */
export type RolePlanView = Pick<
  RolePlan,
  | "resource"
  | "label"
  | "roleName"
  | "status"
  | "message"
  | "sqlPlan"
  | "checksum"
  | "effective"
  | "hazards"
  | "warnings"
  | "blockers"
  | "origin"
> & { readonly sid: string | null };

export const statusStyles: Readonly<Record<PlanStatus, Style>> = { failed: "red", "out-of-sync": "yellow", "in-sync": "green" };

/** `analytics/ro`; a role that is no longer declared goes by its PostgreSQL name. */
export function roleTitle(role: Pick<RolePlan, "resource" | "label" | "roleName">): string {
  return `${role.resource}/${role.label === "" ? role.roleName : role.label}`;
}

/** @returns the lines of one role, beginning with its title; no blank line around them. */
export function renderRolePlan(role: RolePlanView): readonly Line[] {
  const origin = role.origin === null ? [] : [{ text: `  ${formatLocation(role.origin)}`, style: "dim" as const }];
  return [
    [{ text: roleTitle(role), style: "bold" }, `  ${role.roleName}  `, { text: role.status, style: statusStyles[role.status] }, ...origin],
    `  ${role.message}`,
    ...foldHazards(role.hazards).map(({ code, messages }): Line => [{ text: `  hazard ${code}: `, style: "yellow" }, messages.join("; ")]),
    ...role.warnings.map((warning): Line => [{ text: "  warning: ", style: "yellow" }, warning]),
    ...role.blockers.flatMap(renderBlocker),
    ...foldEffective(role.effective).map((entry) => `  effective ${entry}`),
    ...(role.status === "out-of-sync" && role.sqlPlan !== "" ? ["", ...renderSql(role.sqlPlan, "    "), ""] : []),
    ...(role.checksum === "" ? [] : [label("checksum", role.checksum)]),
    ...(role.sid === null ? [] : [label("sid", role.sid)]),
  ];
}

function renderBlocker(blocker: Blocker): readonly Line[] {
  return [
    [{ text: "  blocked: ", style: "red" }, blocker.message],
    ...(blocker.sql.length === 0 ? [] : [`    to be run by ${blocker.by}:`]),
    ...blocker.sql.flatMap((sql) => renderSql(sql.startsWith("\\") || /;\s*$/u.test(sql) ? sql : `${sql};`, "      ")),
  ];
}

/** One line for each code, with what it is about told once. */
function foldHazards(hazards: readonly Hazard[]): readonly { readonly code: string; readonly messages: readonly string[] }[] {
  const byCode = Map.groupBy(hazards, (hazard) => hazard.code);
  return [...byCode].map(([code, group]) => ({ code, messages: [...new Set(group.map((hazard) => hazard.message))] }));
}

/** Databases and schemas with the same privileges share a line: `via PUBLIC: USAGE on schema a.public, b.public`. */
function foldEffective(entries: readonly string[]): readonly string[] {
  const groups = Map.groupBy(entries, (entry) => /^via PUBLIC: .*? on (?:schema |tables of )?/u.exec(entry)?.[0] ?? entry);
  return [...groups].map(([prefix, group]) => `${prefix}${group.map((entry) => entry.slice(prefix.length)).join(", ")}`);
}

function label(name: string, value: string): Line {
  return [{ text: `  ${name} `.padEnd(12), style: "dim" }, value];
}
