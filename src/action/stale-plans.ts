// After an apply the plans of other open pull requests are of catalogs that are no more: they say so, and a required check stops the merge.
import { createCheck, listChecks } from "../io/github/checks.ts";
import { updateComment } from "../io/github/comments.ts";
import { openPulls, type HostPull } from "../io/github/pull-requests.ts";
import { messageOf } from "../model/error-message.ts";
import { planCheckName } from "../model/plan-check-name.ts";
import { restateComment } from "../review/comment.ts";
import type { ActionContext } from "./context.ts";
import { ownIdentity } from "./own-identity.ts";
import { findPlanComment } from "./plan-comment.ts";

/** More open pull requests than anybody has; what is not marked is refused at its apply all the same. */
const maximumPulls = 50;

/** `branch`: what was applied. `appliedBy`: the pull request that brought it; `null` for an apply without one. */
export type Applied = { readonly branch: string; readonly appliedBy: number | null; readonly appId: number | null };

/** Never throws: what was applied is applied, whether or not others can be told. */
export async function markStalePlans(context: ActionContext, { branch, appliedBy, appId }: Applied): Promise<void> {
  try {
    const others = (await openPulls(context.github, branch)).filter(({ number }) => number !== appliedBy);
    for (const pull of others.slice(0, maximumPulls)) await markStale(context, { pull, appliedBy, appId });
  } catch (error) {
    context.output.error(`warning: plans of other pull requests could not be marked as stale: ${messageOf(error)}`);
  }
}

type Stale = { readonly pull: HostPull; readonly appliedBy: number | null; readonly appId: number | null };

async function markStale(context: ActionContext, stale: Stale): Promise<void> {
  const { pull, appliedBy, appId } = stale;
  const { evidence } = context.inputs;
  // An apply that asks for no evidence says nothing of how others plan.
  const isChecked = appId !== null && evidence !== "comment-hmac" && (await markStaleCheck(context, { ...stale, appId }));
  if (appId !== null && evidence === "check-run" && !isChecked) return;
  const own = context.inputs.comment === "none" ? null : await ownIdentity(context, appId);
  const comment = own === null ? null : await findPlanComment(context, pull.number, own);
  const restated = comment === null ? null : restateComment(comment.body, { kind: "stale", appliedBy });
  if (comment !== null && restated !== null && restated !== comment.body) await updateComment(context.github, comment.id, restated);
}

/** @returns false where the pull request has no plan that could be stale. */
async function markStaleCheck(context: ActionContext, { pull, appliedBy, appId }: Stale & { readonly appId: number }): Promise<boolean> {
  const name = planCheckName(context.inputs.environment);
  const [newest] = (await listChecks(context.github, pull.headSha, name)).filter((check) => check.appId === appId);
  if (newest?.conclusion !== "success") return false;
  const title = `Stale: ${appliedBy === null ? "another plan" : `#${appliedBy}`} was applied since, plan again`;
  await createCheck(context.github, {
    name,
    headSha: pull.headSha,
    conclusion: "action_required",
    externalId: "",
    detailsUrl: context.run.url,
    title,
    summary: `${title}: push to the pull request, or repeat the run of its plan.`,
    text: "",
    annotations: [],
  });
  return true;
}
