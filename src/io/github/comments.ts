// Comments on pull requests and issues.
import type { GitHubClient } from "./client.ts";

export type HostComment = {
  readonly id: number;
  /** GraphQL's name of it. */
  readonly nodeId: string;
  readonly body: string;
  readonly url: string;
  /** Who wrote it; `appId` where an app did, such as GitHub Actions. */
  readonly author: { readonly id: number; readonly appId: number | null };
};

/** All comments, the oldest first, over all pages. */
export async function listComments({ rest, paginate, at }: GitHubClient, number: number): Promise<readonly HostComment[]> {
  const comments = await paginate(rest.issues.listComments, { ...at, issue_number: number, per_page: 100 });
  return comments.map(readComment);
}

/** Not tried again by itself: where the answer was lost, the comment may be there. */
export async function createComment({ rest, at }: GitHubClient, number: number, body: string): Promise<HostComment> {
  const { data } = await rest.issues.createComment({ ...at, issue_number: number, body, request: { retries: 0 } });
  return readComment(data);
}

export async function updateComment({ rest, at }: GitHubClient, id: number, body: string): Promise<HostComment> {
  return readComment((await rest.issues.updateComment({ ...at, comment_id: id, body })).data);
}

/** Folds a comment away as outdated. Only GitHub's GraphQL can. https://docs.github.com/graphql/reference/mutations#minimizecomment */
export async function minimizeComment({ graphql }: GitHubClient, nodeId: string): Promise<void> {
  const mutation = "mutation ($input: MinimizeCommentInput!) { minimizeComment(input: $input) { minimizedComment { isMinimized } } }";
  await graphql(mutation, { input: { subjectId: nodeId, classifier: "OUTDATED" } });
}

type CommentData = {
  readonly id: number;
  readonly node_id: string;
  readonly body?: string;
  readonly html_url: string;
  readonly user: { readonly id: number } | null;
  readonly performed_via_github_app?: { readonly id: number } | null;
};

function readComment({ id, node_id: nodeId, body, html_url: url, user, performed_via_github_app: app }: CommentData): HostComment {
  return { id, nodeId, body: body ?? "", url, author: { id: user?.id ?? 0, appId: app?.id ?? null } };
}
