// Where the result of an apply goes: a comment on the merged pull request, the state of its plan's comment, the job summary, and a mark
// on the plans of other open pull requests.
import type { PlannedRun } from "../commands/planning.ts";
import type { RefusalReason, Refusal } from "../review/apply-refusal.ts";
import { resultOf, type ApplyCommentInput, type ApplyResult } from "../review/apply-comment.ts";
import { renderApply } from "../review/apply-text.ts";
import { count } from "../model/count.ts";
import { renderApplySummary } from "../review/summary.ts";
import type { Session, SessionStatus } from "../model/session.ts";
import type { Approval } from "./approval.ts";
import { markApplied } from "./applied-commit.ts";
import { summarizeResources, type ActionContext, type ActionOutcome, type ReasonCode } from "./context.ts";
import { applyCommentInput, reportApply } from "./report-apply.ts";
import { markStalePlans } from "./stale-plans.ts";

/** What every apply comes to, whoever asked for it. */
export type ApplyFacts = {
  readonly commit: string;
  readonly planned: PlannedRun;
  readonly sessions: readonly Session[];
  readonly refusal: Refusal | null;
};

export type ApplyReport = ApplyFacts & { readonly approval: Approval };

export async function publishApply(context: ActionContext, report: ApplyReport): Promise<ActionOutcome> {
  const { commit, planned, approval, sessions, refusal } = report;
  const pulls = approval.pulls.map(({ number }) => number);
  // First, so that the report says truly where they are.
  const { link: sessionLog } = await context.keepSessions();
  const input = applyCommentInput(context, { commit, sessions, refusal, ...planOf(approval, planned), pulls, sessionLog });
  const result = resultOf(input);
  logApply(context, report);
  await context.summarize(renderApplySummary(input).body);
  const commentUrl = await reportApply(context, { input, pulls, appId: approval.appId, result });
  if (isDone(result)) await markApplied(context, commit, approval.appId);
  const applied = approval.pulls.at(-1);
  if (applied !== undefined && hasChanged(result))
    await markStalePlans(context, { branch: applied.baseBranch, appliedBy: applied.number, appId: approval.appId });
  return applyOutcome(report, commentUrl);
}

/** What the approved plan, and that of now, say to the report. */
export function planOf({ verdict }: Approval, planned: PlannedRun): Pick<ApplyCommentInput, "unseen" | "isRepeatable" | "hasBlockers"> {
  const blocked = { hasBlockers: hasBlockers(planned) };
  if ("reason" in verdict) return { unseen: [], isRepeatable: false, ...blocked };
  return { unseen: verdict.evidence.unconnected, isRepeatable: verdict.evidence.roles !== null, ...blocked };
}

/** Whether an apply of the plan leaves something to be done by others first. */
export function hasBlockers({ roles }: PlannedRun): boolean {
  return roles.some(({ blockers }) => blockers.length > 0);
}

/** Whether all that was planned is as it should be. */
export function isDone(result: ApplyResult): boolean {
  return result === "applied" || result === "nothing-to-do";
}

/** Whether the catalogs that other plans rest on are other ones since, as far as anybody knows. */
export function hasChanged(result: ApplyResult): boolean {
  return result !== "nothing-to-do" && result !== "not-applied";
}

/** Into the log, as on the command line. */
export function logApply({ output }: ActionContext, { planned, sessions }: ApplyFacts): void {
  output.lines(renderApply({ sessions, leftOut: planned.sessions.length - sessions.length, width: null }));
}

/** @param commentUrl where it was reported; "" where it was not. */
export function applyOutcome(facts: ApplyFacts, commentUrl: string): ActionOutcome {
  const { planned, sessions } = facts;
  const result = resultOf(facts);
  const results = sessions.length > 0 ? sessions.map(({ resource_name: resource, status }) => ({ resource, status })) : planned.roles;
  return {
    reasonCode: reasonOf(facts, result),
    isFailure: !isDone(result),
    hasChanges: result !== "nothing-to-do",
    checksum: planned.artifact.checksum,
    commentUrl,
    message: messageOf(facts, result),
    resources: summarizeResources(results),
  };
}

export const reasonOfRefusal: Readonly<Record<RefusalReason, ReasonCode>> = {
  catalog: "plan-stale-catalog",
  target: "plan-stale-catalog",
  declaration: "plan-stale-declaration",
  version: "plan-stale-declaration",
  "evidence-missing": "evidence-missing",
  "evidence-untrusted": "evidence-untrusted",
  "approval-missing": "approval-missing",
  unexpected: "plan-stale",
  unplanned: "plan-failed",
  ended: "failed",
};

function reasonOf({ refusal, sessions }: ApplyFacts, result: ApplyResult): ReasonCode {
  if (refusal !== null) return reasonOfRefusal[refusal.reason];
  // Between the plan of this run and its lock.
  if (result === "not-applied" && sessions.some(({ status }) => status === "refused")) return "plan-stale-catalog";
  const reasons: Readonly<Record<ApplyResult, ReasonCode>> = {
    applied: "applied",
    "nothing-to-do": "no-changes",
    "partly-applied": "partial",
    "in-doubt": "failed",
    "not-applied": "failed",
  };
  return reasons[result];
}

function messageOf({ refusal, sessions }: ApplyFacts, result: ApplyResult): string {
  if (refusal !== null) return refusal.message || `the ${refusal.reason} is another one than was approved; nothing was changed`;
  const by = (status: SessionStatus): number => sessions.filter((session) => session.status === status).length;
  if (result === "nothing-to-do") return "everything is in sync";
  return `${count(by("success"), "role")} applied, ${by("refused")} refused, ${by("failed")} failed`;
}
