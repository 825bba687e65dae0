// What the stand-in knows: plain data, changed by requests and by what people do in a story.
import type { Json, JsonObject } from "../openapi/contract.ts";
import type { GitRepository } from "./git-repository.ts";

export type Scope =
  | "actions"
  | "administration"
  | "checks"
  | "contents"
  | "deployments"
  | "environments"
  | "id-token"
  | "issues"
  | "metadata"
  | "pull-requests"
  | "secrets"
  | "statuses"
  | "workflows";
export type Level = "none" | "read" | "write";
export type Permissions = Readonly<Partial<Record<Scope, Level>>>;

export type User = { readonly login: string; readonly id: number; readonly type: "User" | "Bot" };
export type App = { readonly id: number; readonly slug: string; readonly name: string };

/** Who a token speaks for. `app` is null for people. */
export type Identity = {
  readonly user: User;
  readonly app: App | null;
  readonly permissions: Permissions;
  readonly repository: string | null;
};

export type Comment = {
  readonly id: number;
  readonly issue: number;
  readonly user: User;
  readonly app: App | null;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly viaApi: boolean;
  minimized: boolean;
};
export type Review = {
  readonly id: number;
  readonly user: User;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly commit: string;
  readonly body: string;
  readonly submittedAt: string;
};
export type Pull = {
  /** null once the fork is deleted. */
  headRepository: Repository | null;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  /** When it went to another base branch, and by whom. */
  baseChanges?: { readonly at: string; readonly by: User }[];
  draft: boolean;
  merged: boolean;
  mergedBy: User | null;
  mergedAt: string | null;
  /** The test merge while open, the commit on the base branch once merged. */
  mergeCommit: string | null;
  readonly reviews: Review[];
};
export type Issue = {
  readonly number: number;
  readonly id: number;
  readonly user: User;
  readonly app: App | null;
  readonly createdAt: string;
  updatedAt: string;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: string | null;
  closedAt: string | null;
  labels: string[];
  readonly pull: Pull | null;
};
export type Annotation = JsonObject;
export type CheckRun = {
  readonly id: number;
  readonly app: App;
  readonly suite: number;
  readonly headSha: string;
  readonly startedAt: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: string;
  conclusion: string | null;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Annotation[];
};
export type CheckSuite = { readonly id: number; readonly app: App; readonly headSha: string; readonly headBranch: string | null };
export type Job = {
  readonly id: number;
  readonly name: string;
  readonly attempt: number;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  readonly checkRun: number;
  readonly steps: { name: string; number: number; status: string; conclusion: string | null }[];
};
export type Approval = {
  readonly environment: string;
  readonly user: User;
  readonly state: "approved" | "rejected";
  readonly comment: string;
};
export type WorkflowRun = {
  readonly id: number;
  readonly workflowId: number;
  readonly path: string;
  readonly name: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepository: Repository;
  readonly actor: User;
  triggeringActor: User;
  readonly suite: number;
  readonly runNumber: number;
  attempt: number;
  status: string;
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
  readonly pulls: readonly number[];
  readonly jobs: Job[];
  readonly approvals: Approval[];
  readonly artifacts: Artifact[];
};
export type Artifact = { readonly id: number; readonly name: string; readonly directory: string; readonly attempt: number };
export type Environment = {
  readonly id: number;
  readonly name: string;
  readonly secrets: Map<string, string>;
  readonly variables: Map<string, string>;
  reviewers: readonly User[];
  preventSelfReview: boolean;
  /** null: every ref may deploy. */
  branchPolicies: readonly string[] | null;
};
export type Status = {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly user: User;
};
export type Deployment = {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly payload: Json;
  readonly user: User;
  readonly createdAt: string;
  readonly statuses: string[];
};

/** A change of a ref, as `GET …/activity` tells it. */
export type Activity = {
  readonly id: number;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly type: "push" | "branch_creation" | "pr_merge";
  readonly actor: User;
  readonly timestamp: string;
};

export type Repository = {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  readonly fullName: string;
  readonly defaultBranch: string;
  private: boolean;
  readonly parent: Repository | null;
  readonly git: GitRepository;
  readonly collaborators: Map<string, "read" | "write" | "admin">;
  /** Everybody on the host, by login: whoever writes commits as `<login>@test.invalid` is that account. */
  readonly accounts: ReadonlyMap<string, User>;
  readonly activities: Activity[];
  readonly issues: Map<number, Issue>;
  readonly comments: Comment[];
  readonly labels: Map<string, { name: string; color: string; description: string | null }>;
  readonly checkRuns: CheckRun[];
  readonly checkSuites: CheckSuite[];
  readonly runs: WorkflowRun[];
  readonly statuses: Status[];
  readonly deployments: Deployment[];
  readonly environments: Map<string, Environment>;
  readonly secrets: Map<string, string>;
  readonly variables: Map<string, string>;
  /** As GitHub shows them, by branch: `GET …/rules/branches/{branch}` and `…/branches/{branch}/protection`. */
  readonly branchRules: Map<string, JsonObject[]>;
  readonly protection: Map<string, JsonObject>;
  readonly rulesets: JsonObject[];
};

export const githubActions: App = { id: 15_368, slug: "github-actions", name: "GitHub Actions" };
export const githubActionsBot: User = { login: "github-actions[bot]", id: 41_898_282, type: "Bot" };

export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/u, "Z");
}

/** Notes down who moved a branch. @param move.before `null` where it was made. */
export function recordPush(
  repository: Repository,
  move: {
    readonly branch: string;
    readonly before: string | null;
    readonly after: string;
    readonly actor: User;
    readonly isMerge?: boolean;
  },
): void {
  const { branch, before, after, actor, isMerge = false } = move;
  const type = before === null ? "branch_creation" : isMerge ? "pr_merge" : "push";
  const ref = `refs/heads/${branch}`;
  repository.activities.push({ id: nextId(), ref, before: before ?? "0".repeat(40), after, type, actor, timestamp: timestamp() });
}

let lastId = 1000;
/** One row of ids for everything, so that an id of one kind never fits another. */
export function nextId(): number {
  lastId += 1;
  return lastId;
}
