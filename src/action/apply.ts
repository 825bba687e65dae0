// apply: on a push to the default branch. Finds what was reviewed, plans again with the admin accounts, and applies only what is the same.
import { applyReviewed } from "../commands/applying.ts";
import { createConnector } from "../commands/connector.ts";
import { UsageError } from "../commands/context.ts";
import { selectGoals } from "../commands/goals.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import { branchHead } from "../io/github/runs.ts";
import { planChecksum } from "../model/combined-checksum.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { basisOfPlan } from "../review/stale-text.ts";
import type { Evidence } from "../trust/evidence.ts";
import { findApproval, type Approval } from "./approval.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { loadWorkspace } from "./desired.ts";
import type { PushEvent } from "./event.ts";
import { ownAppId } from "./own-identity.ts";
import { publishApply } from "./publish-apply.ts";
import { saveApplyState } from "./report-apply.ts";
import { isWithinApproved } from "./subset.ts";

export async function runApplyAction(context: ActionContext, event: PushEvent): Promise<ActionOutcome> {
  if (event.branch !== event.defaultBranch)
    throw new UsageError(
      `apply runs on ${event.defaultBranch}, and this push is to ${event.branch}`,
      `on: { push: { branches: [${event.defaultBranch}] } }`,
    );
  // A run of an older commit, or an old run repeated, would bring back what is no longer declared; the newest commit's run does it all.
  const head = await branchHead(context.github, event.defaultBranch);
  if (head !== event.commit) return superseded(head);
  const loaded = await loadWorkspace(context, event.commit, null);
  if (!loaded.isUsable)
    return { ...nothing, reasonCode: "invalid", isFailure: true, message: "the files have errors; nothing was applied" };
  return applyPush(context, event, loaded.workspace);
}

const nothing = { hasChanges: false, checksum: "", commentUrl: "", resources: [] };

function superseded(head: string): ActionOutcome {
  return {
    ...nothing,
    reasonCode: "superseded",
    isFailure: false,
    message: `the default branch is at ${head} by now; the run of that commit applies`,
  };
}

async function applyPush(context: ActionContext, event: PushEvent, workspace: Workspace): Promise<ActionOutcome> {
  const log = await openSessions(context, workspace);
  const connector = createConnector(context, workspace, "apply");
  const selection = await selectGoals(context, workspace, { from: "repository", resource: null, label: null });
  const whole = await planAndRecord(context, workspace, {
    selection: selection ?? { source: "repository", goals: [] },
    connector,
    log,
  });
  const isQuiet = whole.roles.every(({ status }) => status === "in-sync");
  // Most pushes change no role: then there is nothing that anybody would have to have approved.
  const approval = isQuiet ? await quietApproval(context) : await findApproval(context, event);
  const planned = isQuiet ? whole : seenPart(whole, approval);
  const refusal = isQuiet ? null : await refusalOf(context, { event, approval }, planned);
  const report = { commit: event.commit, approval, planned };
  if (refusal !== null) return publishApply(context, { ...report, sessions: [], refusal });
  const pulls = approval.pulls.map(({ number }) => number);
  await saveApplyState(context, { commit: event.commit, pulls, appId: approval.appId });
  const run = { ...workspace.run, pullRequest: pulls.at(-1) ?? null };
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

/** @returns `null` where the plan is the approved one, or, in subset mode, does nothing that was not approved. */
async function refusalOf(
  context: ActionContext,
  { event, approval }: { readonly event: PushEvent; readonly approval: Approval },
  planned: PlannedRun,
): Promise<Refusal | null> {
  const { verdict } = approval;
  const now = fingerprintsOf(planned.roles, planned.artifact.checksum);
  if ("reason" in verdict) return { ...verdict, approved: null, now, differences: [] };
  const { evidence } = verdict;
  if (evidence.checksum === now.checksum) return null;
  if (context.inputs.mode === "subset" && (await isWithinApproved(context, { event, approval, evidence }, planned))) return null;
  const reason = evidence.declared !== now.declared ? "declaration" : evidence.catalog !== now.catalog ? "catalog" : "version";
  return { reason, message: "", approved: evidence, now, differences: differencesOf(evidence, planned) };
}

/** Of the roles whose plan is another one now, as far as the evidence has kept what it was. */
function differencesOf(evidence: Evidence, planned: PlannedRun): Refusal["differences"] {
  return planned.roles.flatMap((plan) => {
    const reviewed = evidence.roles?.find(({ resource, role }) => resource === plan.resource && role === plan.roleName);
    if (reviewed?.basis === undefined || reviewed.checksum === plan.checksum) return [];
    return [{ resource: plan.resource, role: plan.label || plan.roleName, reviewed: reviewed.basis, now: basisOfPlan(plan) }];
  });
}
