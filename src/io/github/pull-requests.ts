// Pull requests: which one a commit came from, what it changes, and who approved it.
import { statusOf, type GitHubClient } from "./client.ts";

export type HostPull = {
  readonly number: number;
  readonly isMerged: boolean;
  readonly baseBranch: string;
  readonly headSha: string;
  readonly headBranch: string;
  /** `null` where the fork is gone. */
  readonly headRepositoryId: number | null;
  readonly mergeCommit: string | null;
  readonly authorId: number;
  /** How many; `null` where the host has not said it. */
  readonly changedFiles: number | null;
  readonly url: string;
};

export type HostReview = {
  readonly reviewer: { readonly id: number; readonly login: string; readonly isBot: boolean } | null;
  readonly state: string;
  /** The head that was looked at. */
  readonly commit: string | null;
  readonly at: string | null;
};

/** Numbers of the pull requests that GitHub associates with a commit; the association is made some time after the push. */
export async function pullsOfCommit(client: GitHubClient, commit: string): Promise<readonly number[]> {
  const { rest, at } = client;
  try {
    const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: commit, per_page: 100 });
    return data.map(({ number }) => number);
  } catch (error) {
    if (statusOf(error) === 404) return pullOfCommitOnGitea(client, commit);
    throw error;
  }
}

/** Gitea's and Forgejo's own way: the one merged pull request of a commit. https://docs.gitea.com/api/ "repoGetCommitPullRequest" */
async function pullOfCommitOnGitea({ request, at }: GitHubClient, commit: string): Promise<readonly number[]> {
  try {
    const { data }: { readonly data: unknown } = await request("GET /repos/{owner}/{repo}/commits/{sha}/pull", { ...at, sha: commit });
    return typeof data === "object" && data !== null && "number" in data && typeof data.number === "number" ? [data.number] : [];
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}

export async function getPull({ rest, at }: GitHubClient, number: number): Promise<HostPull> {
  const { data } = await rest.pulls.get({ ...at, pull_number: number });
  return { ...readPull(data), isMerged: data.merged };
}

export async function openPulls({ rest, paginate, at }: GitHubClient, baseBranch: string): Promise<readonly HostPull[]> {
  const pulls = await paginate(rest.pulls.list, { ...at, state: "open", base: baseBranch, per_page: 100 });
  return pulls.map((pull) => ({ ...readPull(pull), isMerged: false }));
}

/** Of all pull requests, closed ones included, from a branch of this repository. */
export async function pullsFromBranch({ rest, paginate, at }: GitHubClient, branch: string): Promise<readonly HostPull[]> {
  const pulls = await paginate(rest.pulls.list, { ...at, state: "all", head: `${at.owner}:${branch}`, per_page: 100 });
  return pulls.map((pull) => ({ ...readPull(pull), isMerged: false }));
}

/** Events by which the host says that a pull request goes to another base branch than before. */
const baseChangeEvents = new Set(["base_ref_changed", "automatic_base_change_succeeded"]);

/** When the pull request was sent to another base branch. */
export async function baseChanges({ rest, paginate, at }: GitHubClient, number: number): Promise<readonly string[]> {
  const events = await paginate(rest.issues.listEvents, { ...at, issue_number: number, per_page: 100 });
  return events.flatMap(({ event, created_at: createdAt }) => (baseChangeEvents.has(event) ? [createdAt] : []));
}

/**
 * Every path that a pull request touches, the old names of renamed files included.
 * @returns `null` where the host does not list them all: GitHub stops at 3,000, and what stands behind them is anything.
 */
export async function changedPaths({ rest, paginate, at }: GitHubClient, pull: HostPull): Promise<readonly string[] | null> {
  const files = await paginate(rest.pulls.listFiles, { ...at, pull_number: pull.number, per_page: 100 });
  if (pull.changedFiles !== null && files.length < pull.changedFiles) return null;
  return files.flatMap(({ filename, previous_filename: previous }) => (previous === undefined ? [filename] : [filename, previous]));
}

/** Reviews, the oldest first. */
export async function listReviews({ rest, paginate, at }: GitHubClient, number: number): Promise<readonly HostReview[]> {
  const reviews = await paginate(rest.pulls.listReviews, { ...at, pull_number: number, per_page: 100 });
  return reviews.map((review) => ({
    // Gitea says no type; there a bot is a user like any other.
    reviewer: review.user === null ? null : { id: review.user.id, login: review.user.login, isBot: review.user.type === "Bot" },
    state: stateOf(review),
    commit: review.commit_id,
    at: review.submitted_at ?? null,
  }));
}

/** In GitHub's words: Gitea has another one for changes that are asked for, and says beside the state that a review was dismissed. */
function stateOf(review: { readonly state: string; readonly dismissed?: unknown }): string {
  if (review.dismissed === true) return "DISMISSED";
  return review.state === "REQUEST_CHANGES" ? "CHANGES_REQUESTED" : review.state;
}

/** Whether somebody may push to the repository. */
export async function mayPush({ rest, at }: GitHubClient, login: string): Promise<boolean> {
  try {
    const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...at, username: login });
    return data.permission === "write" || data.permission === "admin" || data.permission === "owner";
  } catch (error) {
    // Somebody who is nothing in this repository, or no longer there.
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

type PullData = {
  readonly number: number;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly id: number } | null };
  readonly merge_commit_sha: string | null;
  readonly user: { readonly id: number } | null;
  readonly html_url: string;
  readonly changed_files?: number;
};

function readPull(data: PullData): Omit<HostPull, "isMerged"> {
  return {
    number: data.number,
    baseBranch: data.base.ref,
    headSha: data.head.sha,
    headBranch: data.head.ref,
    headRepositoryId: data.head.repo?.id ?? null,
    mergeCommit: data.merge_commit_sha,
    authorId: data.user?.id ?? 0,
    changedFiles: data.changed_files ?? null,
    url: data.html_url,
  };
}
