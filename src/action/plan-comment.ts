// The one comment of a pull request, edited in place. It is found by its marker and its author over all pages: a marker alone may be
// anybody's, and so may a comment of ours that somebody else started.
import type { HostCheck } from "../io/github/checks.ts";
import { createComment, listComments, minimizeComment, updateComment, type HostComment } from "../io/github/comments.ts";
import { statusOf } from "../io/github/client.ts";
import { UsageError } from "../commands/context.ts";
import { messageOf } from "../model/error-message.ts";
import type { CommentInput } from "../review/comment-input.ts";
import { parseMarker } from "../review/comment-marker.ts";
import { renderComment } from "../review/comment.ts";
import type { ActionContext } from "./context.ts";
import { isOwn, ownIdentity, type OwnIdentity } from "./own-identity.ts";

/** @returns the comment's address; "" where none was to be written. */
export async function writePlanComment(
  context: ActionContext,
  plan: { readonly input: CommentInput; readonly check: HostCheck | null; readonly hasChanges: boolean; readonly number: number },
): Promise<string> {
  const { github, inputs } = context;
  const body = context.redact(renderComment(plan.input).body);
  try {
    const own = await ownIdentity(context, plan.check?.appId ?? null);
    const existing = own === null ? null : await findPlanComment(context, plan.number, own);
    if (existing === null) {
      if (inputs.comment === "changes-only" && !plan.hasChanges && plan.input.diagnostics.length === 0) return "";
      return (await createComment(github, plan.number, body)).url;
    }
    if (existing.body.replaceAll("\r\n", "\n") === body) return existing.url;
    if (inputs.comment === "recreate") return await recreate(context, existing, { number: plan.number, body });
    return (await updateComment(github, existing.id, body)).url;
  } catch (error) {
    if (statusOf(error) === 403)
      throw new UsageError(
        "the token may not comment on the pull request",
        "permissions: { pull-requests: write }, or with: { comment: none }",
      );
    throw error;
  }
}

/** A new comment, so that people are told; the old one is folded away, where the host can do that. */
async function recreate(
  { github, output }: ActionContext,
  old: HostComment,
  { number, body }: { readonly number: number; readonly body: string },
): Promise<string> {
  const { url } = await createComment(github, number, body);
  try {
    await minimizeComment(github, old.nodeId);
  } catch (error) {
    output.error(`warning: the comment before could not be folded away: ${messageOf(error)}`);
  }
  return url;
}

/** Our newest comment about this pull request and environment, or `null`. */
export async function findPlanComment({ github, inputs }: ActionContext, number: number, own: OwnIdentity): Promise<HostComment | null> {
  const comments = await listComments(github, number);
  return (
    comments.findLast(({ author, body }) => {
      const marker = parseMarker(body.replaceAll("\r\n", "\n"));
      return isOwn(author, own) && marker !== null && marker.pr === number && marker.env === inputs.environment;
    }) ?? null
  );
}
