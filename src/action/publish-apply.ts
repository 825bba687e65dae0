// Where the result of an apply goes: a comment on the merged pull request, the state of its plan's comment, the job summary, and a mark
// on the plans of other open pull requests.
import type { PlannedRun } from "../commands/planning.ts";
import { updateComment } from "../io/github/comments.ts";
import type { RefusalReason, Refusal } from "../review/apply-refusal.ts";
import { renderApplyComment, resultOf, type ApplyCommentInput, type ApplyResult } from "../review/apply-comment.ts";
import { renderApply } from "../review/apply-text.ts";
import { count } from "../model/count.ts";
import { restateComment } from "../review/comment.ts";
import { renderApplySummary } from "../review/summary.ts";
import { messageOf as errorMessage } from "../model/error-message.ts";
import type { Session, SessionStatus } from "../model/session.ts";
import type { Approval } from "./approval.ts";
import { placesOf, summarizeResources, type ActionContext, type ActionOutcome, type ReasonCode } from "./context.ts";
import { createCommentOnce } from "./create-comment.ts";
import { findPlanComment } from "./plan-comment.ts";
import { ownIdentity } from "./own-identity.ts";
import { markApplied } from "./applied-commit.ts";
import { markStalePlans } from "./stale-plans.ts";

export type ApplyReport = {
  readonly commit: string;
  readonly approval: Approval;
  readonly planned: PlannedRun;
  readonly sessions: readonly Session[];
  readonly refusal: Refusal | null;
};

export async function publishApply(context: ActionContext, report: ApplyReport): Promise<ActionOutcome> {
  const { approval, planned, sessions } = report;
  const input = commentInput(context, report);
  const result = resultOf(input);
  context.output.lines(renderApply({ sessions, leftOut: planned.sessions.length - sessions.length, width: null }));
  await context.summarize(renderApplySummary(input).body);
  const commentUrl = await reportOn(context, { input, approval, result });
  if (result === "applied" || result === "nothing-to-do") await markApplied(context, report.commit, approval);
  if (result === "applied" || result === "partly-applied") await markStalePlans(context, approval);
  const reasonCode = reasonOf(report, result);
  const results = sessions.length > 0 ? sessions.map(({ resource_name: resource, status }) => ({ resource, status })) : planned.roles;
  return {
    reasonCode,
    isFailure: result === "not-applied" || result === "partly-applied",
    hasChanges: result !== "nothing-to-do",
    checksum: planned.artifact.checksum,
    commentUrl,
    message: messageOf(report, result),
    resources: summarizeResources(results),
  };
}

/**
 * One report for each pull request that the push brought. Never throws: what was applied is applied, whether or not the host takes the
 * report. @returns the last report's address, or "".
 */
async function reportOn(
  context: ActionContext,
  { input, approval, result }: { readonly input: ApplyCommentInput; readonly approval: Approval; readonly result: ApplyResult },
): Promise<string> {
  // A pull request that changes no role needs no report.
  if (context.inputs.comment === "none" || result === "nothing-to-do") return "";
  let address = "";
  for (const { number } of approval.pulls) {
    try {
      address = await reportOnPull(context, number, { input: { ...input, pullRequest: number }, appId: approval.appId, result });
    } catch (error) {
      context.output.error(`warning: pull request #${number} does not say what came of it: ${errorMessage(error)}`);
    }
  }
  return address;
}

async function reportOnPull(
  context: ActionContext,
  number: number,
  {
    input,
    appId,
    result,
  }: { readonly input: ApplyCommentInput; readonly appId: number | null; readonly result: Exclude<ApplyResult, "nothing-to-do"> },
): Promise<string> {
  const own = await ownIdentity(context, appId);
  const { url } = await createCommentOnce(context, { number, body: context.redact(renderApplyComment(input).body), own });
  const plan = own === null ? null : await findPlanComment(context, number, own);
  const restated = plan === null ? null : restateComment(plan.body, { kind: result, url });
  if (plan !== null && restated !== null) await updateComment(context.github, plan.id, restated);
  return url;
}

function commentInput(context: ActionContext, { commit, approval, sessions, refusal }: ApplyReport): ApplyCommentInput {
  return {
    environment: context.inputs.environment,
    pullRequest: approval.pulls.at(-1)?.number ?? 0,
    commit,
    places: placesOf(context, commit),
    sessions,
    refusal,
    unseen: "evidence" in approval.verdict ? approval.verdict.evidence.unconnected : [],
    sessionLog: null,
    whole: [{ label: "run", url: context.run.url }],
    runUrl: context.run.url,
  };
}

const reasonOfRefusal: Readonly<Record<RefusalReason, ReasonCode>> = {
  catalog: "plan-stale-catalog",
  target: "plan-stale-catalog",
  declaration: "plan-stale-declaration",
  version: "plan-stale-declaration",
  "evidence-missing": "evidence-missing",
  "evidence-untrusted": "evidence-untrusted",
  "approval-missing": "approval-missing",
  superseded: "superseded",
  locked: "failed",
};

function reasonOf({ refusal }: ApplyReport, result: ApplyResult): ReasonCode {
  if (refusal !== null) return reasonOfRefusal[refusal.reason];
  const reasons: Readonly<Record<ApplyResult, ReasonCode>> = {
    applied: "applied",
    "nothing-to-do": "no-changes",
    "partly-applied": "partial",
    "not-applied": "failed",
  };
  return reasons[result];
}

function messageOf({ refusal, sessions }: ApplyReport, result: ApplyResult): string {
  if (refusal !== null) return refusal.message || `the ${refusal.reason} is another one than was approved; nothing was changed`;
  const by = (status: SessionStatus): number => sessions.filter((session) => session.status === status).length;
  if (result === "nothing-to-do") return "everything is in sync";
  return `${count(by("success"), "role")} applied, ${by("refused")} refused, ${by("failed")} failed`;
}
