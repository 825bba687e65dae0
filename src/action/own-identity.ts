// Who this run is to its host: comments and check runs of others are never taken for its own.
import { statusOf } from "../io/github/client.ts";
import type { HostComment } from "../io/github/comments.ts";
import type { ActionContext } from "./context.ts";

/** An app, such as GitHub Actions, or a user, for personal tokens and hosts without apps. */
export type OwnIdentity = { readonly appId: number } | { readonly userId: number };

/** @param appId of a check run that this run has made; without one the token's user is asked for. @returns `null` where nobody says. */
export async function ownIdentity({ github }: ActionContext, appId: number | null): Promise<OwnIdentity | null> {
  if (appId !== null) return { appId };
  try {
    return { userId: (await github.rest.users.getAuthenticated()).data.id };
  } catch (error) {
    // "Resource not accessible by integration": the token is an app's.
    if (statusOf(error) === 403 || statusOf(error) === 404) return null;
    throw error;
  }
}

export function isOwn(author: HostComment["author"], own: OwnIdentity): boolean {
  return "appId" in own ? author.appId === own.appId : author.id === own.userId && author.appId === null;
}
