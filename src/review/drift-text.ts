// Drift for a terminal: what differs from the files, with the SQL that would put it right, who is affected, and what was not read.
import type { Line } from "../model/display.ts";
import type { RolePlan } from "../model/plan.ts";
import { commandLine } from "./command-line.ts";
import { count } from "../model/count.ts";
import { driftWords, type DriftFacts } from "./drift-facts.ts";
import { planKey } from "./plan-text.ts";
import { byRisk } from "./risk.ts";
import { renderRolePlan } from "./role-plan-text.ts";

export type DriftReport = {
  readonly facts: DriftFacts;
  /** Of every role, in sync or not. */
  readonly roles: readonly RolePlan[];
  /** Session ids by {@link planKey}. */
  readonly sids: ReadonlyMap<string, string>;
};

export function renderDrift({ facts, roles, sids }: DriftReport): readonly Line[] {
  const open = roles.filter((role) => role.status !== "in-sync" || role.warnings.length > 0 || role.blockers.length > 0);
  return [
    [{ text: facts.isClean ? `no drift: ${count(roles.length, "role")} as declared` : `drift: ${driftWords(facts)}`, style: "bold" }],
    ...open.toSorted(byRisk).flatMap((role) => ["", ...renderRolePlan({ ...role, sid: sids.get(planKey(role)) ?? null })]),
    ...section(
      "affected",
      facts.affected.map(({ name, members, roles: used }) => `${name} (${count(members.length, "member")}) through ${used.join(", ")}`),
    ),
    ...section(
      "not read",
      facts.unread.map(({ resource, message }) => `${resource}: ${message}`),
    ),
  ];
}

/** The commands that go on from here; empty where nothing is left to do. They are advice: print them with `note`. */
export function renderDriftSteps({ drifted }: DriftFacts, invocation: readonly string[]): readonly Line[] {
  if (drifted.length === 0) return [];
  return [
    [{ text: "to undo it", style: "bold" }],
    `  ${commandLine([...invocation, "plan", "-o", "result.yaml"])}`,
    `  ${commandLine([...invocation, "apply", "-f", "result.yaml"])}`,
    [{ text: "to keep it, declare it", style: "bold" }],
  ];
}

function section(title: string, entries: readonly string[]): readonly Line[] {
  return entries.length === 0 ? [] : ["", [{ text: title, style: "bold" }], ...entries.map((entry) => `  ${entry}`)];
}
