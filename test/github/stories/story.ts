// A story on a repository of the stand-in: people push, open, review and merge; the repository's own workflows run.
//
//   await using story = await startStory({ files: { "roles.csv": …, ".github/workflows/plan.yml": … }, actions: { "acme/rolewright": folder } });
//   const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": … }, by: "wen" });
//   pull.approve("ada");
//   const [apply] = await pull.merge("squash", "ada");
import type { JsonObject } from "../openapi/contract.ts";
import type { Files } from "../host/git-repository.ts";
import { nextId, timestamp, type Environment, type Issue, type Pull, type Repository, type WorkflowRun } from "../host/state.ts";
import { startGitHub, type GitHubOptions } from "../server.ts";
import { createExecutor, type ExecutorOptions, type RunRecord } from "../workflow.ts";
import { dispatchEvent, mergeGroupEvent, pullRequestEvents, pushEvent, scheduleEvent } from "./events.ts";
import { markMerged, mergedCommit, pullRequest, refreshMerge, type MergeMethod, type PullRequest } from "./pull-request.ts";
import { createStage } from "./stage.ts";

export type EnvironmentInput = {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly reviewers?: readonly string[];
  readonly preventSelfReview?: boolean;
  readonly branches?: readonly string[];
};

export type StoryInput = ExecutorOptions & {
  /** `acme/access` unless said. */
  readonly repository?: string;
  /** The first commit of the default branch. */
  readonly files: Files;
  readonly private?: boolean;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly environments?: Readonly<Record<string, EnvironmentInput>>;
  /** People with write access unless another level is given. */
  readonly collaborators?: readonly string[];
  readonly host?: GitHubOptions;
};

