// What stands behind a push to the default branch: the pull requests it brought, the plan that people saw, and who approved it.
import { changedPaths, listReviews, mayPush, type HostPull } from "../io/github/pull-requests.ts";
import { maximumPushes, pushersOf, writersOf } from "../io/github/makers.ts";
import { actorsOfRuns } from "../io/github/runs.ts";
import { opinionsOf } from "../trust/approvals.ts";
import type { Evidence } from "../trust/evidence.ts";
import { guardedPaths } from "../trust/guarded-paths.ts";
import { evidenceOfGroup, evidenceOfPull } from "./check-evidence.ts";
import { evidenceInComment } from "./comment-evidence.ts";
import type { ActionContext } from "./context.ts";
import type { PushEvent } from "./event.ts";
import { ownAppId } from "./own-identity.ts";
import { mergedAs, pullBehind, pullsBehind } from "./pulls-behind.ts";
import type { Denial, TrustedPlan } from "./trusted-plan.ts";

export type Approval = {
  /** The last is the one whose merge made the commit; none for a push without one. */
  readonly pulls: readonly HostPull[];
  /** The app that this run acts as; `null` where the host has none. */
  readonly appId: number | null;
  readonly verdict: ApprovedPlan | Denial;
};

export type ApprovedPlan = { readonly evidence: Evidence; readonly approvers: readonly string[] };

/** What has reached the default branch. `before`: where that was; `null` for a run that is not of the push itself. */
export type Landed = Pick<PushEvent, "commit" | "branch"> & { readonly before: string | null };

/** Throws nothing that a forged or missing piece of evidence could cause. */
export async function findApproval(context: ActionContext, push: Landed): Promise<Approval> {
  const { commit, branch } = push;
  const appId = await ownAppId(context);
  const group =
    appId === null || context.inputs.evidence !== "check-run" ? null : await evidenceOfGroup(context, appId, { commit, branch });
  if (group !== null && !("reason" in group)) {
    // The group was planned on top of what had been merged by then, which is as far back as its push can have begun.
    const pulls = (await pullsBehind(context, { ...push, before: push.before ?? group.evidence.base })) ?? [];
    return { pulls, appId, verdict: await approveAll(context, pulls, group) };
  }
  const pull = push.before === null ? await mergedAs(context, commit, branch) : await pullBehind(context, commit, branch);
  if (pull !== null) return { pulls: [pull], appId, verdict: await approvePull(context, pull, appId) };
  return { pulls: [], appId, verdict: { reason: "evidence-missing", message: `the commit ${commit} came from no merged pull request` } };
}

/** The plan of one pull request's own head, if it can be trusted and was approved. */
export async function approvePull(context: ActionContext, pull: HostPull, appId: number | null): Promise<ApprovedPlan | Denial> {
  const plan = await planOf(context, pull, appId);
  return "reason" in plan ? plan : approveAll(context, [pull], plan);
}

async function planOf(context: ActionContext, pull: HostPull, appId: number | null): Promise<TrustedPlan | Denial> {
  if (context.inputs.evidence === "comment-hmac") return evidenceInComment(context, pull);
  if (appId !== null) return evidenceOfPull(context, appId, pull);
  return {
    reason: "evidence-untrusted",
    message: "this host does not say which app the run acts as; permissions: { actions: read, checks: read }, or evidence: comment-hmac",
  };
}

/** Each of the pull requests has to be approved by itself, whatever planned them together. */
async function approveAll(
  context: ActionContext,
  pulls: readonly HostPull[],
  { evidence, since }: TrustedPlan,
): Promise<ApprovedPlan | Denial> {
  if (pulls.length === 0) return { reason: "evidence-missing", message: "not every commit of the push came from a merged pull request" };
  const all = new Set<string>();
  for (const pull of pulls) {
    const paths = await changedPaths(context.github, pull);
    if (paths === null) return { reason: "evidence-untrusted", message: `#${pull.number} changes more files than the host lists` };
    const touched = guardedPaths(paths);
    if (touched.length > 0) return guarded(pull, touched);
    const approvers = await approversWhoCount(context, pull, since);
    if ("reason" in approvers) return approvers;
    for (const approver of approvers) all.add(approver);
  }
  return { evidence, approvers: [...all] };
}

function guarded({ number }: HostPull, touched: readonly string[]): Denial {
  const message = `#${number} changes ${touched.slice(0, 5).join(", ")}, so that its own plan proves nothing; put the roles into a pull request of their own`;
  return { reason: "evidence-untrusted", message };
}

function unapproved({ inputs }: ActionContext, { number, headSha }: HostPull, approvals: number, early: readonly string[]): Denial {
  const words = `#${number} has ${approvals} of ${inputs.minApprovals} approvals of exactly ${headSha.slice(0, 7)} by people who may push, and did not open, push or write it`;
  const message = early.length === 0 ? words : `${words}; ${early.join(", ")} approved before this plan was made`;
  return { reason: "approval-missing", message };
}

async function approversWhoCount(context: ActionContext, pull: HostPull, since: string | null): Promise<readonly string[] | Denial> {
  const { github, inputs } = context;
  if (inputs.minApprovals === 0) return [];
  const authors = await makersOf(context, pull);
  if (authors === null) return unknownPusher(pull);
  const { approvers, early, objectors } = opinionsOf(await listReviews(github, pull.number), { head: pull.headSha, authors, since });
  const [objector] = await firstWhoMayPush(context, objectors, 1);
  if (objector !== undefined)
    return { reason: "approval-missing", message: `${objector} has asked for changes of #${pull.number} and not taken that back` };
  const counted = await firstWhoMayPush(context, approvers, inputs.minApprovals);
  return counted.length < inputs.minApprovals ? unapproved(context, pull, counted.length, early) : counted;
}

/** Ids of all who had a hand in the head, and of whom none can be the one who looks at it for the others. `null`: nobody says who pushed it. */
async function makersOf({ github, inputs }: ActionContext, pull: HostPull): Promise<ReadonlySet<number> | null> {
  const { authorId, headBranch, headSha } = pull;
  const pushers = await pushersOf(github, { branch: headBranch, commit: headSha });
  if (pushers === null) return null;
  const started = await actorsOfRuns(github, headSha, inputs.planWorkflow);
  return new Set([authorId, ...pushers, ...started, ...(await writersOf(github, headSha))]);
}

function unknownPusher({ number, headBranch, headSha }: HostPull): Denial {
  const message = `${JSON.stringify(headBranch)} has had more than ${maximumPushes} pushes, not all of which are looked through for ${headSha.slice(0, 7)}, the head of #${number}, so nothing says who pushed it; use a new branch`;
  return { reason: "approval-missing", message };
}

async function firstWhoMayPush({ github }: ActionContext, logins: readonly string[], wanted: number): Promise<readonly string[]> {
  const counted: string[] = [];
  for (const login of logins) {
    if (counted.length === wanted) break;
    if (await mayPush(github, login)) counted.push(login);
  }
  return counted;
}
