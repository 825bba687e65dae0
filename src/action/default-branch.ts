// Runs of the default branch itself: after a push, on a schedule, or because a person asked. Only there, and only of what it says now.
import { UsageError } from "../commands/context.ts";
import type { Workspace } from "../commands/workspace.ts";
import { readHead } from "../io/git.ts";
import { branchHead } from "../io/github/runs.ts";
import { messageOf } from "../model/error-message.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { loadWorkspace } from "./desired.ts";
import type { DispatchEvent, PushEvent, ScheduleEvent } from "./event.ts";

export type BranchEvent = PushEvent | ScheduleEvent | DispatchEvent;

const nothing = { hasChanges: false, checksum: "", commentUrl: "", resources: [] };

/**
 * Loads the checkout and uses it, unless its files have errors or the branch has moved on: a run of an older commit, or an old run
 * repeated, would bring back what is no longer declared.
 * @throws UsageError on any other branch, or where the checkout is of another commit than the run.
 */
export async function onDefaultBranch(
  context: ActionContext,
  event: BranchEvent,
  use: (workspace: Workspace) => Promise<ActionOutcome>,
): Promise<ActionOutcome> {
  requireDefaultBranch(context, event);
  const head = await branchHead(context.github, event.defaultBranch);
  if (head !== event.commit) return superseded(event, head);
  await requireCheckout(context, event);
  const { workspace, isUsable } = await loadWorkspace(context, event.commit, null);
  if (!isUsable)
    return { ...nothing, reasonCode: "invalid", isFailure: true, message: "the files have errors; nothing was planned or applied" };
  return use(workspace);
}

function requireDefaultBranch({ inputs }: ActionContext, { kind, branch, defaultBranch }: BranchEvent): void {
  if (branch === defaultBranch) return;
  if (kind === "push")
    throw new UsageError(
      `${inputs.command} runs on ${defaultBranch}, and this push is to ${branch}`,
      `on: { push: { branches: [${defaultBranch}] } }`,
    );
  throw new UsageError(
    `${inputs.command} runs on ${defaultBranch}, and this run is of ${branch}`,
    `start the workflow from ${defaultBranch}`,
  );
}

/** After a push the newest commit's run does it all, and a schedule comes again; a person who asked has to know. */
function superseded({ kind, defaultBranch }: BranchEvent, head: string): ActionOutcome {
  const next = { push: "the run of that commit applies", schedule: "the next run looks at it", dispatch: "start the workflow again" }[kind];
  return {
    ...nothing,
    reasonCode: "superseded",
    isFailure: kind === "dispatch",
    message: `${defaultBranch} is at ${head} by now, and nothing was planned or applied here; ${next}`,
  };
}

async function requireCheckout({ repositoryDirectory, env }: ActionContext, { commit }: BranchEvent): Promise<void> {
  const checkout = await readHead(repositoryDirectory, env).catch((error: unknown) => {
    throw new UsageError(
      `the checkout does not say what commit it is at: ${messageOf(error)}`,
      "let actions/checkout make it, with Git on the runner",
    );
  });
  if (checkout.commit === commit) return;
  throw new UsageError(
    `the checkout is at ${checkout.commit}, and this run is of ${commit}`,
    "let actions/checkout check out what the event is about: leave out `ref`",
  );
}
