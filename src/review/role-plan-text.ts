// One role's plan for a terminal: what will happen, what to mind, the SQL, and the checksum that binds the review to the apply.
import { formatLocation } from "../model/diagnostic.ts";
import type { Line, Style } from "../model/display.ts";
import type { Blocker, PlanStatus, RolePlan } from "../model/plan.ts";
import { foldEffective, foldHazards } from "./fold.ts";
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

function label(name: string, value: string): Line {
  return [{ text: `  ${name} `.padEnd(12), style: "dim" }, value];
}
