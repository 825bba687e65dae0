// Issues of the repository. https://docs.github.com/rest/issues/issues
import type { GitHubClient } from "./client.ts";

export type HostIssue = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  readonly url: string;
  /** "" where the account is gone. */
  readonly author: string;
};

/** All issues that somebody opened, open or not, the newest first, over all pages; no pull requests. */
export async function listIssuesOf({ rest, paginate, at }: GitHubClient, author: string): Promise<readonly HostIssue[]> {
  const issues = await paginate(rest.issues.listForRepo, { ...at, creator: author, state: "all", per_page: 100 });
  return issues
    .filter(({ pull_request: pull }) => pull === undefined)
    .map(readIssue)
    .toSorted((a, b) => b.number - a.number);
}

export async function createIssue({ rest, at }: GitHubClient, text: { readonly title: string; readonly body: string }): Promise<HostIssue> {
  return readIssue((await rest.issues.create({ ...at, ...text })).data);
}

/** Gives an issue another text, and opens it again where it was closed. */
export async function reviseIssue(
  { rest, at }: GitHubClient,
  number: number,
  text: { readonly title: string; readonly body: string },
): Promise<HostIssue> {
  return readIssue((await rest.issues.update({ ...at, issue_number: number, ...text, state: "open" })).data);
}

export async function closeIssue({ rest, at }: GitHubClient, number: number): Promise<void> {
  await rest.issues.update({ ...at, issue_number: number, state: "closed", state_reason: "completed" });
}

type IssueData = {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null;
  readonly state: string;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
};

function readIssue({ number, title, body, state, html_url: url, user }: IssueData): HostIssue {
  return { number, title, body: body ?? "", isOpen: state === "open", url, author: user?.login ?? "" };
}
