// The base branch of a pull request: its inventory decides where a plan connects to.
import { readHead, sharedWithBranch, withCommit } from "../io/git.ts";
import { UsageError } from "../commands/context.ts";
import { hasErrors } from "../model/diagnostic.ts";
import type { Desired } from "../model/desired.ts";
import { messageOf } from "../model/error-message.ts";
import type { ActionContext } from "./context.ts";
import { loadFiles } from "./desired.ts";
import type { MergeGroupEvent, PullRequestEvent } from "./event.ts";

export type Base = {
  readonly commit: string;
  /** Checked-out files of the base branch: certificate authorities are read from here. */
  readonly directory: string;
  /** `null` where its files have errors, or it has none: then nothing is connected to. */
  readonly desired: Desired | null;
};

/**
 * @throws UsageError where the checkout is neither the head nor its merge with the base branch, since the plan would be of other files
 * than it says; or where the clone lacks the base's commit.
 */
export async function withBase<Result>(
  context: ActionContext,
  event: PullRequestEvent | MergeGroupEvent,
  use: (base: Base) => Promise<Result>,
): Promise<Result> {
  const commit = await baseCommit(context, event);
  const input = { directory: context.repositoryDirectory, commit, env: context.env };
  let isThere = false;
  try {
    return await withCommit(input, async (directory) => {
      isThere = true;
      const { desired, diagnostics } = await loadFiles(context, directory);
      return use({ commit, directory, desired: hasErrors(diagnostics) ? null : desired });
    });
  } catch (error) {
    if (isThere) throw error;
    throw new UsageError(
      `the base commit ${commit} cannot be checked out beside the pull request: ${messageOf(error)}`,
      "give actions/checkout `fetch-depth: 0`",
    );
  }
}

/**
 * The base that the checkout was really merged into: the event names the one of the time when it happened. A group in a merge queue lies
 * on the group before it, which is not merged: there the commit that it shares with the branch itself counts.
 */
async function baseCommit(context: ActionContext, event: PullRequestEvent | MergeGroupEvent): Promise<string> {
  const { commit, parents } = await readHead(context.repositoryDirectory, context.env);
  if (commit === event.head) return event.kind === "merge-group" ? mergedBelow(context, event) : event.base.commit;
  if (event.kind === "pull-request" && parents.length === 2 && parents[1] === event.head) return parents[0] ?? event.base.commit;
  throw new UsageError(
    `the checkout is at ${commit}, which is neither ${event.head} nor its merge with ${event.base.branch}`,
    "let actions/checkout check out what the event is about: leave out `ref`",
  );
}

async function mergedBelow({ repositoryDirectory, env }: ActionContext, { head, base }: MergeGroupEvent): Promise<string> {
  try {
    return await sharedWithBranch(repositoryDirectory, env, { branch: base.branch, commit: head });
  } catch (error) {
    throw new UsageError(
      `the clone does not have the branch ${base.branch}: ${messageOf(error)}`,
      "give actions/checkout `fetch-depth: 0`",
    );
  }
}
