// What every verb of the Action gets from the entry point. It takes time, chance, environment and the outside only from here.
import type { CommandContext } from "../commands/context.ts";
import type { GitHubClient } from "../io/github/client.ts";
import type { Link, Places } from "../review/link.ts";
import type { Inputs } from "./inputs.ts";

export type ActionContext = ActionBase & {
  /** Puts the sessions that are there by now where they stay; see session-log.ts. */
  readonly keepSessions: () => Promise<KeptSessions>;
};

export type KeptSessions = {
  /** Where people find them; `null` where they are not kept, or nothing was there. */
  readonly link: Link | null;
  /** Why they are not where the workflow wants them: the run then fails, whatever it came to. */
  readonly problem: string | null;
};

export type ActionBase = CommandContext & {
  readonly inputs: Inputs;
  readonly run: RunIdentity;
  readonly github: GitHubClient;
  /** Where the session files of this run are collected. */
  readonly sessionsDirectory: string;
  /** Appends to the job summary. */
  readonly summarize: (markdown: string) => Promise<void>;
  /** A line for the runner itself, such as an annotation; everything in it is escaped already. */
  readonly command: (line: string) => void;
  /** Keeps a value for what runs after the job. The runner has it in a file and in the environment: no secrets. */
  readonly saveState: (name: string, value: string) => Promise<void>;
  /** What the step itself has kept, after the job; "" where it has not. */
  readonly savedState: (name: string) => string;
};

/** Of the workflow run: https://docs.github.com/actions/reference/variables-reference */
export type RunIdentity = {
  readonly id: number;
  readonly url: string;
  /** `owner/name` and id of the repository that the workflow runs in. */
  readonly repository: string;
  readonly repositoryId: number;
  readonly serverUrl: string;
};

/** Stable words: what a run came to. */
export type ReasonCode =
  | "no-changes"
  | "planned"
  | "invalid"
  | "offline-only"
  | "plan-failed"
  | "applied"
  | "partial"
  | "failed"
  | "superseded"
  /** Not the plan that `expect` names: whether the catalog or the declaration has changed, a checksum alone cannot tell. */
  | "plan-stale"
  | "plan-stale-catalog"
  | "plan-stale-declaration"
  | "evidence-missing"
  | "evidence-untrusted"
  | "approval-missing"
  /** Something differs from the default branch, and all of it was read: no failure. */
  | "drift"
  | "cancelled";

export type ActionOutcome = {
  readonly reasonCode: ReasonCode;
  /** True where the step is to fail. */
  readonly isFailure: boolean;
  readonly hasChanges: boolean;
  /** "" where no plan was made. */
  readonly checksum: string;
  /** "" where nothing was written. */
  readonly commentUrl: string;
  /** One line for the end of the log. */
  readonly message: string;
  readonly resources: readonly ResourceSummary[];
};

export type ResourceSummary = {
  readonly name: string;
  /** How many role specs came to which status. */
  readonly roles: Readonly<Record<string, number>>;
};

/** @param results role plans or sessions. */
export function summarizeResources(results: readonly { readonly resource: string; readonly status: string }[]): readonly ResourceSummary[] {
  return [...Map.groupBy(results, ({ resource }) => resource)].map(([name, own]) => ({
    name,
    roles: Object.fromEntries([...Map.groupBy(own, ({ status }) => status)].map(([status, list]) => [status, list.length])),
  }));
}

/** @throws nothing: what the runner does not set is empty. */
export function readRunIdentity(env: Readonly<Record<string, string | undefined>>): RunIdentity {
  const serverUrl = env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const repository = env["GITHUB_REPOSITORY"] ?? "";
  const id = Number(env["GITHUB_RUN_ID"] ?? "0");
  return {
    id,
    url: `${serverUrl}/${repository}/actions/runs/${id}`,
    repository,
    repositoryId: Number(env["GITHUB_REPOSITORY_ID"] ?? "0"),
    serverUrl,
  };
}

/** Where files and commits of the access repository are shown. @param commit that the file links are about. */
export function placesOf({ run, inputs }: Pick<ActionContext, "run" | "inputs">, commit: string): Places {
  const home = `${run.serverUrl}/${run.repository}`;
  const inside = inputs.directory.replace(/^\.?\/+|\/+$/gu, "").replace(/^\.$/u, "");
  return { files: `${home}/blob/${commit}${inside === "" ? "" : `/${encodeURI(inside)}`}`, commits: `${home}/commit` };
}
