// The payloads of events, held against GitHub's published webhooks.
import { completeWebhook, isObject, webhookProblems, type JsonObject } from "../openapi/contract.ts";
import type { Addresses } from "../host/call.ts";
import { showPull, showRepository, showUser } from "../host/present.ts";
import type { Issue, Pull, Repository, User } from "../host/state.ts";

/** @throws Error where the payload is not what GitHub publishes */
function checked(event: string, payload: JsonObject): JsonObject {
  const full = completeWebhook(event, payload);
  const problems = webhookProblems(event, full);
  if (problems.length > 0) throw new Error(`the payload of ${event} is not as GitHub publishes it:\n${problems.join("\n")}`);
  return isObject(full) ? full : payload;
}

export function pullRequestPayload(input: {
  action: string;
  issue: Issue;
  pull: Pull;
  repository: Repository;
  sender: User;
  at: Addresses;
  before?: string;
}): JsonObject {
  const { action, issue, pull, repository, sender, at, before } = input;
  const shown = {
    ...showPull(issue, pull, repository, at),
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
    comments: 0,
    review_comments: 0,
  };
  // `pull_request_target` and kinds such as `edited` share the form of `opened`.
  const kind = ["opened", "synchronize", "reopened", "closed"].includes(action) ? action : "opened";
  const payload = checked(`pull_request/${kind}`, {
    action: kind,
    number: issue.number,
    pull_request: { ...shown, auto_merge: null, active_lock_reason: null },
    repository: showRepository(repository, at),
    sender: showUser(sender, at),
    ...(kind === "synchronize" ? { before: before ?? pull.headSha, after: pull.headSha } : {}),
  });
  return { ...payload, action };
}

export function pushPayload(input: {
  repository: Repository;
  ref: string;
  before: string;
  after: string;
  pusher: User;
  at: Addresses;
}): JsonObject {
  const { repository, ref, before, after, pusher, at } = input;
  const created = /^0+$/u.test(before);
  const show = (sha: string): JsonObject => {
    const commit = repository.git.readCommit(sha);
    const changed = repository.git.changedFiles(commit.parents[0] ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904", sha);
    const named = (status: string): string[] => changed.filter((file) => file.status === status).map(({ filename }) => filename);
    return {
      id: sha,
      tree_id: commit.tree,
      distinct: true,
      message: commit.message,
      timestamp: commit.committer.date,
      url: `${at.server}/${repository.fullName}/commit/${sha}`,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
      added: named("added"),
      removed: named("removed"),
      modified: [...named("modified"), ...named("renamed")],
    };
  };
  return checked("push", {
    ref,
    before,
    after,
    base_ref: null,
    compare: `${at.server}/${repository.fullName}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    created,
    deleted: false,
    forced: !created && !repository.git.isAncestor(before, after),
    commits: repository.git
      .log(after, created ? null : before)
      .toReversed()
      .slice(-20)
      .map(show),
    head_commit: show(after),
    pusher: { name: pusher.login, email: `${pusher.login}@test.invalid` },
    repository: { ...showRepository(repository, at), created_at: 1_767_225_600, pushed_at: 1_767_225_600 },
    sender: showUser(pusher, at),
  });
}

export function mergeGroupPayload(input: {
  repository: Repository;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  sender: User;
  at: Addresses;
}): JsonObject {
  const { repository, headRef, headSha, baseRef, baseSha, sender, at } = input;
  const { tree, message, author, committer } = repository.git.readCommit(headSha);
  return checked("merge_group/checks_requested", {
    action: "checks_requested",
    merge_group: {
      head_sha: headSha,
      head_ref: headRef,
      base_sha: baseSha,
      base_ref: baseRef,
      head_commit: {
        id: headSha,
        tree_id: tree,
        message,
        timestamp: author.date,
        author: { name: author.name, email: author.email },
        committer: { name: committer.name, email: committer.email },
      },
    },
    repository: showRepository(repository, at),
    sender: showUser(sender, at),
  });
}

export function dispatchPayload(input: {
  repository: Repository;
  ref: string;
  workflow: string;
  inputs: JsonObject;
  sender: User;
  at: Addresses;
}): JsonObject {
  const { repository, ref, workflow, inputs, sender, at } = input;
  return checked("workflow_dispatch", { inputs, ref, workflow, repository: showRepository(repository, at), sender: showUser(sender, at) });
}

export function schedulePayload(input: { repository: Repository; schedule: string; workflow: string; at: Addresses }): JsonObject {
  return { schedule: input.schedule, workflow: input.workflow, repository: showRepository(input.repository, input.at) };
}
