// The one comment of a pull request, edited in place. It is found by its marker and its author over all pages: a marker alone may be
// anybody's, and so may a comment of ours that somebody else started.
import type { HostCheck } from "../io/github/checks.ts";
import { listComments, minimizeComment, updateComment, type HostComment } from "../io/github/comments.ts";
import { lacksPermission } from "../io/github/permission-error.ts";
import { UsageError } from "../commands/context.ts";
import { messageOf } from "../model/error-message.ts";
import type { CommentInput } from "../review/comment-input.ts";
import { parseMarker } from "../review/comment-marker.ts";
import { renderComment } from "../review/comment.ts";
import type { ActionContext } from "./context.ts";
import { createCommentOnce } from "./create-comment.ts";
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
    const [existing, ...older] = own === null ? [] : await planComments(context, plan.number, own);
    const create = (): Promise<HostComment> => createCommentOnce(context, { number: plan.number, body, own });
    if (existing === undefined) {
      if (inputs.comment === "changes-only" && !plan.hasChanges && plan.input.diagnostics.length === 0) return "";
      return (await create()).url;
    }
    if (existing.body.replaceAll("\r\n", "\n") === body) return existing.url;
    if (inputs.comment === "recreate") {
      const { url } = await create();
      await foldAway(context, [existing]);
      return url;
    }
    await foldAway(context, older);
    return (await updateComment(github, existing.id, body)).url;
  } catch (error) {
    if (lacksPermission(error))
      throw new UsageError(
        "the token may not comment on the pull request",
        "permissions: { pull-requests: write }, or with: { comment: none }",
      );
    throw error;
  }
}

/** More than that are there only because somebody made a loop of it. */
const maximumFolded = 5;

/** What a newer comment says is not to be read in an older one; a host that cannot fold comments keeps them. */
async function foldAway({ github, output }: ActionContext, comments: readonly HostComment[]): Promise<void> {
  for (const { nodeId } of comments.slice(0, maximumFolded)) {
    try {
      await minimizeComment(github, nodeId);
    } catch (error) {
      output.error(`warning: an older comment could not be folded away: ${messageOf(error)}`);
    }
  }
}

/** Our newest comment about this pull request and environment, or `null`. */
export async function findPlanComment(context: ActionContext, number: number, own: OwnIdentity): Promise<HostComment | null> {
  const [newest] = await planComments(context, number, own);
  return newest ?? null;
}

/** All of ours, the newest first: there is more than one where each was written anew. */
async function planComments({ github, inputs }: ActionContext, number: number, own: OwnIdentity): Promise<readonly HostComment[]> {
  const comments = await listComments(github, number);
  const ours = comments.filter(({ author, body }) => {
    const marker = parseMarker(body.replaceAll("\r\n", "\n"));
    return isOwn(author, own) && marker !== null && marker.pr === number && marker.env === inputs.environment;
  });
  return ours.toReversed();
}
