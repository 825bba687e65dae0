// Who this run is to its host: comments and check runs of others are never taken for its own.
import { statusOf } from "../io/github/client.ts";
import type { HostComment } from "../io/github/comments.ts";
import { appOfSuite, getRun } from "../io/github/runs.ts";
import type { ActionContext } from "./context.ts";

/** An app, such as GitHub Actions, or a user, for personal tokens and hosts without apps. */
export type OwnIdentity = { readonly appId: number } | { readonly userId: number };

/** The app that this run acts as, from its own workflow run; `null` where the host has no apps or does not say. */
export async function ownAppId({ github, run }: ActionContext): Promise<number | null> {
  try {
    const own = await getRun(github, run.id);
    return own?.checkSuiteId === null || own === null ? null : await appOfSuite(github, own.checkSuiteId);
  } catch (error) {
    if (statusOf(error) === 403 || statusOf(error) === 404) return null;
    throw error;
  }
}

/** @param appId of a check run that this run has made; without one the token's user is asked for. @returns `null` where nobody says. */
export async function ownIdentity(context: ActionContext, appId: number | null): Promise<OwnIdentity | null> {
  if (appId !== null) return { appId };
  try {
    return { userId: (await context.github.rest.users.getAuthenticated()).data.id };
  } catch (error) {
    if (statusOf(error) !== 403 && statusOf(error) !== 404) throw error;
    // "Resource not accessible by integration": the token is an app's.
    const own = await ownAppId(context);
    return own === null ? null : { appId: own };
  }
}

export function isOwn(author: HostComment["author"], own: OwnIdentity): boolean {
  return "appId" in own ? author.appId === own.appId : author.id === own.userId && author.appId === null;
}
