// What happened in a story, as events that workflows listen to.
import type { JsonObject } from "../openapi/contract.ts";
import type { Addresses, Flavor } from "../host/call.ts";
import { filesOf } from "../host/routes/pulls.ts";
import { githubActionsBot, type Issue, type Pull, type Repository, type User } from "../host/state.ts";
import type { WorkflowEvent } from "../workflow/event.ts";
import { dispatchPayload, mergeGroupPayload, pullRequestPayload, pushPayload, schedulePayload } from "./payload.ts";

/** The pull request's event, and its `pull_request_target` twin, which runs the default branch's workflows with secrets. */
export function pullRequestEvents(input: {
  action: string;
  issue: Issue;
  pull: Pull;
  repository: Repository;
  actor: User;
  at: Addresses;
  flavor: Flavor;
  before?: string;
}): readonly WorkflowEvent[] {
  const { action, issue, pull, repository, actor, at, before, flavor } = input;
  const payload = pullRequestPayload({ action, issue, pull, repository, sender: actor, at, ...(before === undefined ? {} : { before }) });
  const head = pull.headRepository ?? repository;
  const base = repository.git.resolve(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  const shared = {
    action,
    repository,
    payload,
    actor,
    headBranch: pull.headRef,
    headRepository: head,
    headRef: pull.headRef,
    baseRef: pull.baseRef,
    branch: pull.baseRef,
    changedFiles: filesOf(repository, pull).flatMap((file) => [
      file.filename,
      ...(file.previousFilename === null ? [] : [file.previousFilename]),
    ]),
    pulls: [issue.number],
    only: null,
    inputs: {},
  };
  const target: WorkflowEvent = {
    ...shared,
    name: "pull_request_target",
    ref: `refs/heads/${repository.defaultBranch}`,
    sha: base,
    headSha: pull.headSha,
    workflowsAt: repository.git.resolve(repository.defaultBranch) ?? base,
    trusted: true,
  };
  // Gitea makes no test merge: its runs look at the head itself. On GitHub, a pull request with conflicts has none and starts nothing.
  const ref = `refs/pull/${issue.number}/${flavor === "gitea" ? "head" : "merge"}`;
  const merge = pull.merged ? pull.mergeCommit : repository.git.resolve(ref);
  if (merge === null) return [target];
  const event: WorkflowEvent = {
    ...shared,
    name: "pull_request",
    ref,
    sha: merge,
    headSha: pull.headSha,
    workflowsAt: merge,
    trusted: head === repository,
  };
  return [event, target];
}

export function pushEvent(input: {
  repository: Repository;
  branch: string;
  before: string;
  after: string;
  actor: User;
  at: Addresses;
}): WorkflowEvent {
  const { repository, branch, before, after, actor, at } = input;
  const ref = `refs/heads/${branch}`;
  const changed = /^0+$/u.test(before) ? repository.git.listTree(after, true) : repository.git.changedFiles(before, after);
  return {
    name: "push",
    action: null,
    payload: pushPayload({ repository, ref, before, after, pusher: actor, at }),
    changedFiles: changed.map((file) => ("filename" in file ? file.filename : file.path)),
    ...onBranch(repository, branch, after, actor),
  };
}

export function mergeGroupEvent(input: {
  repository: Repository;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  actor: User;
  at: Addresses;
}): WorkflowEvent {
  const { repository, headRef, headSha, baseRef, baseSha, actor, at } = input;
  return {
    name: "merge_group",
    action: "checks_requested",
    payload: mergeGroupPayload({ repository, headRef, headSha, baseRef: `refs/heads/${baseRef}`, baseSha, sender: actor, at }),
    changedFiles: [],
    ...onBranch(repository, headRef.replace("refs/heads/", ""), headSha, actor),
    branch: baseRef,
  };
}

export function scheduleEvent(input: { repository: Repository; workflow: string; schedule: string; at: Addresses }): WorkflowEvent {
  const { repository, workflow } = input;
  // GitHub says the last one who touched the schedule; nothing of ours may depend on that.
  return {
    name: "schedule",
    action: null,
    payload: schedulePayload(input),
    changedFiles: [],
    ...onBranch(repository, repository.defaultBranch, headOf(repository), githubActionsBot),
    only: workflow,
  };
}

export function dispatchEvent(input: {
  repository: Repository;
  workflow: string;
  inputs: JsonObject;
  branch: string;
  actor: User;
  at: Addresses;
}): WorkflowEvent {
  const { repository, workflow, inputs, branch, actor, at } = input;
  const sha = repository.git.resolve(`refs/heads/${branch}`);
  if (sha === null) throw new Error(`there is no branch ${branch}`);
  const payload = dispatchPayload({
    repository,
    ref: `refs/heads/${branch}`,
    workflow: `.github/workflows/${workflow}`,
    inputs,
    sender: actor,
    at,
  });
  return {
    name: "workflow_dispatch",
    action: null,
    payload,
    changedFiles: [],
    ...onBranch(repository, branch, sha, actor),
    only: workflow,
    inputs,
  };
}

function onBranch(
  repository: Repository,
  branch: string,
  sha: string,
  actor: User,
): Omit<WorkflowEvent, "name" | "action" | "payload" | "changedFiles"> {
  return {
    repository,
    actor,
    ref: `refs/heads/${branch}`,
    sha,
    headSha: sha,
    headBranch: branch,
    headRepository: repository,
    headRef: "",
    baseRef: "",
    branch,
    workflowsAt: sha,
    pulls: [],
    trusted: true,
    only: null,
    inputs: {},
  };
}

function headOf(repository: Repository): string {
  const sha = repository.git.resolve(repository.defaultBranch);
  if (sha === null) throw new Error(`${repository.fullName} has no commits`);
  return sha;
}
