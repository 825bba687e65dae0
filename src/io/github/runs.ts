// Workflow runs, and the app that they act as.
import { statusOf, type GitHubClient } from "./client.ts";

export type HostRun = {
  readonly id: number;
  readonly event: string;
  /** `.github/workflows/plan.yml`; GitHub adds `@ref` for a reusable one. */
  readonly path: string;
  readonly headSha: string;
  readonly headRepositoryId: number | null;
  readonly conclusion: string | null;
  readonly checkSuiteId: number | null;
};

/** @returns `null` where there is no such run. */
export async function getRun({ rest, at }: GitHubClient, id: number): Promise<HostRun | null> {
  try {
    const { data } = await rest.actions.getWorkflowRun({ ...at, run_id: id });
    return {
      id: data.id,
      event: data.event,
      path: data.path.replace(/@.*$/u, ""),
      headSha: data.head_sha,
      headRepositoryId: data.head_repository?.id ?? null,
      conclusion: data.conclusion,
      checkSuiteId: data.check_suite_id ?? null,
    };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** The app behind a check suite, and so behind a run. */
export async function appOfSuite({ rest, at }: GitHubClient, suite: number): Promise<number | null> {
  return (await rest.checks.getSuite({ ...at, check_suite_id: suite })).data.app?.id ?? null;
}

/** The commit that a branch points to. */
export async function branchHead({ rest, at }: GitHubClient, branch: string): Promise<string> {
  return (await rest.git.getRef({ ...at, ref: `heads/${branch}` })).data.object.sha;
}

/** Commits that lead to a commit, the newest first, without itself. */
export async function commitsBefore({ rest, at }: GitHubClient, commit: string, maximum: number): Promise<readonly string[]> {
  const { data } = await rest.repos.listCommits({ ...at, sha: commit, per_page: Math.min(100, maximum + 1) });
  return data.map(({ sha }) => sha).filter((sha) => sha !== commit);
}
