// How GitHub shows what the stand-in knows. Required fields that are not here are filled in from the contract.
import type { JsonObject } from "../openapi/contract.ts";
import type { Addresses, Call } from "./call.ts";
import type { Commit } from "./git-repository.ts";
import type { App, CheckRun, Comment, Environment, Issue, Job, Pull, Repository, Review, User, WorkflowRun } from "./state.ts";

export function showUser(user: User, at: Addresses): JsonObject {
  return {
    login: user.login,
    id: user.id,
    node_id: `U_${user.id}`,
    type: user.type,
    site_admin: false,
    avatar_url: `${at.server}/avatars/${user.id}`,
    gravatar_id: "",
    url: `${at.api}/users/${user.login}`,
    html_url: `${at.server}/${user.login}`,
    followers_url: `${at.api}/users/${user.login}/followers`,
    following_url: `${at.api}/users/${user.login}/following`,
    gists_url: `${at.api}/users/${user.login}/gists`,
    starred_url: `${at.api}/users/${user.login}/starred`,
    subscriptions_url: `${at.api}/users/${user.login}/subscriptions`,
    organizations_url: `${at.api}/users/${user.login}/orgs`,
    repos_url: `${at.api}/users/${user.login}/repos`,
    events_url: `${at.api}/users/${user.login}/events`,
    received_events_url: `${at.api}/users/${user.login}/received_events`,
  };
}

export function showApp(app: App, at: Addresses): JsonObject {
  return {
    id: app.id,
    slug: app.slug,
    name: app.name,
    node_id: `A_${app.id}`,
    owner: showUser({ login: "github", id: 9919, type: "User" }, at),
    description: null,
    external_url: at.server,
    html_url: `${at.server}/apps/${app.slug}`,
    created_at: "2018-07-30T09:30:17Z",
    updated_at: "2024-04-10T20:33:16Z",
    permissions: {},
    events: [],
  };
}

export function showRepository(repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}`;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: showUser(repository.owner, at),
    html_url: `${at.server}/${repository.fullName}`,
    description: null,
    fork: repository.parent !== null,
    url,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? "private" : "public",
    clone_url: `${at.server}/${repository.fullName}.git`,
    git_url: `${at.server}/${repository.fullName}.git`,
    ssh_url: `git@test.invalid:${repository.fullName}.git`,
    svn_url: `${at.server}/${repository.fullName}`,
    forks_url: `${url}/forks`,
    has_issues: true,
    archived: false,
    disabled: false,
    pushed_at: "2026-01-01T00:00:00Z",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...(repository.parent === null ? {} : { parent: showRepository(repository.parent, at) }),
  };
}

export function showComment(comment: Comment, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/issues`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/comments/${comment.id}`,
    issue_url: `${url}/${comment.issue}`,
    html_url: `${at.server}/${repository.fullName}/pull/${comment.issue}#issuecomment-${comment.id}`,
    user: showUser(comment.user, at),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.user.type === "Bot" ? "NONE" : association(comment.user, repository),
    performed_via_github_app: comment.app === null ? null : showApp(comment.app, at),
  };
}

export function showBaseChange(
  { at: createdAt, by }: { readonly at: string; readonly by: User },
  { number, index }: { readonly number: number; readonly index: number },
  { repository, at }: Pick<Call, "repository" | "at">,
): JsonObject {
  const id = number * 1000 + index;
  return {
    id,
    node_id: `BRCE_${id}`,
    url: `${at.api}/repos/${repository.fullName}/issues/events/${id}`,
    actor: showUser(by, at),
    event: "base_ref_changed",
    commit_id: null,
    commit_url: null,
    created_at: createdAt,
    performed_via_github_app: null,
  };
}

export function showIssue(issue: Issue, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    user: showUser(issue.user, at),
    labels: issue.labels.map((name) => ({
      id: 1,
      node_id: "L_1",
      url: `${at.api}/labels/${encodeURIComponent(name)}`,
      name,
      color: "ededed",
      default: false,
      description: null,
    })),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    url,
    repository_url: `${at.api}/repos/${repository.fullName}`,
    html_url: `${at.server}/${repository.fullName}/${issue.pull === null ? "issues" : "pull"}/${issue.number}`,
    author_association: association(issue.user, repository),
    performed_via_github_app: issue.app === null ? null : showApp(issue.app, at),
    ...(issue.pull === null
      ? {}
      : {
          pull_request: {
            url: url.replace("/issues/", "/pulls/"),
            html_url: null,
            diff_url: null,
            patch_url: null,
            merged_at: issue.pull.mergedAt,
          },
        }),
  };
}

export function showPull(issue: Issue, pull: Pull, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/pulls/${issue.number}`;
  const html = `${at.server}/${repository.fullName}/pull/${issue.number}`;
  const side = (holder: Repository | null, ref: string, sha: string): JsonObject => ({
    label: `${holder?.owner.login ?? "unknown"}:${ref}`,
    ref,
    sha,
    repo: holder === null ? null : showRepository(holder, at),
    user: holder === null ? null : showUser(holder.owner, at),
  });
  return {
    ...showIssue(issue, repository, at),
    pull_request: null,
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: url.replace("/pulls/", "/issues/"),
    commits_url: `${url}/commits`,
    statuses_url: `${at.api}/repos/${repository.fullName}/statuses/${pull.headSha}`,
    draft: pull.draft,
    merged: pull.merged,
    merged_at: pull.mergedAt,
    merged_by: pull.mergedBy === null ? null : showUser(pull.mergedBy, at),
    merge_commit_sha: pull.mergeCommit,
    mergeable: pull.merged ? null : pull.mergeCommit !== null,
    mergeable_state: pull.mergeCommit === null ? "dirty" : "clean",
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(repository, pull.baseRef, pull.baseSha),
    auto_merge: null,
    requested_reviewers: [],
    requested_teams: [],
    maintainer_can_modify: false,
  };
}

export function showReview(review: Review, number: number, repository: Repository, at: Addresses): JsonObject {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: showUser(review.user, at),
    body: review.body,
    state: review.state,
    commit_id: review.commit,
    submitted_at: review.submittedAt,
    author_association: association(review.user, repository),
    html_url: `${at.server}/${repository.fullName}/pull/${number}#pullrequestreview-${review.id}`,
    pull_request_url: `${at.api}/repos/${repository.fullName}/pulls/${number}`,
  };
}

