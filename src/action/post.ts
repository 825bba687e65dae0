// After the job, whatever became of the step: what a killed process has left is recorded, kept and reported.
import { realPath, removeFolder } from "../io/files.ts";
import { openLogFiles } from "../io/log-files.ts";
import { thisProcess } from "../io/processes.ts";
import { messageOf } from "../model/error-message.ts";
import type { Session } from "../model/session.ts";
import { resultOf } from "../review/apply-comment.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { renderApplySummary } from "../review/summary.ts";
import { readSessionLog } from "../session/read.ts";
import { openSessionLog } from "../session/store.ts";
import { readProgress, type ApplyState, type Progress } from "./apply-state.ts";
import type { ActionContext, KeptSessions } from "./context.ts";
import { ownAppId } from "./own-identity.ts";
import { pullsBehind } from "./pulls-behind.ts";
import { applyCommentInput, reportApply } from "./report-apply.ts";

/** @returns false where the sessions could not be kept. */
export async function runPost(context: ActionContext): Promise<boolean> {
  const progress = readProgress(context);
  // The step has removed it, or it was ended before it had one.
  if ("problem" in (await realPath(context.sessionsDirectory))) {
    if (progress?.stage === "planning") await reportNothing(context, progress, null);
    return true;
  }
  const interrupted = await recordInterrupted(context);
  const { link, problem } = await context.keepSessions();
  await reportRun(context, progress, { isInterrupted: interrupted > 0, link });
  if (context.inputs.sessionLog.kind === "none") await removeFolder(context.sessionsDirectory);
  return problem === null;
}

/** @returns how many applies the process before this one has left in the middle. */
async function recordInterrupted(context: ActionContext): Promise<number> {
  const log = await openSessionLog({
    files: openLogFiles({ path: context.sessionsDirectory, within: null }),
    // The folder is the step's own, and the step is over, whatever process has its number since.
    witness: { self: { ...thisProcess(), token: context.randomUuid() }, now: context.now, isProcessAlive: () => false },
    redact: context.redact,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  });
  const { interrupted, unreadable } = log.recovered;
  for (const file of interrupted) context.output.error(`an apply was interrupted; nobody knows how far it came: ${file}`);
  for (const file of unreadable) context.output.error(`warning: the journal ${file} cannot be read`);
  return interrupted.length + unreadable.length;
}

type Link = KeptSessions["link"];

/** On the pull requests that the step has not told. */
async function reportRun(
  context: ActionContext,
  progress: Progress | null,
  { isInterrupted, link }: { readonly isInterrupted: boolean; readonly link: Link },
): Promise<void> {
  if (progress === null) return;
  const sessions = await applySessions(context);
  if (sessions.length === 0) {
    // A journal stands before the first statement: without one, none was sent.
    if (!isInterrupted) await reportNothing(context, progress, link);
    return;
  }
  if (progress.stage === "planning") return;
  const { state } = progress;
  const input = applyCommentInput(context, { ...state, sessions, refusal: null, sessionLog: link });
  if (isInterrupted) await context.summarize(renderApplySummary(input).body);
  await reportApply(context, { input, pulls: state.pulls, appId: state.appId, result: resultOf(input) });
}

const ended: Refusal = { reason: "ended", message: "", approved: null, now: null, differences: [] };

/** The step was killed, or an error ended it, before it had applied anything. */
async function reportNothing(context: ActionContext, progress: Progress, sessionLog: Link): Promise<void> {
  if (progress.stage === "applying" && progress.hasEnded) return;
  try {
    const state = progress.stage === "applying" ? progress.state : await stateOf(context, progress.push);
    const input = applyCommentInput(context, { ...state, sessions: [], refusal: ended, sessionLog });
    await context.summarize(renderApplySummary(input).body);
    await reportApply(context, { input, pulls: state.pulls, appId: state.appId, result: resultOf(input) });
  } catch (error) {
    context.output.error(`warning: the pull request does not say that nothing was applied: ${messageOf(error)}`);
  }
}

/** Which pull requests they are the step had not found yet. */
async function stateOf(context: ActionContext, push: Extract<Progress, { stage: "planning" }>["push"]): Promise<ApplyState> {
  const pulls = (await pullsBehind(context, push)) ?? [];
  const appId = await ownAppId(context);
  return { commit: push.commit, pulls: pulls.map(({ number }) => number), appId, unseen: [], isRepeatable: false, hasBlockers: false };
}

async function applySessions(context: ActionContext): Promise<readonly Session[]> {
  const { sessions } = await readSessionLog(openLogFiles({ path: context.sessionsDirectory, within: null })).list({ kind: "apply" });
  return sessions.filter((session) => session.run_url === context.run.url).toReversed();
}