/** Starts the stand-in with one repository on it. Disposing of the story waits for its runs and throws, if GitHub's contract was broken. */
export async function startStory(input: StoryInput) {
  const github = await startGitHub(input.host);
  const executor = createExecutor(github, input);
  const stage = createStage(github, executor);
  const repository = github.addRepository(input.repository ?? "acme/access", { private: input.private ?? true });
  const main = repository.defaultBranch;
  stage.commit(repository, main, input.files, "ada", "start");
  for (const login of input.collaborators ?? ["ada", "wen"]) repository.collaborators.set(github.userNamed(login).login, "write");
  for (const [name, value] of Object.entries(input.secrets ?? {})) repository.secrets.set(name, value);
  for (const [name, value] of Object.entries(input.variables ?? {})) repository.variables.set(name, value);
  for (const [name, environment] of Object.entries(input.environments ?? {})) addEnvironment(name, environment);

  function addEnvironment(name: string, given: EnvironmentInput): Environment {
    const environment: Environment = {
      id: nextId(),
      name,
      secrets: new Map(Object.entries(given.secrets ?? {})),
      variables: new Map(Object.entries(given.variables ?? {})),
      reviewers: (given.reviewers ?? []).map((login) => github.userNamed(login)),
      preventSelfReview: given.preventSelfReview ?? false,
      branchPolicies: given.branches ?? null,
    };
    repository.environments.set(name, environment);
    return environment;
  }

  /** Opens a pull request, from a fork where one is named. */
  async function openPullRequest(given: {
    branch: string;
    /** Left out, the branch is as it is. */
    files?: Files;
    by: string;
    fork?: string;
    title?: string;
    body?: string;
    message?: string;
    draft?: boolean;
    /** The default branch unless said. */
    base?: string;
  }): Promise<PullRequest> {
    const head = given.fork === undefined ? repository : forkNamed(given.fork);
    const baseRef = given.base ?? main;
    const baseSha = repository.git.resolve(baseRef) ?? "";
    const headSha =
      given.files === undefined
        ? (head.git.resolve(`refs/heads/${given.branch}`) ?? "")
        : stage.commit(head, given.branch, given.files, given.by, given.message ?? "change");
    const user = github.userNamed(given.by);
    const now = timestamp();
    const pull: Pull = {
      headRepository: head,
      headRef: given.branch,
      headSha,
      baseRef,
      baseSha,
      draft: given.draft ?? false,
      merged: false,
      mergedBy: null,
      mergedAt: null,
      mergeCommit: null,
      reviews: [],
    };
    const number = Math.max(0, ...repository.issues.keys()) + 1;
    const issue: Issue = {
      number,
      id: nextId(),
      user,
      app: null,
      createdAt: now,
      updatedAt: now,
      title: given.title ?? given.branch,
      body: given.body ?? null,
      state: "open",
      stateReason: null,
      closedAt: null,
      labels: [],
      pull,
    };
    repository.issues.set(number, issue);
    refreshMerge(repository, issue, pull);
    const pushed =
      head === repository && given.files !== undefined
        ? [
            pushEvent({
              repository,
              branch: given.branch,
              before: "0".repeat(40),
              after: headSha,
              actor: user,
              at: github.at,
            }),
          ]
        : [];
    await stage.happen([
      ...pushed,
      ...pullRequestEvents({ action: "opened", issue, pull, repository, actor: user, at: github.at, flavor: github.flavor }),
    ]);
    return pullRequest(stage, repository, issue, pull);
  }

  function forkNamed(fullName: string): Repository {
    const existing = github.repositories.get(fullName);
    if (existing !== undefined) return existing;
    const fork = github.addRepository(fullName, { private: repository.private, parent: repository });
    fork.git.fetchFrom(repository.git.directory, `refs/heads/${main}`, `refs/heads/${main}`);
    return fork;
  }

  /** A push to the default branch without a pull request. */
  async function push(files: Files, by: string, message = "direct change"): Promise<readonly RunRecord[]> {
    return pushTo(main, files, by, { message });
  }

  /** A push to any branch, which is made from the default branch where it does not exist. */
  async function pushTo(
    branch: string,
    files: Files,
    by: string,
    { message = "direct change", writer = by }: { readonly message?: string; readonly writer?: string } = {},
  ): Promise<readonly RunRecord[]> {
    const before = repository.git.resolve(`refs/heads/${branch}`) ?? "0".repeat(40);
    const after = stage.commit(repository, branch, files, by, message, writer);
    stage.refreshOthers(repository);
    return stage.happen([pushEvent({ repository, branch, before, after, actor: github.userNamed(by), at: github.at })]);
  }

  /** The merge queue: one group with all of them, each on top of the one before; merged where the runs of every group commit succeed. */
  async function mergeQueue(
    pulls: readonly PullRequest[],
    by: string,
    method: MergeMethod = "squash",
  ): Promise<{ readonly merged: boolean; readonly runs: readonly RunRecord[] }> {
    const actor = github.userNamed(by);
    const before = repository.git.resolve(main) ?? "";
    const runs: RunRecord[] = [];
    const groups: { pr: PullRequest; commit: string; ref: string }[] = [];
    for (const pr of pulls) {
      const base = groups.at(-1)?.commit ?? before;
      const commit = mergedCommit(repository, pr.issue, pr.pull, base, method, actor);
      const ref = `refs/heads/gh-readonly-queue/${main}/pr-${pr.number}-${base}`;
      repository.git.updateRef(ref, commit, { force: true });
      groups.push({ pr, commit, ref });
      runs.push(
        ...(await stage.happen([
          mergeGroupEvent({ repository, headRef: ref, headSha: commit, baseRef: main, baseSha: base, actor, at: github.at }),
        ])),
      );
    }
    const last = groups.at(-1)?.commit ?? before;
    const merged = runs.every(({ conclusion }) => conclusion === "success" || conclusion === "skipped");
    for (const { ref } of groups) repository.git.updateRef(ref, null);
    if (!merged) return { merged, runs };
    repository.git.updateRef(`refs/heads/${main}`, last, { expected: before });
    for (const { pr, commit } of groups) markMerged(pr.issue, pr.pull, commit, actor);
    stage.refreshOthers(repository);
    const closed = groups.flatMap(({ pr }) =>
      pullRequestEvents({ action: "closed", issue: pr.issue, pull: pr.pull, repository, actor, at: github.at, flavor: github.flavor }),
    );
    runs.push(...(await stage.happen([pushEvent({ repository, branch: main, before, after: last, actor, at: github.at }), ...closed])));
    return { merged, runs };
  }

  /** What `happens` does goes on while its runs still run: for bursts and races. Waits for them all at the end. */
  async function meanwhile(happens: () => Promise<void>): Promise<readonly RunRecord[]> {
    stage.setPatient(false);
    try {
      await happens();
    } finally {
      stage.setPatient(true);
    }
    return executor.settle();
  }

  return {
    github,
    executor,
    repository,
    addEnvironment,
    openPullRequest,
    push,
    pushTo,
    mergeQueue,
    meanwhile,
    /** The schedule of one workflow file such as `drift.yml`. */
    schedule: (workflow: string, cron = "0 6 * * *") =>
      stage.happen([scheduleEvent({ repository, workflow, schedule: cron, at: github.at })]),
    dispatch: (workflow: string, inputs: JsonObject = {}, by = "ada", branch = main) =>
      stage.happen([dispatchEvent({ repository, workflow, inputs, branch, actor: github.userNamed(by), at: github.at })]),
    rerun: (run: WorkflowRun, by = "ada", only: "all" | "failed" = "all") => executor.rerun(run, github.userNamed(by), only),
    cancel: executor.cancel,
    /** Runs of one workflow file, oldest first. */
    runs: (file: string): readonly WorkflowRun[] => repository.runs.filter((run) => run.path.endsWith(`/${file}`)),
    /** The text of a file at a branch, tag or commit; null where there is none. */
    read: (path: string, ref: string = main): string | null => repository.git.readFile(ref, path),
    async [Symbol.asyncDispose](): Promise<void> {
      await executor.settle();
      await github[Symbol.asyncDispose]();
    },
  };
}
