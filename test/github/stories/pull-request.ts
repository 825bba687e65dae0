// A pull request and what people do with it.
import { commitsOf } from "../host/routes/pulls.ts";
import type { Files } from "../host/git-repository.ts";
import {
  nextId,
  recordPush,
  timestamp,
  type CheckRun,
  type Comment,
  type Issue,
  type Pull,
  type Repository,
  type Review,
  type User,
} from "../host/state.ts";
import type { RunRecord } from "../workflow.ts";
import { pullRequestEvents, pushEvent } from "./events.ts";
import type { Stage } from "./stage.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

export type PullRequest = ReturnType<typeof pullRequest>;

/** The handle of one pull request; each act waits for the runs that it starts. */
export function pullRequest(stage: Stage, repository: Repository, issue: Issue, pull: Pull) {
  const { github } = stage;
  const events = (action: string, actor: User, before?: string) =>
    pullRequestEvents({
      action,
      issue,
      pull,
      repository,
      actor,
      at: github.at,
      flavor: github.flavor,
      ...(before === undefined ? {} : { before }),
    });
  const review = (login: string, state: Review["state"], body = ""): Review => {
    const made: Review = { id: nextId(), user: github.userNamed(login), state, commit: pull.headSha, body, submittedAt: timestamp() };
    pull.reviews.push(made);
    return made;
  };

  /** New commits on the head branch. */
  async function push(files: Files, by: string = issue.user.login, message = "more changes"): Promise<readonly RunRecord[]> {
    const holder = pull.headRepository ?? repository;
    const before = pull.headSha;
    const after = stage.commit(holder, pull.headRef, files, by, message);
    pull.headSha = after;
    pull.baseSha = repository.git.resolve(pull.baseRef) ?? pull.baseSha;
    refreshMerge(repository, issue, pull);
    const pushed =
      holder === repository
        ? [pushEvent({ repository, branch: pull.headRef, before, after, actor: github.userNamed(by), at: github.at })]
        : [];
    return stage.happen([...pushed, ...events("synchronize", github.userNamed(by), before)]);
  }

  async function merge(method: MergeMethod, by: string): Promise<readonly RunRecord[]> {
    const base = repository.git.resolve(pull.baseRef) ?? "";
    return land(base, mergedCommit(repository, issue, pull, base, method, github.userNamed(by)), by);
  }

  /** Puts `commit` on the base branch and closes the pull request as merged. */
  async function land(before: string, commit: string, by: string): Promise<readonly RunRecord[]> {
    const actor = github.userNamed(by);
    if (repository.git.updateRef(`refs/heads/${pull.baseRef}`, commit, { expected: before }) !== "done")
      throw new Error(`${pull.baseRef} has moved`);
    recordPush(repository, { branch: pull.baseRef, before, after: commit, actor, isMerge: true });
    markMerged(issue, pull, commit, actor);
    stage.refreshOthers(repository);
    return stage.happen([
      pushEvent({ repository, branch: pull.baseRef, before, after: commit, actor, at: github.at }),
      ...events("closed", actor),
    ]);
  }

  /** "Edit": the pull request goes to another branch. It starts only workflows that listen to `edited`. */
  async function retarget(base: string, by: string = issue.user.login): Promise<readonly RunRecord[]> {
    const actor = github.userNamed(by);
    pull.baseChanges = [...(pull.baseChanges ?? []), { at: timestamp(), by: actor }];
    pull.baseRef = base;
    pull.baseSha = repository.git.resolve(base) ?? pull.baseSha;
    refreshMerge(repository, issue, pull);
    return stage.happen(events("edited", actor));
  }

  async function setState(state: "open" | "closed", by: string): Promise<readonly RunRecord[]> {
    issue.state = state;
    issue.closedAt = state === "closed" ? timestamp() : null;
    return stage.happen(events(state === "closed" ? "closed" : "reopened", github.userNamed(by)));
  }

  return {
    issue,
    pull,
    repository,
    number: issue.number,
    head: (): string => pull.headSha,
    push,
    merge,
    retarget,
    approve: (login: string): Review => review(login, "APPROVED"),
    review,
    close: (by: string = issue.user.login) => setState("closed", by),
    reopen: (by: string = issue.user.login) => setState("open", by),
    comments: (): readonly Comment[] => repository.comments.filter((comment) => comment.issue === issue.number),
    /** A comment by a person, with no workflow started. */
    comment(login: string, body: string): Comment {
      const now = timestamp();
      const made: Comment = {
        id: nextId(),
        issue: issue.number,
        user: github.userNamed(login),
        app: null,
        body,
        createdAt: now,
        updatedAt: now,
        viaApi: false,
        minimized: false,
      };
      repository.comments.push(made);
      return made;
    },
    checkRuns: (name?: string): readonly CheckRun[] =>
      repository.checkRuns.filter((run) => run.headSha === pull.headSha && (name === undefined || run.name === name)),
    /** What happens besides, such as `edited` or `labeled`. */
    event: (action: string, by: string = issue.user.login) => stage.happen(events(action, github.userNamed(by))),
  };
}

/** The commit that GitHub makes of the pull request on top of `base`. @throws Error on conflicts */
export function mergedCommit(repository: Repository, issue: Issue, pull: Pull, base: string, method: MergeMethod, by: User): string {
  const { git } = repository;
  const author = { name: by.login, email: `${by.login}@test.invalid`, date: "" };
  const committer = { name: "GitHub", email: "noreply@test.invalid", date: "" };
  if (method === "rebase") return orConflict(git.replay(base, commitsOf(repository, pull)), issue);
  const tree = orConflict(git.mergeTree(base, pull.headSha), issue);
  if (method === "squash")
    return git.writeCommit({ tree, parents: [base], message: `${issue.title} (#${issue.number})`, author, committer });
  const from = `${pull.headRepository?.owner.login ?? "unknown"}/${pull.headRef}`;
  return git.writeCommit({
    tree,
    parents: [base, pull.headSha],
    message: `Merge pull request #${issue.number} from ${from}\n\n${issue.title}`,
    author,
    committer,
  });
}

export function markMerged(issue: Issue, pull: Pull, commit: string, by: User): void {
  issue.state = "closed";
  issue.closedAt = pull.mergedAt = timestamp();
  pull.merged = true;
  pull.mergedBy = by;
  pull.mergeCommit = commit;
}

/** GitHub's refs of a pull request: its head, and the test merge with the base branch, which is gone on conflicts. */
export function refreshMerge(repository: Repository, issue: Issue, pull: Pull): void {
  const { git } = repository;
  const head = `refs/pull/${issue.number}/head`;
  if (pull.headRepository !== null && pull.headRepository !== repository)
    git.fetchFrom(pull.headRepository.git.directory, `refs/heads/${pull.headRef}`, head);
  git.updateRef(head, pull.headSha, { force: true });
  const base = git.resolve(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  const tree = git.mergeTree(base, pull.headSha);
  const ref = `refs/pull/${issue.number}/merge`;
  pull.mergeCommit =
    tree === null ? null : git.writeCommit({ tree, parents: [base, pull.headSha], message: `Merge ${pull.headSha} into ${base}` });
  if (pull.mergeCommit !== null) git.updateRef(ref, pull.mergeCommit, { force: true });
  else if (git.resolve(ref) !== null) git.updateRef(ref, null);
}

function orConflict(result: string | null, issue: Issue): string {
  if (result === null) throw new Error(`#${issue.number} conflicts with its base branch`);
  return result;
}
