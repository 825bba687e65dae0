// mode: subset. Merges in a burst: the last one's plan was made before the others were applied, so that its checksum cannot be the one of
// now. Then every statement must have been approved in one of the pull requests since the last apply.
import type { PlannedRun } from "../commands/planning.ts";
import { commitsBefore } from "../io/github/runs.ts";
import { isCovered } from "../trust/subset.ts";
import type { Evidence } from "../trust/evidence.ts";
import { wasApplied } from "./applied-commit.ts";
import { approvePull, type Approval } from "./approval.ts";
import type { ActionContext } from "./context.ts";
import type { PushEvent } from "./event.ts";
import { mergedAs } from "./pulls-behind.ts";

/** Merges further back than this are not looked for; what they would have covered is refused. */
const maximumCommits = 50;

export type Newest = { readonly event: PushEvent; readonly approval: Approval; readonly evidence: Evidence };

/** Never in strict mode. @param newest the plan of the push itself, trusted and approved. */
export async function isWithinApproved(context: ActionContext, newest: Newest, planned: PlannedRun): Promise<boolean> {
  if (context.inputs.mode !== "subset") return false;
  // A plan that could not be made whole was not approved in parts.
  if (planned.roles.some(({ status }) => status === "failed")) return false;
  const approved: Evidence[] = [newest.evidence];
  for (const commit of await commitsBefore(context.github, newest.event.commit, maximumCommits)) {
    if (isCovered(planned.roles, approved)) return true;
    const { appId } = newest.approval;
    if (appId === null || (await wasApplied(context, commit, appId))) break;
    const pull = await mergedAs(context, commit, newest.event.branch);
    const plan = pull === null ? null : await approvePull(context, pull, appId);
    if (plan !== null && "evidence" in plan) approved.push(plan.evidence);
  }
  return isCovered(planned.roles, approved);
}
