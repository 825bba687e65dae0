// apply: on a push to the default branch. Finds what was reviewed, plans again with the admin accounts, and applies only what is the same.
import { applyReviewed } from "../commands/applying.ts";
import { createConnector } from "../commands/connector.ts";
import { UsageError } from "../commands/context.ts";
import { selectGoals } from "../commands/goals.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions } from "../commands/workspace.ts";
import { branchHead } from "../io/github/runs.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { basisOfPlan } from "../review/stale-text.ts";
import type { Evidence } from "../trust/evidence.ts";
import { findApproval, type Approval } from "./approval.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { loadWorkspace, type LoadedWorkspace } from "./desired.ts";
import type { PushEvent } from "./event.ts";
import { publishApply } from "./publish-apply.ts";

export async function runApplyAction(context: ActionContext, event: PushEvent): Promise<ActionOutcome> {
  if (event.branch !== event.defaultBranch)
    throw new UsageError(
      `apply runs on ${event.defaultBranch}, and this push is to ${event.branch}`,
      `on: { push: { branches: [${event.defaultBranch}] } }`,
    );
  // A run of an older commit, or an old run repeated, would bring back what is no longer declared; the newest commit's run does it all.
  const head = await branchHead(context.github, event.defaultBranch);
  if (head !== event.commit) return superseded(head);
  const approval = await findApproval(context, event.commit, event.branch);
  const loaded = await loadWorkspace(context, event.commit, approval.pull?.number ?? null);
  if (!loaded.isUsable)
    return { ...nothing, reasonCode: "invalid", isFailure: true, message: "the files have errors; nothing was applied" };
  return applyApproved(context, { commit: event.commit, approval, loaded });
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

type Run = { readonly commit: string; readonly approval: Approval; readonly loaded: LoadedWorkspace };

async function applyApproved(context: ActionContext, run: Run): Promise<ActionOutcome> {
  const { workspace } = run.loaded;
  const evidence = "evidence" in run.approval.verdict ? run.approval.verdict.evidence : null;
  const log = await openSessions(context, workspace);
  const connector = createConnector(context, workspace, "apply");
  const selection = await selectGoals(context, workspace, { from: "repository", resource: null, label: null });
  // What nobody has planned, since its connection came with this very change, nobody has approved either.
  const unseen = new Set(evidence?.unconnected);
  const goals = selection?.goals.filter(({ resource }) => !unseen.has(resource.name)) ?? [];
  const planned = await planAndRecord(context, workspace, { selection: { source: "repository", goals }, connector, log });
  const refusal = refusalOf(run.approval, planned);
  const isQuiet = planned.roles.every(({ status }) => status === "in-sync");
  if (refusal !== null && !isQuiet) return publishApply(context, { ...run, planned, sessions: [], refusal });
  const { sessions } = await applyReviewed(context, workspace, { reviewed: planned.sessions, log, connector });
  return publishApply(context, { ...run, planned, sessions, refusal: null });
}

function refusalOf({ verdict }: Approval, planned: PlannedRun): Refusal | null {
  const now = fingerprintsOf(planned.roles, planned.artifact.checksum);
  if ("reason" in verdict) return { ...verdict, approved: null, now, differences: [] };
  const { evidence } = verdict;
  if (evidence.checksum === now.checksum) return null;
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
