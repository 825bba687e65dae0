// Workflow runs, and the app that they act as.
import { statusOf, type GitHubClient } from "./client.ts";

export type HostRun = {
  readonly id: number;
  readonly event: string;
  /** `.github/workflows/plan.yml`; GitHub adds `@ref` for a reusable one. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepositoryId: number | null;
  /** How often it was started; the conclusion is of the last time. */
  readonly attempt: number;
  readonly conclusion: string | null;
  readonly checkSuiteId: number | null;
  /** When its first attempt was made. */
  readonly createdAt: string;
};

/** @returns `null` where there is no such run. */
export async function getRun({ rest, at }: GitHubClient, id: number): Promise<HostRun | null> {
  try {
    const { data } = await rest.actions.getWorkflowRun({ ...at, run_id: id });
    return {
      id: data.id,
      event: data.event,
      path: withoutRef(data.path),
      headSha: data.head_sha,
      headBranch: data.head_branch ?? "",
      headRepositoryId: data.head_repository?.id ?? null,
      attempt: data.run_attempt ?? 1,
      conclusion: data.conclusion,
      checkSuiteId: data.check_suite_id ?? null,
      createdAt: data.created_at,
    };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

function withoutRef(path: string): string {
  return path.replace(/@.*$/u, "");
}

/** Ids of those for whom a workflow ran on a pull request's head: who opened it, and whose push made the head. None on hosts without runs. */
export async function actorsOfRuns({ rest, paginate, at }: GitHubClient, head: string, path: string): Promise<readonly number[]> {
  try {
    const runs = await paginate(rest.actions.listWorkflowRunsForRepo, { ...at, event: "pull_request", head_sha: head, per_page: 100 });
    return runs.flatMap((run) => (withoutRef(run.path) === path && run.actor ? [run.actor.id] : []));
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}

export type HostJob = {
  readonly name: string;
  /** Of the run, from 1. */
  readonly attempt: number;
  /** `null` while it runs. */
  readonly endedAt: string | null;
  readonly notices: readonly string[];
};

/**
 * The jobs of a run in all its attempts, with what they have printed by `::notice title=…::` under one title. GitHub keeps notices with
 * the check runs of the jobs, and lets nobody else print into them.
 */
export async function jobsOfRun({ rest, paginate, at }: GitHubClient, id: number, title: string): Promise<readonly HostJob[]> {
  const listed = await paginate(rest.actions.listJobsForWorkflowRun, { ...at, run_id: id, filter: "all", per_page: 100 });
  const jobs: HostJob[] = [];
  for (const { name, check_run_url: url, run_attempt: attempt = 1, completed_at: endedAt } of listed) {
    const checkRun = Number(/\/check-runs\/(\d+)$/u.exec(url)?.[1]);
    const annotations = await paginate(rest.checks.listAnnotations, { ...at, check_run_id: checkRun, per_page: 100 });
    const notices = annotations.flatMap((annotation) => (annotation.title === title ? (annotation.message ?? "") : []));
    jobs.push({ name, attempt, endedAt, notices });
  }
  return jobs;
}

/** The app behind a check suite, and so behind a run. */
export async function appOfSuite({ rest, at }: GitHubClient, suite: number): Promise<number | null> {
  return (await rest.checks.getSuite({ ...at, check_suite_id: suite })).data.app?.id ?? null;
}

/** The commit that a branch points to. */
export async function branchHead({ rest, at }: GitHubClient, branch: string): Promise<string> {
  return (await rest.git.getRef({ ...at, ref: `heads/${branch}` })).data.object.sha;
}

/** GitHub's bound for one page. */
const pageOfCommits = 100;

/**
 * The commits that a push put on the branch itself, the oldest first: not those that came in beside it, as the other parents of merges.
 * @returns `null` where `before` is not among what leads to `commit`, as after a forced push.
 */
export async function branchCommits(
  { rest, at }: GitHubClient,
  { before, commit }: { readonly before: string; readonly commit: string },
): Promise<readonly string[] | null> {
  const parents = new Map<string, string | undefined>();
  for (let page = 1, total = 1; parents.size < total; page += 1) {
    const basehead = `${before}...${commit}`;
    const { data } = await rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: pageOfCommits, page });
    for (const each of data.commits) parents.set(each.sha, each.parents[0]?.sha);
    total = data.commits.length === 0 ? 0 : data.total_commits;
  }
  const chain: string[] = [];
  for (let next: string | undefined = commit; next !== before; next = parents.get(next)) {
    if (next === undefined || !parents.has(next)) return null;
    chain.push(next);
  }
  return chain.toReversed();
}

/** Commits that lead to a commit, the newest first, without itself. */
export async function commitsBefore({ rest, at }: GitHubClient, commit: string, maximum: number): Promise<readonly string[]> {
  const { data } = await rest.repos.listCommits({ ...at, sha: commit, per_page: Math.min(100, maximum + 1) });
  return data.map(({ sha }) => sha).filter((sha) => sha !== commit);
}

/**
 * What people said about the jobs of a run that go into environments with reviewers, in all attempts. Empty where nobody had to, and where
 * the host does not know such reviews or the token may not read them.
 */
export async function environmentReviews(
  { rest, at }: GitHubClient,
  id: number,
): Promise<readonly { readonly login: string; readonly state: string; readonly environments: readonly string[] }[]> {
  try {
    const { data } = await rest.actions.getReviewsForRun({ ...at, run_id: id });
    return data.flatMap(({ state, user, environments }) =>
      user ? [{ login: user.login, state, environments: environments.flatMap(({ name }) => name ?? []) }] : [],
    );
  } catch (error) {
    if (statusOf(error) === 403 || statusOf(error) === 404) return [];
    throw error;
  }
}
