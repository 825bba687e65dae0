// Pull requests, and what leads from a commit to them.
import type { JsonObject } from "../../openapi/contract.ts";
import { parameter, required, type Call, type Route } from "../call.ts";
import type { ChangedFile } from "../git-repository.ts";
import { showCommit, showPull, showReview } from "../present.ts";
import type { Issue, Pull, Repository, Review } from "../state.ts";

export const pullRoutes: Readonly<Record<string, Route>> = {
  "pulls/get": (call) => {
    const { issue, pull } = pullOf(call);
    const commits = commitsOf(call.repository, pull);
    const files = filesOf(call.repository, pull);
    return {
      status: 200,
      body: {
        ...showPull(issue, pull, call.repository, call.at),
        commits: commits.length,
        changed_files: files.length,
        review_comments: 0,
        additions: files.reduce((sum, file) => sum + file.additions, 0),
        deletions: files.reduce((sum, file) => sum + file.deletions, 0),
      },
    };
  },
  "pulls/list": (call) => {
    const state = call.query.get("state") ?? "open";
    const head = call.query.get("head");
    const base = call.query.get("base");
    const found = pullsOf(call.repository)
      .filter(({ issue, pull }) => (state === "all" || issue.state === state) && (base === null || pull.baseRef === base))
      .filter(({ pull }) => head === null || head === `${pull.headRepository?.owner.login ?? ""}:${pull.headRef}`)
      .toSorted((left, right) => (right.issue.number - left.issue.number) * (call.query.get("direction") === "asc" ? -1 : 1));
    return { status: 200, list: found.map(({ issue, pull }) => showPull(issue, pull, call.repository, call.at)) };
  },
  // GitHub lists at most 3000 files: what stands behind them is told only by `changed_files`.
  "pulls/list-files": (call) => ({
    status: 200,
    list: filesOf(call.repository, pullOf(call).pull)
      .slice(0, 3000)
      .map((file) => showFile(file, call)),
  }),
  // GitHub lists at most 250 commits, oldest first.
  "pulls/list-commits": (call) => ({
    status: 200,
    list: commitsOf(call.repository, pullOf(call).pull)
      .slice(0, 250)
      .map((sha) => showCommit(call.repository.git.readCommit(sha), call.repository, call.at)),
  }),
  "pulls/list-reviews": (call) => {
    const { issue, pull } = pullOf(call);
    return {
      status: 200,
      list: pull.reviews.map((review) => {
        const shown = showReview(review, issue.number, call.repository, call.at);
        return call.flavor === "gitea" ? { ...shown, ...wordedByGitea(review) } : shown;
      }),
    };
  },
  "repos/list-pull-requests-associated-with-commit": (call) => {
    if (call.isLate()) return { status: 200, list: [] };
    const sha = parameter(call, "commit_sha");
    const onDefaultBranch = call.repository.git.isAncestor(sha, call.repository.defaultBranch);
    // A commit of the default branch leads to the pull request that brought it; any other to the open ones that hold it.
    const found = pullsOf(call.repository).filter(({ issue, pull }) =>
      onDefaultBranch
        ? pull.merged && (pull.mergeCommit === sha || bringsCommit(call.repository, pull, sha))
        : issue.state === "open" && commitsOf(call.repository, pull).includes(sha),
    );
    return { status: 200, list: found.map(({ issue, pull }) => showPull(issue, pull, call.repository, call.at)) };
  },
};

/** A dismissed review keeps its state there. https://docs.gitea.com/api/ "PullReview" */
function wordedByGitea({ state }: Review): JsonObject {
  const words = { APPROVED: "APPROVED", CHANGES_REQUESTED: "REQUEST_CHANGES", COMMENTED: "COMMENT", DISMISSED: "APPROVED" };
  return { state: words[state], dismissed: state === "DISMISSED" };
}

/** Commits of the pull request that its base did not have, oldest first. */
export function commitsOf(repository: Repository, pull: Pull): readonly string[] {
  return repository.git.log(pull.headSha, pull.baseSha).toReversed();
}

/** As the page "Files changed": from the merge base to the head. */
export function filesOf(repository: Repository, pull: Pull): readonly ChangedFile[] {
  return repository.git.changedFiles(repository.git.mergeBase(pull.baseSha, pull.headSha) ?? pull.baseSha, pull.headSha);
}

export function showFile(file: ChangedFile, call: Call): JsonObject {
  const name = encodeURIComponent(file.filename);
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${call.at.server}/${call.repository.fullName}/blob/${name}`,
    raw_url: `${call.at.server}/${call.repository.fullName}/raw/${name}`,
    contents_url: `${call.at.api}/repos/${call.repository.fullName}/contents/${name}`,
    ...(file.previousFilename === null ? {} : { previous_filename: file.previousFilename }),
  };
}

function bringsCommit(repository: Repository, pull: Pull, sha: string): boolean {
  return (
    pull.mergeCommit !== null &&
    sha !== pull.baseSha &&
    repository.git.isAncestor(sha, pull.mergeCommit) &&
    !repository.git.isAncestor(sha, pull.baseSha)
  );
}

function pullsOf(repository: Repository): readonly { issue: Issue; pull: Pull }[] {
  return [...repository.issues.values()].flatMap((issue) => (issue.pull === null ? [] : [{ issue, pull: issue.pull }]));
}

function pullOf(call: Call): { issue: Issue; pull: Pull } {
  const issue = required(call.repository.issues.get(Number(parameter(call, "pull_number"))));
  return { issue, pull: required(issue.pull) };
}
