// The plan of many role specs for a terminal: the counts, a table with the most dangerous first, each role, and what to do next.
import type { Line, Span } from "../model/display.ts";
import type { Plan, RolePlan } from "../model/plan.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import { commandLine } from "./command-line.ts";
import { count } from "../model/count.ts";
import { summarizePlan } from "./plan-summary.ts";
import { byRisk, riskOf, type Risk } from "./risk.ts";
import { renderRolePlan, roleTitle, statusStyles } from "./role-plan-text.ts";
import { renderTable, type Cell } from "./table.ts";

export type PlanReport = {
  readonly plan: Plan;
  /** Session ids by {@link planKey}. */
  readonly sids: ReadonlyMap<string, string>;
  /** Plans that apply will refuse, by {@link planKey}: why has been said. */
  readonly refused: ReadonlySet<string>;
  /** Where `-o` wrote the result; `null` without it. */
  readonly resultFile: string | null;
  /** The words that call rolewright again: `["rolewright", "-C", "access"]`. */
  readonly invocation: readonly string[];
  /** The words of the selection to repeat: `["analytics"]`, `["-f", "plan.yaml"]`, or none for the whole repository. */
  readonly selection: readonly string[];
};

const riskWords: Readonly<Record<Risk, Cell>> = {
  failed: "",
  drops: { text: "drops", style: "red" },
  revokes: { text: "revokes access", style: "yellow" },
  widens: { text: "widens access", style: "yellow" },
  changes: "changes",
  none: "",
};

/** Identity of a role plan among the plans of a run; orphans have no label. */
export function planKey(role: Pick<RolePlan, "resource" | "label" | "roleName">): string {
  return role.label === "" ? JSON.stringify([role.resource, role.roleName]) : roleSpecKey(role);
}

/** @param width columns of the terminal; `null`: nothing is cut. */
export function renderPlan(report: PlanReport, width: number | null): readonly Line[] {
  const roles = report.plan.roles.toSorted(byRisk);
  const open = roles.filter((role) => role.status !== "in-sync" || role.warnings.length > 0 || role.blockers.length > 0);
  const inSync = roles.length - open.length;
  const sections: (readonly Line[])[] = [
    [[{ text: summarizePlan(roles), style: "bold" }]],
    [...renderPlanTable(open, width), ...(inSync === 0 || open.length === 0 ? [] : [inSyncLine(inSync)])],
    ...saidOnce(open).map((role) => renderRolePlan({ ...role, sid: report.sids.get(planKey(role)) ?? null })),
    roles.length > 1 && open.length > 0 && report.plan.checksum !== ""
      ? [[{ text: "checksum of the whole plan ", style: "dim" }, report.plan.checksum]]
      : [],
  ];
  return joinSections(sections);
}

/** The commands that go on from here; empty where nothing is left to do. They are advice: print them with `note`. */
export function renderNextSteps(report: PlanReport): readonly Line[] {
  const { roles } = report.plan;
  const again = commandLine([...report.invocation, "plan", ...report.selection]);
  const ready = roles.filter((role) => role.status === "out-of-sync" && role.statements.length > 0 && !report.refused.has(planKey(role)));
  const steps: string[] = [];
  if (roles.some((role) => role.status === "failed" || role.blockers.length > 0))
    steps.push(`${again}   # after what failed or is blocked has been mended`);
  if (ready.length > 0) steps.push(...applySteps(report, ready, again));
  return steps.length === 0 ? [] : [[{ text: "next", style: "bold" }], ...steps.map((step) => `  ${step}`)];
}

function applySteps(report: PlanReport, ready: readonly RolePlan[], again: string): readonly string[] {
  if (report.resultFile !== null) return [commandLine([...report.invocation, "apply", "-f", report.resultFile])];
  const declared = ready.flatMap((role) => {
    const sid = report.sids.get(planKey(role));
    return sid === undefined ? [] : [{ resource: role.resource, sid }];
  });
  const [first, ...more] = declared;
  if (first === undefined || more.length > 0)
    return [`${again} -o result.yaml`, commandLine([...report.invocation, "apply", "-f", "result.yaml"])];
  return [commandLine([...report.invocation, "apply", first.resource, "--sid", first.sid])];
}

function renderPlanTable(roles: readonly RolePlan[], width: number | null): readonly Line[] {
  return renderTable({
    width,
    columns: [
      { header: "role" },
      { header: "status" },
      { header: "risk" },
      { header: "statements", align: "right" },
      { header: "message" },
    ],
    rows: roles.map((role) => [
      roleTitle(role),
      { text: role.status, style: statusStyles[role.status] },
      riskWords[riskOf(role)],
      String(role.statements.length),
      // Its section has it in full.
      role.status === "failed" ? "see below" : role.message,
    ]),
  });
}

/** What one resource has failed of stands with the first of its roles: that it cannot be reached, say. */
function saidOnce(roles: readonly RolePlan[]): readonly RolePlan[] {
  const first = new Map<string, RolePlan>();
  return roles.map((role) => {
    if (role.status !== "failed") return role;
    const key = JSON.stringify([role.resource, role.message]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, role);
    return earlier === undefined ? role : { ...role, message: `as ${roleTitle(earlier)} above` };
  });
}

function inSyncLine(number: number): readonly Span[] {
  return [{ text: `and ${count(number, "role")} in sync`, style: "green" }];
}

/** One blank line between sections that have something in them. */
function joinSections(sections: readonly (readonly Line[])[]): readonly Line[] {
  return sections.filter((section) => section.length > 0).flatMap((section, index) => (index === 0 ? section : ["", ...section]));
}
