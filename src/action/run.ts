// Which verb a command and an event ask for.
import { UsageError } from "../commands/context.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { runApplyAction } from "./apply.ts";
import type { RunEvent } from "./event.ts";
import { runPlanAction } from "./plan.ts";

/** @throws UsageError for a command that makes no sense in the event. */
export async function runAction(context: ActionContext, event: RunEvent): Promise<ActionOutcome> {
  const { command } = context.inputs;
  if (command === "plan" && (event.kind === "pull-request" || event.kind === "merge-group")) return runPlanAction(context, event);
  if (command === "apply" && event.kind === "push") return runApplyAction(context, event);
  throw new UsageError(
    `command ${command} does nothing on the event ${event.kind}`,
    "plan: pull_request, merge_group; apply: push; drift: schedule",
  );
}

/** After the job, whatever became of the step: what a killed process has left is recorded. */
export async function runPost(_context: ActionContext): Promise<void> {}
