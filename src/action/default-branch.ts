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
 * repeated, would bring back what is no longer declared. An apply asks again under the lock of each cluster, since a newer run may have
 * come first while this one planned, or waited for people or for that lock.
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
  const seen = { head };
  const objection = async (): Promise<string | null> => {
    seen.head = await branchHead(context.github, event.defaultBranch);
    return seen.head === event.commit ? null : wordsOf(event, seen.head);
  };
  const outcome = await use({ ...workspace, objection });
  return seen.head === event.commit ? outcome : overtaken(event, seen.head, outcome);
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
function superseded(event: BranchEvent, head: string): ActionOutcome {
  const message = `${wordsOf(event, head)}, and nothing was planned or applied here`;
  return { ...nothing, reasonCode: "superseded", isFailure: event.kind === "dispatch", message };
}

/** Nothing more was applied than what was before the branch moved on. */
function overtaken(event: BranchEvent, head: string, outcome: ActionOutcome): ActionOutcome {
  // Something else went wrong besides, which has to be seen.
  if (outcome.resources.some(({ roles }) => (roles["failed"] ?? 0) > 0)) return outcome;
  return {
    ...outcome,
    reasonCode: "superseded",
    isFailure: event.kind === "dispatch",
    message: `${wordsOf(event, head)}; ${outcome.message}`,
  };
}

function wordsOf({ kind, defaultBranch }: BranchEvent, head: string): string {
  const next = { push: "the run of that commit applies", schedule: "the next run looks at it", dispatch: "start the workflow again" }[kind];
  return `${defaultBranch} is at ${head} by now: ${next}`;
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
