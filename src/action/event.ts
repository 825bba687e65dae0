// What started the run. https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
import { UsageError } from "../commands/context.ts";
import { commitAt, numberAt, textAt, valueAt, type Payload } from "./payload.ts";

export type PullRequestEvent = {
  readonly kind: "pull-request";
  readonly number: number;
  readonly head: string;
  readonly base: { readonly branch: string; readonly commit: string };
  /** True for a fork's: no secrets, a token that only reads, and files from strangers. */
  readonly isFromFork: boolean;
  readonly defaultBranch: string;
};

export type MergeGroupEvent = {
  readonly kind: "merge-group";
  readonly head: string;
  /** `commit` is of the group before, where several are queued: nobody has merged that yet. */
  readonly base: { readonly branch: string; readonly commit: string };
  readonly defaultBranch: string;
};

export type PushEvent = {
  readonly kind: "push";
  readonly commit: string;
  /** Where the branch was. */
  readonly before: string;
  readonly branch: string;
  readonly defaultBranch: string;
};

/** Schedules run on the default branch only. */
export type ScheduleEvent = { readonly kind: "schedule"; readonly commit: string; readonly branch: string; readonly defaultBranch: string };

export type DispatchEvent = { readonly kind: "dispatch"; readonly commit: string; readonly branch: string; readonly defaultBranch: string };

export type RunEvent = PullRequestEvent | MergeGroupEvent | PushEvent | ScheduleEvent | DispatchEvent;

/**
 * @param env GITHUB_EVENT_NAME, GITHUB_SHA and GITHUB_REF of the run.
 * @throws UsageError for an event that rolewright does nothing in, `pull_request_target` above all: it would hand secrets to strangers' files.
 */
export function readEvent(env: Readonly<Record<string, string | undefined>>, payload: Payload): RunEvent {
  const name = env["GITHUB_EVENT_NAME"] ?? "";
  const commit = env["GITHUB_SHA"] ?? "";
  const branch = (env["GITHUB_REF"] ?? "").replace(/^refs\/heads\//u, "");
  switch (name) {
    case "pull_request":
      return pullRequestEvent(payload);
    case "merge_group":
      return {
        kind: "merge-group",
        head: commitAt(payload, "merge_group.head_sha"),
        base: { branch: branchAt(payload, "merge_group.base_ref"), commit: commitAt(payload, "merge_group.base_sha") },
        defaultBranch: textAt(payload, "repository.default_branch"),
      };
    case "push":
      return pushEvent(payload, branch);
    case "schedule":
      return { kind: "schedule", commit, branch, defaultBranch: branch };
    case "workflow_dispatch":
      return { kind: "dispatch", commit, branch, defaultBranch: textAt(payload, "repository.default_branch") };
    case "pull_request_target":
      throw new UsageError(
        "rolewright does not run on pull_request_target: it would put secrets and a writing token beside files of strangers",
        "run the plan on pull_request; pull requests from forks are then validated without any secret",
      );
    default:
      throw new UsageError(
        `rolewright does nothing on the event ${JSON.stringify(name)}`,
        "on: pull_request, merge_group, push, schedule or workflow_dispatch",
      );
  }
}

function pullRequestEvent(payload: Payload): PullRequestEvent {
  return {
    kind: "pull-request",
    number: numberAt(payload, "pull_request.number"),
    head: commitAt(payload, "pull_request.head.sha"),
    base: { branch: branchAt(payload, "pull_request.base.ref"), commit: commitAt(payload, "pull_request.base.sha") },
    // A fork that is gone has no repository any more.
    isFromFork: valueAt(payload, "pull_request.head.repo.id") !== numberAt(payload, "pull_request.base.repo.id"),
    defaultBranch: textAt(payload, "repository.default_branch"),
  };
}

function pushEvent(payload: Payload, branch: string): PushEvent {
  return {
    kind: "push",
    commit: commitAt(payload, "after"),
    before: commitAt(payload, "before"),
    branch,
    defaultBranch: textAt(payload, "repository.default_branch"),
  };
}

function branchAt(payload: Payload, path: string): string {
  return textAt(payload, path).replace(/^refs\/heads\//u, "");
}
