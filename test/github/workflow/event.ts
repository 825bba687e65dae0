// What makes workflows run, and whether a workflow listens to it.
import { matchesGlob } from "node:path";
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";
import type { Repository, User } from "../host/state.ts";

export type EventName = "pull_request" | "pull_request_target" | "merge_group" | "push" | "schedule" | "workflow_dispatch";

export type WorkflowEvent = {
  readonly name: EventName;
  /** `opened`, `synchronize`, …; null where the event has no kinds. */
  readonly action: string | null;
  readonly repository: Repository;
  readonly payload: JsonObject;
  readonly actor: User;
  /** GITHUB_REF and GITHUB_SHA. */
  readonly ref: string;
  readonly sha: string;
  /** The commit that checks hang on: for pull requests the head, not the test merge. */
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepository: Repository;
  /** The branches that a pull request leads from and to; empty for other events. */
  readonly headRef: string;
  readonly baseRef: string;
  /** The branch that filters look at. */
  readonly branch: string;
  /** The commit that the workflow files are read from. */
  readonly workflowsAt: string;
  readonly changedFiles: readonly string[];
  readonly pulls: readonly number[];
  /** A pull request from a fork gets no secrets and a token that only reads. */
  readonly trusted: boolean;
  /** Only this workflow, for `workflow_dispatch` and `schedule`. */
  readonly only: string | null;
  readonly inputs: JsonObject;
};

const defaultKinds = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
  merge_group: ["checks_requested"],
};

/** Whether the workflow's `on` has the event in, with its filters for kinds, branches and paths. */
export function listensTo(workflow: JsonObject, event: WorkflowEvent): boolean {
  const on = workflow["on"];
  if (typeof on === "string") return on === event.name && isKindWanted(null, event);
  if (Array.isArray(on)) return on.includes(event.name) && isKindWanted(null, event);
  if (!isObject(on) || !(event.name in on)) return false;
  const filter = on[event.name];
  if (!isObject(filter)) return isKindWanted(null, event);
  return isKindWanted(filter, event) && isBranchWanted(filter, event) && arePathsWanted(filter, event);
}

function isKindWanted(filter: JsonObject | null, event: WorkflowEvent): boolean {
  if (event.action === null || event.name === "push" || event.name === "schedule" || event.name === "workflow_dispatch") return true;
  const types = filter === null ? [] : texts(filter["types"]);
  return (types.length === 0 ? defaultKinds[event.name] : types).includes(event.action);
}

function isBranchWanted(filter: JsonObject, event: WorkflowEvent): boolean {
  const branches = texts(filter["branches"]);
  const ignored = texts(filter["branches-ignore"]);
  // With only tags named, no branch starts the workflow.
  if (event.name === "push" && branches.length === 0 && ignored.length === 0 && filter["tags"] !== undefined) return false;
  return (
    (branches.length === 0 || matchesPatterns(event.branch, branches)) && !ignored.some((pattern) => matchesPattern(event.branch, pattern))
  );
}

function arePathsWanted(filter: JsonObject, event: WorkflowEvent): boolean {
  const paths = texts(filter["paths"]);
  const ignored = texts(filter["paths-ignore"]);
  if (paths.length > 0) return event.changedFiles.some((file) => matchesPatterns(file, paths));
  return ignored.length === 0 || event.changedFiles.some((file) => !ignored.some((pattern) => matchesPattern(file, pattern)));
}

/** The last pattern that fits decides; `!` takes away. */
function matchesPatterns(name: string, patterns: readonly string[]): boolean {
  return patterns.reduce(
    (wanted, pattern) =>
      pattern.startsWith("!") ? wanted && !matchesPattern(name, pattern.slice(1)) : wanted || matchesPattern(name, pattern),
    false,
  );
}

/** GitHub's patterns: `*` stays within a part of the path, `**` does not. */
export function matchesPattern(name: string, pattern: string): boolean {
  return name === pattern || matchesGlob(name, pattern) || (pattern.endsWith("**") && name.startsWith(pattern.slice(0, -2)));
}

export function texts(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