export function showCheckRun(run: CheckRun, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${at.server}/${repository.fullName}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${at.server}/${repository.fullName}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: showApp(run.app, at),
    pull_requests: [...repository.issues.values()].flatMap(({ number, pull }) =>
      pull !== null && pull.headSha === run.headSha && pull.headRepository === repository
        ? [showPullLink(number, pull, repository, at)]
        : [],
    ),
  };
}

export function showPullLink(number: number, pull: Pull, repository: Repository, at: Addresses): JsonObject {
  const short = (holder: Repository): JsonObject => ({ id: holder.id, url: `${at.api}/repos/${holder.fullName}`, name: holder.name });
  return {
    id: number,
    number,
    url: `${at.api}/repos/${repository.fullName}/pulls/${number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(pull.headRepository ?? repository) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(repository) },
  };
}

export function showWorkflowRun(run: WorkflowRun, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/actions/runs/${run.id}`;
  const head = repository.git.readCommit(run.headSha);
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: run.name,
    path: run.path,
    display_title: head.message.split("\n")[0] ?? "",
    run_number: run.runNumber,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    workflow_url: `${at.api}/repos/${repository.fullName}/actions/workflows/${run.workflowId}`,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    check_suite_id: run.suite,
    check_suite_node_id: `CS_${run.suite}`,
    url,
    html_url: `${at.server}/${repository.fullName}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    check_suite_url: `${at.api}/repos/${repository.fullName}/check-suites/${run.suite}`,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor: showUser(run.actor, at),
    triggering_actor: showUser(run.triggeringActor, at),
    head_commit: {
      id: head.sha,
      tree_id: head.tree,
      message: head.message,
      timestamp: head.author.date,
      author: { name: head.author.name, email: head.author.email },
      committer: { name: head.committer.name, email: head.committer.email },
    },
    repository: showRepository(repository, at),
    head_repository: showRepository(run.headRepository, at),
    head_repository_id: run.headRepository.id,
    // GitHub leaves the list empty where the head is in a fork.
    pull_requests:
      run.headRepository === repository
        ? run.pulls.flatMap((number) => {
            const pull = repository.issues.get(number)?.pull;
            return pull === undefined || pull === null ? [] : [showPullLink(number, pull, repository, at)];
          })
        : [],
  };
}

export function showJob(job: Job, run: WorkflowRun, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/actions/jobs/${job.id}`;
  return {
    id: job.id,
    node_id: `J_${job.id}`,
    run_id: run.id,
    run_url: `${at.api}/repos/${repository.fullName}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: run.name,
    url,
    html_url: `${at.server}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.startedAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({ ...step })),
    check_run_url: `${at.api}/repos/${repository.fullName}/check-runs/${job.checkRun}`,
    labels: [],
    runner_id: 1,
    runner_name: "test",
    runner_group_id: 1,
    runner_group_name: "test",
  };
}

export function showCommit(commit: Commit, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url,
    html_url: `${at.server}/${repository.fullName}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url,
      message: commit.message,
      author: { ...commit.author },
      committer: { ...commit.committer },
      comment_count: 0,
      tree: { sha: commit.tree, url: `${at.api}/repos/${repository.fullName}/git/trees/${commit.tree}` },
      verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
    },
    author: accountOf(commit.author.email, repository, at),
    committer: accountOf(commit.committer.email, repository, at),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${at.api}/repos/${repository.fullName}/commits/${sha}`,
      html_url: `${at.server}/${repository.fullName}/commit/${sha}`,
    })),
  };
}

/** Whose address it is; GitHub says `null` of one that is nobody's. */
function accountOf(email: string, { accounts }: Repository, at: Addresses): JsonObject | null {
  const [, login = ""] = /^(.+)@test\.invalid$/u.exec(email) ?? [];
  const user = accounts.get(login);
  return user === undefined ? null : showUser(user, at);
}

export function showEnvironment(environment: Environment, repository: Repository, at: Addresses): JsonObject {
  const url = `${at.api}/repos/${repository.fullName}/environments/${encodeURIComponent(environment.name)}`;
  return {
    id: environment.id,
    node_id: `EN_${environment.id}`,
    name: environment.name,
    url,
    html_url: `${at.server}/${repository.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(environment.name)}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    protection_rules: [
      ...(environment.reviewers.length === 0
        ? []
        : [
            {
              id: environment.id + 1,
              node_id: "GA_1",
              type: "required_reviewers",
              prevent_self_review: environment.preventSelfReview,
              reviewers: environment.reviewers.map((user) => ({ type: "User", reviewer: showUser(user, at) })),
            },
          ]),
      ...(environment.branchPolicies === null ? [] : [{ id: environment.id + 2, node_id: "GA_2", type: "branch_policy" }]),
    ],
    deployment_branch_policy: environment.branchPolicies === null ? null : { protected_branches: false, custom_branch_policies: true },
  };
}

export function association(user: User, repository: Repository): string {
  if (user.login === repository.owner.login) return "OWNER";
  return repository.collaborators.has(user.login) ? "COLLABORATOR" : "NONE";
}
