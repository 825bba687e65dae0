// After the job, whatever became of the step: what a killed process has left is recorded, kept and reported.
import { realPath, removeFolder } from "../io/files.ts";
import { openLogFiles } from "../io/log-files.ts";
import { thisProcess } from "../io/processes.ts";
import { renderApplySummary } from "../review/summary.ts";
import type { Session } from "../model/session.ts";
import { readSessionLog } from "../session/read.ts";
import { openSessionLog } from "../session/store.ts";
import type { ActionContext } from "./context.ts";
import { applyCommentInput, readApplyState, reportApply } from "./report-apply.ts";
import { resultOf } from "../review/apply-comment.ts";

/** @returns false where the sessions could not be kept. */
export async function runPost(context: ActionContext): Promise<boolean> {
  if ((await realPath(context.sessionsDirectory)) === null) return true;
  const interrupted = await recordInterrupted(context);
  const { link, problem } = await context.keepSessions();
  await reportRun(context, { isInterrupted: interrupted > 0, link });
  if (context.inputs.sessionLog.kind === "none") await removeFolder(context.sessionsDirectory);
  return problem === null;
}

/** @returns how many applies the process before this one has left in the middle. */
async function recordInterrupted(context: ActionContext): Promise<number> {
  const log = await openSessionLog({
    files: openLogFiles(context.sessionsDirectory),
    // The folder is the step's own, and the step is over, whatever process has its number since.
    witness: { self: { ...thisProcess(), token: context.randomUuid() }, now: context.now, isProcessAlive: () => false },
    redact: context.redact,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  });
  const { interrupted, unreadable } = log.recovered;
  for (const file of interrupted) context.output.error(`an apply was interrupted; nobody knows how far it came: ${file}`);
  for (const file of unreadable) context.output.error(`warning: the journal ${file} cannot be read`);
  return interrupted.length;
}

/** On the pull requests that the step has not told. */
async function reportRun(
  context: ActionContext,
  { isInterrupted, link }: { readonly isInterrupted: boolean; readonly link: Awaited<ReturnType<ActionContext["keepSessions"]>>["link"] },
): Promise<void> {
  const state = readApplyState(context);
  if (state === null) return;
  const sessions = await applySessions(context);
  if (sessions.length === 0) return;
  const input = applyCommentInput(context, {
    commit: state.commit,
    pulls: state.pulls,
    sessions,
    refusal: null,
    unseen: [],
    sessionLog: link,
  });
  if (isInterrupted) await context.summarize(renderApplySummary(input).body);
  await reportApply(context, { input, pulls: state.pulls, appId: state.appId, result: resultOf(input) });
}

async function applySessions(context: ActionContext): Promise<readonly Session[]> {
  const { sessions } = await readSessionLog(openLogFiles(context.sessionsDirectory)).list({ kind: "apply" });
  return sessions.filter((session) => session.run_url === context.run.url).toReversed();
}
