// Sessions made from plans and from applies. Identity, time and place of the run come from the caller.
import type { ApplyOutcome } from "../model/apply-outcome.ts";
import { checksumVersion, type RolePlan } from "../model/plan.ts";
import type { Session } from "../model/session.ts";

/** What is the same for every session of a run. */
export type RunFacts = {
  readonly actor: string;
  /** Logins of those who approved the run; left out where nobody had to, or nobody says. */
  readonly approvedBy?: readonly string[];
  readonly commit: string;
  readonly pullRequest: number | null;
  readonly runUrl: string;
  readonly toolVersion: string;
};

export type SessionInput = {
  /** A new UUID. */
  readonly sid: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly run: RunFacts;
  readonly plan: RolePlan;
  readonly source: Session["source"];
};

/** The session of a plan. Warnings and what blocks an apply stand in `command_output`. */
export function planSession(input: SessionInput): Session {
  return {
    ...common(input),
    command_output: planOutput(input.plan),
    kind: "plan",
    status: input.plan.status,
    message: input.plan.message,
  };
}

/** The session of an apply. `input.plan` is the plan made under the lock, which is what ran or would have run. */
export function applySession(input: SessionInput & { readonly outcome: ApplyOutcome }): Session {
  const { outcome } = input;
  return {
    ...common(input),
    command_output: outcome.output,
    kind: "apply",
    status: outcome.status,
    message: outcome.message,
    ...(outcome.planSid === undefined ? {} : { plan_sid: outcome.planSid }),
    statements: outcome.statements,
    databases: outcome.databases,
  };
}

function common(input: SessionInput): Omit<Session, "command_output" | "kind" | "status" | "message"> {
  const { plan, run } = input;
  return {
    sid: input.sid,
    config: plan.config,
    current_state: plan.currentState,
    sql_plan: plan.sqlPlan,
    sql_plan_checksum: plan.checksum,
    resource_name: plan.resource,
    label: plan.label,
    started_at: input.startedAt.toISOString(),
    ended_at: input.endedAt.toISOString(),
    actor: run.actor,
    ...(run.approvedBy === undefined ? {} : { approved_by: run.approvedBy }),
    commit: run.commit,
    pull_request: run.pullRequest,
    run_url: run.runUrl,
    tool_version: run.toolVersion,
    checksum_version: checksumVersion,
    source: input.source,
    target: plan.target,
    effective: plan.effective,
    hazards: plan.hazards,
    observed: plan.observed,
    previous: "",
  };
}

function planOutput(plan: RolePlan): string {
  const warnings = plan.warnings.map((warning) => `warning: ${warning}\n`);
  const blockers = plan.blockers.map(({ message, by, sql }) =>
    sql.length === 0 ? `blocked: ${message}\n` : `blocked: ${message}; to be run by ${by}:\n${sql.map((line) => `${line}\n`).join("")}`,
  );
  return [...warnings, ...blockers].join("");
}
