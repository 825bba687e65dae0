// Which pull requests a push to the default branch brought.
import { setTimeout as sleep } from "node:timers/promises";
import { getPull, pullsOfCommit, type HostPull } from "../io/github/pull-requests.ts";
import type { ActionContext } from "./context.ts";

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

/** A merge queue pushes several pull requests at once, each merged as one of the commits; in their order. */
export async function pullsBehind(context: ActionContext, commits: readonly string[], branch: string): Promise<readonly HostPull[]> {
  const pulls: HostPull[] = [];
  for (const commit of commits) {
    const pull = await mergedAs(context, commit, branch);
    if (pull !== null) pulls.push(pull);
  }
  return pulls;
}

/** The association may be wrong, and `merge_commit_sha` alone is also set on open pull requests: all three have to agree. */
export async function mergedAs({ github }: ActionContext, commit: string, branch: string): Promise<HostPull | null> {
  for (const number of await pullsOfCommit(github, commit)) {
    const pull = await getPull(github, number);
    if (pull.isMerged && pull.baseBranch === branch && pull.mergeCommit === commit) return pull;
  }
  return null;
}
