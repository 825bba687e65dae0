// Which verb a command and an event ask for.
import { UsageError } from "../commands/context.ts";
import { removeFolder } from "../io/files.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { runApplyAction } from "./apply.ts";
import type { RunEvent } from "./event.ts";
import { runPlanAction } from "./plan.ts";
import { announceSessionLog } from "./session-log.ts";

/**
 * Whatever it comes to, the sessions are kept, and an apply whose sessions are not has failed in that.
 * @throws UsageError for a command that makes no sense in the event, or a session log that may not be.
 */
export async function runAction(context: ActionContext, event: RunEvent): Promise<ActionOutcome> {
  announceSessionLog(context, event);
  try {
    const outcome = await runCommand(context, event);
    const { problem } = await context.keepSessions();
    const isCancelled = context.signal.aborted && outcome.reasonCode === "failed";
    return {
      ...outcome,
      ...(isCancelled ? { reasonCode: "cancelled" } : {}),
      ...(problem === null ? {} : { isFailure: true, message: `${outcome.message}; ${problem}` }),
    };
  } catch (error) {
    await context.keepSessions();
    throw error;
  } finally {
    if (context.inputs.sessionLog.kind === "none") await removeFolder(context.sessionsDirectory);
  }
}

async function runCommand(context: ActionContext, event: RunEvent): Promise<ActionOutcome> {
  const { command } = context.inputs;
  if (command === "plan" && (event.kind === "pull-request" || event.kind === "merge-group")) return runPlanAction(context, event);
  if (command === "apply" && event.kind === "push") return runApplyAction(context, event);
  throw new UsageError(
    `command ${command} does nothing on the event ${event.kind}`,
    "plan: pull_request, merge_group; apply: push; drift: schedule",
  );
}
