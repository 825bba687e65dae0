// drift: apply. What the run has just found to differ is applied with the admin accounts, by the usual lock and gate: planned again, and
// refused where that plan is another one. Only roles that the default branch declares and people have approved (drift-approval.ts); what is
// left of others waits for an apply.
import { applyReviewed } from "../commands/applying.ts";
import { createConnector } from "../commands/connector.ts";
import type { FoundDrift } from "../commands/drifting.ts";
import type { Workspace } from "../commands/workspace.ts";
import { createComment } from "../io/github/comments.ts";
import { messageOf } from "../model/error-message.ts";
import type { Session } from "../model/session.ts";
import { renderApplyComment, resultOf, type ApplyCommentInput } from "../review/apply-comment.ts";
import { moreBytes, renderApplySummary } from "../review/summary.ts";
import type { SessionLog } from "../session/store.ts";
import { saveApplyState } from "./apply-state.ts";
import type { ActionContext } from "./context.ts";
import { endDrift, type ShownDrift } from "./drift-issue.ts";
import { ownAppId } from "./own-identity.ts";
import { hasChanged, logApply } from "./publish-apply.ts";
import { applyCommentInput } from "./report-apply.ts";
import { markStalePlans } from "./stale-plans.ts";

export type DriftRepair = {
  readonly workspace: Workspace;
  readonly log: SessionLog;
  readonly found: FoundDrift;
  /** Of {@link repairable}, as far as somebody has approved it. */
  readonly reviewed: readonly Session[];
  /** `null` where no issue is to be written. */
  readonly shown: ShownDrift | null;
  readonly commit: string;
  readonly branch: string;
};

/** What differs and is declared. */
export function repairable({ planned }: FoundDrift): readonly Session[] {
  return planned.sessions.filter(({ status, source }) => status === "out-of-sync" && source !== "orphan");
}

/** @returns one apply session for each role that differed and is declared; none where there were none. */
export async function repairDrift(context: ActionContext, repair: DriftRepair): Promise<readonly Session[]> {
  const { workspace, log, found, reviewed, commit, branch } = repair;
  if (reviewed.length === 0) return [];
  const connector = createConnector(context, workspace, "apply");
  await saveApplyState(context, { commit, pulls: [], appId: null });
  const { sessions } = await applyReviewed(context, workspace, { reviewed, log, connector });
  const facts = { commit, planned: { ...found.planned, sessions: reviewed }, sessions, refusal: null };
  const { link: sessionLog } = await context.keepSessions();
  const input = applyCommentInput(context, { ...facts, pulls: [], sessionLog });
  logApply(context, facts);
  await context.summarize(renderApplySummary(input, moreBytes).body);
  if (repair.shown !== null) await reportRepair(context, { shown: repair.shown, found, reviewed }, input);
  if (hasChanged(resultOf(input))) await markStalePlans(context, { branch, appliedBy: null, appId: await ownAppId(context) });
  return sessions;
}

/** Never throws: what was applied is applied, whether or not the host takes the report. */
async function reportRepair(
  context: ActionContext,
  { shown, found, reviewed }: Pick<DriftRepair, "found" | "reviewed"> & { readonly shown: ShownDrift },
  input: ApplyCommentInput,
): Promise<void> {
  const { facts } = found;
  const result = resultOf(input);
  const isRight = result === "applied" || result === "nothing-to-do";
  const isAll = facts.failed.length + facts.unread.length === 0 && facts.drifted.length === reviewed.length;
  const { body } = renderApplyComment(input);
  try {
    if (isRight && isAll) await endDrift(context, shown.issue, body);
    // The same failure every night is said once; the run itself fails each time.
    else if (shown.isNews || hasChanged(result)) await createComment(context.github, shown.issue.number, context.redact(body));
  } catch (error) {
    context.output.error(`warning: issue #${shown.issue.number} does not say what was applied: ${messageOf(error)}`);
  }
}
