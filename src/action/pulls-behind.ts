// Which pull requests a push to the default branch brought.
import { setTimeout as sleep } from "node:timers/promises";
import { getPull, pullsOfCommit, type HostPull } from "../io/github/pull-requests.ts";
import { branchCommits } from "../io/github/runs.ts";
import type { ActionContext } from "./context.ts";
import type { PushEvent } from "./event.ts";

/** GitHub knows which pull request a commit came from some seconds after the push. In all about 40 seconds. */
const waits = [1, 2, 3, 5, 8, 10, 10];

/** The pull request whose merge made this commit, waited for; `null` where there is none. */
export async function pullBehind(context: ActionContext, commit: string, branch: string): Promise<HostPull | null> {
  for (const wait of [...waits, null]) {
    const pull = await mergedAs(context, commit, branch);
    if (pull !== null) return pull;
    if (wait !== null) await sleep(wait * 1_000, undefined, { signal: context.signal });
  }
  return null;
}

/**
 * A merge queue pushes several pull requests at once. Waited for until each commit of the branch itself has its pull request: one that
 * the host does not know yet must not escape its approval.
 * @returns them in the order of their merges; `null` where a commit came from none.
 */
export async function pullsBehind(
  context: ActionContext,
  push: Pick<PushEvent, "before" | "commit" | "branch">,
): Promise<readonly HostPull[] | null> {
  const commits = await branchCommits(context.github, push);
  if (commits === null) return null;
  const known = new Map<number, HostPull>();
  for (const wait of [...waits, null]) {
    const found: (HostPull | undefined)[] = [];
    for (const commit of commits) found.push(await broughtBy(context, { commit, commits, branch: push.branch, known }));
    const pulls = found.filter((pull) => pull !== undefined);
    if (pulls.length === commits.length) return [...new Set(pulls)];
    if (wait !== null) await sleep(wait * 1_000, undefined, { signal: context.signal });
  }
  return null;
}

/** A rebased pull request brings several commits, of which the last is its merge. */
async function broughtBy(
  { github }: ActionContext,
  input: { readonly commit: string; readonly commits: readonly string[]; readonly branch: string; readonly known: Map<number, HostPull> },
): Promise<HostPull | undefined> {
  const { commit, commits, branch, known } = input;
  const pulls: HostPull[] = [];
  for (const number of await pullsOfCommit(github, commit)) {
    const pull = known.get(number) ?? (await getPull(github, number));
    if (pull.isMerged) known.set(number, pull);
    if (pull.isMerged && pull.baseBranch === branch && pull.mergeCommit !== null && commits.includes(pull.mergeCommit)) pulls.push(pull);
  }
  return pulls.find((pull) => pull.mergeCommit === commit) ?? pulls[0];
}

/** The association may be wrong, and `merge_commit_sha` alone is also set on open pull requests: all three have to agree. */
export async function mergedAs({ github }: ActionContext, commit: string, branch: string): Promise<HostPull | null> {
  for (const number of await pullsOfCommit(github, commit)) {
    const pull = await getPull(github, number);
    if (pull.isMerged && pull.baseBranch === branch && pull.mergeCommit === commit) return pull;
  }
  return null;
}
