// Which verb a command and an event ask for.
import { UsageError } from "../commands/context.ts";
import { removeFolder } from "../io/files.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { runApplyAction } from "./apply.ts";
import { saveEnd } from "./apply-state.ts";
import { runBranchPlan } from "./branch-plan.ts";
import { runDriftAction } from "./drift.ts";
import type { RunEvent } from "./event.ts";
import { runExpectedApply } from "./expected-apply.ts";
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
    await saveEnd(context);
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
  const { command, rotate, resources } = context.inputs;
  if (rotate !== null && (event.kind !== "dispatch" || command === "drift"))
    throw new UsageError("input rotate does nothing here", "rotate a password by workflow_dispatch, with plan and apply");
  if (rotate !== null && resources.length > 0)
    throw new UsageError("inputs rotate and resources contradict each other", "leave out resources");
  switch (command) {
    case "plan":
      if (event.kind === "pull-request" || event.kind === "merge-group") return runPlanAction(context, event);
      if (event.kind === "push" || event.kind === "dispatch") return runBranchPlan(context, event);
      break;
    case "apply":
      if (event.kind === "push" && !isExpected(context)) return runApplyAction(context, event);
      if (event.kind === "push" || event.kind === "dispatch") return runExpectedApply(context, event);
      break;
    case "drift":
      if (event.kind === "schedule" || event.kind === "dispatch") return runDriftAction(context, event);
      break;
  }
  throw new UsageError(
    `command ${command} does nothing on the event ${event.kind}`,
    "plan: pull_request, merge_group, push, workflow_dispatch; apply: push, workflow_dispatch; drift: schedule, workflow_dispatch",
  );
}

/** Whether the checksum alone stands behind an apply, and no pull request. */
function isExpected({ inputs }: ActionContext): boolean {
  return inputs.expect !== "" || inputs.evidence === "none";
}
