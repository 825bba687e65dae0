// apply with `expect`: in a job behind an environment with reviewers, after a job of the same workflow that planned. No pull request is
// looked for: what people saw and approved is the plan with exactly this checksum.
import { applyReviewed } from "../commands/applying.ts";
import { createConnector } from "../commands/connector.ts";
import { UsageError } from "../commands/context.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import { environmentReviews } from "../io/github/runs.ts";
import { resultOf } from "../review/apply-comment.ts";
import type { Refusal } from "../review/apply-refusal.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { moreBytes, renderApplySummary, renderPlanSummary, summaryBytes } from "../review/summary.ts";
import { approversOfJob } from "../trust/environment-approvals.ts";
import { markApplied } from "./applied-commit.ts";
import { saveApplyState } from "./apply-state.ts";
import { branchPlanInput, type BranchPlan } from "./branch-plan.ts";
import { chosenGoals } from "./chosen-goals.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { onDefaultBranch } from "./default-branch.ts";
import type { DispatchEvent, PushEvent } from "./event.ts";
import { environmentOfJob } from "./job-environment.ts";
import { ownAppId } from "./own-identity.ts";
import { applyOutcome, hasBlockers, hasChanged, isDone, logApply, type ApplyFacts } from "./publish-apply.ts";
import { applyCommentInput } from "./report-apply.ts";
import { markStalePlans } from "./stale-plans.ts";
import { refusalOfFailed } from "./unplanned.ts";

/** @throws UsageError without a checksum: then nothing would stand behind the apply. */
export async function runExpectedApply(context: ActionContext, event: PushEvent | DispatchEvent): Promise<ActionOutcome> {
  return onDefaultBranch(context, event, (workspace) => {
    if (context.inputs.expect === "")
      throw new UsageError(
        "apply without a pull request's evidence needs `expect`, and it is empty",
        "expect: ${{ needs.plan.outputs.checksum }} of a job that planned, in a job behind an environment with reviewers",
      );
    return applyExpected(context, event, workspace);
  });
}

async function applyExpected(context: ActionContext, event: PushEvent | DispatchEvent, loaded: Workspace): Promise<ActionOutcome> {
  const approvers = await approversOf(context);
  const run = { ...loaded.run, ...(approvers.length === 0 ? {} : { approvedBy: approvers }) };
  const { workspace, selection } = chosenGoals(context.inputs, { ...loaded, run });
  const log = await openSessions(context, workspace);
  const connector = createConnector(context, workspace, "apply");
  const planned = await planAndRecord(context, workspace, { selection, connector, log });
  const refusal = refusalOf(context, planned);
  await saveApplyState(context, { commit: event.commit, pulls: [], appId: null });
  const sessions =
    refusal === null ? (await applyReviewed(context, workspace, { reviewed: planned.sessions, log, connector })).sessions : [];
  const facts = { commit: event.commit, planned, sessions, refusal };
  await publish(context, facts, { approvers, plan: { commit: event.commit, workspace, selection, planned }, branch: event.branch });
  return applyOutcome(facts, "");
}

async function approversOf(context: ActionContext): Promise<readonly string[]> {
  const attempt = Number(context.env["GITHUB_RUN_ATTEMPT"]);
  return approversOfJob(await environmentReviews(context.github, context.run.id), {
    environment: await environmentOfJob(context),
    attempt,
  });
}

/** @returns `null` where the plan is the expected one, or everything is as it should be already. */
function refusalOf({ inputs }: ActionContext, planned: PlannedRun): Refusal | null {
  const failed = refusalOfFailed(planned);
  const { roles, artifact } = planned;
  if (failed !== null || artifact.checksum === inputs.expect || roles.every(({ status }) => status === "in-sync")) return failed;
  const message = `expected sha256:${inputs.expect}, and the plan is sha256:${artifact.checksum} now`;
  return { reason: "unexpected", message, approved: null, now: fingerprintsOf(roles, artifact.checksum), differences: [] };
}

async function publish(
  context: ActionContext,
  facts: ApplyFacts,
  { approvers, plan, branch }: { readonly approvers: readonly string[]; readonly plan: BranchPlan; readonly branch: string },
): Promise<void> {
  const { link: sessionLog } = await context.keepSessions();
  const input = applyCommentInput(context, { ...facts, hasBlockers: hasBlockers(facts.planned), pulls: [], approvers, sessionLog });
  const result = resultOf(input);
  logApply(context, facts);
  await context.summarize(renderApplySummary(input, facts.refusal === null ? summaryBytes : moreBytes).body);
  // Nobody has seen the plan of now.
  if (facts.refusal !== null) await context.summarize(renderPlanSummary(branchPlanInput(context, plan)).body);
  // Of a new password no other plan says anything.
  if (context.inputs.rotate !== null) return;
  const appId = await ownAppId(context);
  if (context.inputs.resources.length === 0 && isDone(result)) await markApplied(context, facts.commit, appId);
  if (hasChanged(result)) await markStalePlans(context, { branch, appliedBy: null, appId });
}
