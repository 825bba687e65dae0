// The report of an apply on the pull requests that it came from. The step writes it, or what runs after the job where the step did not
// get there.
import { updateComment } from "../io/github/comments.ts";
import { renderApplyComment, type ApplyCommentInput, type ApplyResult } from "../review/apply-comment.ts";
import { restateComment } from "../review/comment.ts";
import type { Link } from "../review/link.ts";
import { messageOf } from "../model/error-message.ts";
import { placesOf, type ActionContext } from "./context.ts";
import { createCommentOnce } from "./create-comment.ts";
import { ownIdentity } from "./own-identity.ts";
import { mapSessionTexts } from "../session/session-texts.ts";
import { redactedRefusal } from "./redacted.ts";
import { findPlanComment } from "./plan-comment.ts";

export function applyCommentInput(
  context: ActionContext,
  given: Pick<ApplyCommentInput, "commit" | "sessions" | "refusal"> & {
    readonly unseen?: readonly string[];
    readonly isRepeatable?: boolean;
    readonly hasBlockers?: boolean;
    readonly approvers?: readonly string[];
    readonly pulls: readonly number[];
    readonly sessionLog: Link | null;
  },
): ApplyCommentInput {
  const { commit, sessions, refusal, unseen = [], isRepeatable = false, hasBlockers = false, approvers = [], pulls, sessionLog } = given;
  return {
    environment: context.inputs.environment,
    pullRequest: pulls.at(-1) ?? null,
    approvers,
    commit,
    places: placesOf(context, commit),
    sessions: sessions.map((session) => mapSessionTexts(session, context.redact)),
    refusal: refusal === null ? null : redactedRefusal(context, refusal),
    unseen,
    isRepeatable,
    hasBlockers,
    sessionLog,
    whole: [{ label: "run", url: context.run.url }],
    runUrl: context.run.url,
  };
}

/**
 * One report for each pull request that the push brought and that has none yet. Never throws: what was applied is applied, whether or
 * not the host takes the report. @returns the last report's address, or "".
 */
export async function reportApply(
  context: ActionContext,
  report: {
    readonly input: ApplyCommentInput;
    readonly pulls: readonly number[];
    readonly appId: number | null;
    readonly result: ApplyResult;
  },
): Promise<string> {
  const { input, appId, result } = report;
  // A pull request that changes no role needs no report.
  if (context.inputs.comment === "none" || result === "nothing-to-do") return "";
  let address = "";
  for (const number of report.pulls) {
    if (context.savedState(`reported_${number}`) !== "") continue;
    try {
      address = await reportOnPull(context, number, { input: { ...input, pullRequest: number }, appId, result });
    } catch (error) {
      context.output.error(`warning: pull request #${number} does not say what came of it: ${messageOf(error)}`);
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
  await context.saveState(`reported_${number}`, "true");
  const plan = own === null ? null : await findPlanComment(context, number, own);
  const restated = plan === null ? null : restateComment(plan.body, { kind: result, url });
  if (plan !== null && restated !== null) await updateComment(context.github, plan.id, restated);
  return url;
}
