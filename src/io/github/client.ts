// A client for GitHub's REST API, GitHub Enterprise Server and Gitea: one repository, one token, the host's own addresses.
import Bottleneck from "bottleneck/light.js";
import { Octokit } from "@octokit/rest";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { lacksPermission, missingPermission } from "./permission-error.ts";

/** The repository that every call is about. */
export type GitHubClient = {
  readonly rest: InstanceType<typeof Octokit>["rest"];
  readonly paginate: InstanceType<typeof Octokit>["paginate"];
  readonly request: InstanceType<typeof Octokit>["request"];
  readonly graphql: InstanceType<typeof Octokit>["graphql"];
  readonly at: { readonly owner: string; readonly repo: string };
};

const Client = Octokit.plugin(retry, throttling);

/** After so many refusals for going too fast, the refusal is the answer. */
const maximumRetries = 3;

/** Longer than this nobody waits for a rate limit inside a job. */
const maximumWaitSeconds = 120;

/**
 * @param apiUrl `GITHUB_API_URL`: https://api.github.com, or an own server's. @param repository `owner/name`.
 * @param report what the caller should know while it waits, such as a rate limit.
 */
export function connectGitHub(input: {
  readonly apiUrl: string;
  readonly token: string;
  readonly repository: string;
  readonly toolVersion: string;
  readonly report: (text: string) => void;
}): GitHubClient {
  const [owner = "", repo = ""] = input.repository.split("/");
  const waits = (what: string) => (retryAfter: number, _options: object, _client: unknown, retryCount: number) => {
    const isWorthIt = retryCount < maximumRetries && retryAfter <= maximumWaitSeconds;
    input.report(`GitHub's ${what} is reached; ${isWorthIt ? `waiting ${retryAfter} s` : "giving up"}`);
    return isWorthIt;
  };
  const client = new Client({
    baseUrl: input.apiUrl,
    auth: input.token,
    userAgent: `rolewright/${input.toolVersion}`,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    throttle: {
      ...(isGitHubsOwn(input.apiUrl) ? {} : unspaced()),
      onRateLimit: waits("rate limit"),
      onSecondaryRateLimit: waits("secondary rate limit"),
    },
  });
  client.hook.error("request", withHint);
  return { rest: client.rest, paginate: client.paginate, request: client.request, graphql: client.graphql, at: { owner, repo } };
}

/** The error that the plug-ins know, with what to do about it. */
function withHint(error: unknown): never {
  if (lacksPermission(error)) throw Object.assign(error, { hint: `give the job of the workflow ${missingPermission(error)}` });
  throw error;
}

function ignore(): void {}

/** GitHub asks for a second between two writes; own servers have no rate limits unless their administrators set some. */
function isGitHubsOwn(apiUrl: string): boolean {
  return /(?:^|\.)(?:github\.com|ghe\.com)$/u.test(new URL(apiUrl).hostname);
}

function unspaced(): { readonly write: Bottleneck.Group; readonly notifications: Bottleneck.Group } {
  const group = new Bottleneck.Group({ maxConcurrent: 1 });
  return { write: group, notifications: group };
}

/** What a failed request says: the HTTP status, or `null` where none came. */
export function statusOf(error: unknown): number | null {
  return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number" ? error.status : null;
}
