// Writes a comment once. A request whose answer was lost, or that a gateway gave up on, may have been carried out all the same, so that
// before it is made again the comment is looked for.
import { setTimeout as sleep } from "node:timers/promises";
import { createComment, listComments, type HostComment } from "../io/github/comments.ts";
import { statusOf } from "../io/github/client.ts";
import type { ActionContext } from "./context.ts";
import { isOwn, type OwnIdentity } from "./own-identity.ts";

/** Seconds between the attempts. */
const waits = [1, 3, 9];

/** @param comment.own `null` where nobody says who this run is; then the comment is not tried again. */
export async function createCommentOnce(
  { github, signal }: ActionContext,
  comment: { readonly number: number; readonly body: string; readonly own: OwnIdentity | null },
): Promise<HostComment> {
  const { number, body, own } = comment;
  for (const wait of waits) {
    try {
      return await createComment(github, number, body);
    } catch (error) {
      if (own === null || !isUncertain(error)) throw error;
      await sleep(wait * 1_000, undefined, { signal });
      const made = (await listComments(github, number)).findLast(
        (each) => isOwn(each.author, own) && each.body.replaceAll("\r\n", "\n") === body,
      );
      if (made !== undefined) return made;
    }
  }
  return createComment(github, number, body);
}

/** Octokit gives 500 to a connection that broke. */
function isUncertain(error: unknown): boolean {
  const status = statusOf(error);
  return status !== null && status >= 500;
}
