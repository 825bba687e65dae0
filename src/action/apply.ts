// apply: on a push to the default branch. Finds what was reviewed, plans again with the admin accounts, and applies only what is the same.
import { applyReviewed } from "../commands/applying.ts";
import { createConnector } from "../commands/connector.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import { planChecksum } from "../model/combined-checksum.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { basisOfPlan } from "../model/plan-basis.ts";
import type { Evidence } from "../trust/evidence.ts";
import { goneOrphans, isRemainder } from "../trust/remainder.ts";
import { targetsDigest } from "../trust/targets-digest.ts";
import { wasApplied } from "./applied-commit.ts";
import { saveApplyState, savePush } from "./apply-state.ts";
import { findApproval, type Approval } from "./approval.ts";
import { problemOfStore } from "./approved-store.ts";
import { chosenGoals } from "./chosen-goals.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { onDefaultBranch } from "./default-branch.ts";
import type { PushEvent } from "./event.ts";
import { ownAppId } from "./own-identity.ts";
import { planOf, publishApply } from "./publish-apply.ts";
import { isWithinApproved, type Newest } from "./subset.ts";
import { refusalOfFailed, refusalOfUnread } from "./unplanned.ts";

export async function runApplyAction(context: ActionContext, event: PushEvent): Promise<ActionOutcome> {
  return onDefaultBranch(context, event, (workspace) => applyPush(context, event, workspace));
}

async function applyPush(context: ActionContext, event: PushEvent, workspace: Workspace): Promise<ActionOutcome> {
  await savePush(context, event);
  const log = await openSessions(context, workspace);
  const connector = createConnector(context, workspace, "apply");
  const { selection } = chosenGoals(context.inputs, workspace);
  const whole = await planAndRecord(context, workspace, { selection, connector, log });
  const isQuiet = whole.roles.every(({ status }) => status === "in-sync");
  // Most pushes change no role: then there is nothing that anybody would have to have approved.
  const approval = isQuiet ? await quietApproval(context) : await findApproval(context, event);
  const planned = isQuiet ? whole : seenPart(whole, approval);
  const refusal = isQuiet ? null : await refusalOf(context, { event, approval, workspace }, planned);
  const report = { commit: event.commit, approval, planned };
  if (refusal !== null) return publishApply(context, { ...report, sessions: [], refusal });
  const pulls = approval.pulls.map(({ number }) => number);
  await saveApplyState(context, { commit: event.commit, pulls, appId: approval.appId, ...planOf(approval, planned) });
  const approvedBy = "approvers" in approval.verdict ? { approvedBy: approval.verdict.approvers } : {};
  const run = { ...workspace.run, pullRequest: pulls.at(-1) ?? null, ...approvedBy };
  const { sessions } = await applyReviewed(context, { ...workspace, run }, { reviewed: planned.sessions, log, connector });
  return publishApply(context, { ...report, sessions, refusal: null });
}

async function quietApproval(context: ActionContext): Promise<Approval> {
  return { pulls: [], appId: await ownAppId(context), verdict: { reason: "evidence-missing", message: "" } };
}

/** What nobody has planned, since its connection came with this very change, nobody has approved either: the next plan shows it. */
function seenPart(planned: PlannedRun, { verdict }: Approval): PlannedRun {
  const unseen = new Set("evidence" in verdict ? verdict.evidence.unconnected : []);
  if (unseen.size === 0) return planned;
  const sessions = planned.sessions.filter((session) => !unseen.has(session.resource_name));
  const results = planned.artifact.results.filter((session) => !unseen.has(session.resource_name));
  const checksum = planChecksum(results.map((session) => session.sql_plan_checksum));
  const roles = planned.roles.filter(({ resource }) => !unseen.has(resource));
  return { ...planned, roles, sessions, artifact: { ...planned.artifact, results, checksum } };
}

/** @returns `null` where the plan is the approved one, or what is left of it, or, in subset mode, does nothing that was not approved. */
async function refusalOf(
  context: ActionContext,
  { event, approval, workspace }: { readonly event: PushEvent; readonly approval: Approval; readonly workspace: Workspace },
  planned: PlannedRun,
): Promise<Refusal | null> {
  const failed = refusalOfFailed(planned);
  if (failed !== null) return failed;
  const { verdict } = approval;
  const now = fingerprintsOf(planned.roles, planned.artifact.checksum);
  if ("reason" in verdict) return { ...verdict, approved: null, now, differences: [] };
  const { evidence } = verdict;
  const problem = problemOfStore(evidence, planned.roles, workspace.desired.settings.credentials);
  if (problem !== null) return { reason: "declaration", message: problem, approved: evidence, now, differences: [] };
  if (evidence.checksum === now.checksum) return null;
  const unread = refusalOfUnread(planned, new Set(evidence.roles?.map(({ resource }) => resource)));
  if (unread !== null) return unread;
  const newest = { event, approval, evidence };
  if (!(await isSpent(context, newest)) && (isWhatIsLeft(evidence, planned) || (await isWithinApproved(context, newest, planned))))
    return null;
  const reason = evidence.declared !== now.declared ? "declaration" : evidence.catalog !== now.catalog ? "catalog" : "version";
  return { reason, message: "", approved: evidence, now, differences: differencesOf(evidence, planned) };
}

/** What was applied once, all of it, leaves nothing to go on with: of what was undone since, nobody has approved that it comes back. */
async function isSpent(context: ActionContext, { event, approval }: Newest): Promise<boolean> {
  const { appId } = approval;
  return appId !== null && context.inputs.evidence === "check-run" && (await wasApplied(context, event.commit, appId));
}

/** An earlier run of this push has applied some of the roles; the others have the approved plan, and all of them the approved declaration and cluster. */
function isWhatIsLeft(evidence: Evidence, { roles, artifact }: PlannedRun): boolean {
  const gone = goneOrphans(roles, evidence);
  if (evidence.roles === null || gone === null || !isRemainder(roles, evidence.roles)) return false;
  if (targetsDigest(roles) !== evidence.targets) return false;
  const dropped = gone.map(({ resource, checksum, basis }) => ({ ...basis, resource, checksum }));
  return fingerprintsOf([...roles, ...dropped], artifact.checksum).declared === evidence.declared;
}

/** Of the roles whose plan is another one now, as far as the evidence has kept what it was. */
function differencesOf(evidence: Evidence, planned: PlannedRun): Refusal["differences"] {
  return planned.roles.flatMap((plan) => {
    const reviewed = evidence.roles?.find(({ resource, role }) => resource === plan.resource && role === plan.roleName);
    if (reviewed?.basis === undefined || reviewed.checksum === plan.checksum) return [];
    return [{ resource: plan.resource, role: plan.label || plan.roleName, reviewed: reviewed.basis, now: basisOfPlan(plan) }];
  });
}
