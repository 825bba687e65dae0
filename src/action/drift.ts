// drift: on a schedule or by hand. Plans the default branch, keeps one issue about what differs, and puts it right where it was told to.
// Changes nothing on any server otherwise.
import { findDrift, withoutRotation, type FoundDrift } from "../commands/drifting.ts";
import type { Selection } from "../commands/goals.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import type { Session } from "../model/session.ts";
import { resultOf } from "../review/apply-comment.ts";
import { driftWords } from "../review/drift-facts.ts";
import { renderDriftEnd, type DriftInput } from "../review/drift-issue.ts";
import { renderDrift } from "../review/drift-text.ts";
import { planKey } from "../review/plan-text.ts";
import { renderDriftSummary } from "../review/summary.ts";
import { resourcesOf } from "./branch-plan.ts";
import { chosenGoals } from "./chosen-goals.ts";
import { placesOf, summarizeResources, type ActionContext, type ActionOutcome, type ReasonCode } from "./context.ts";
import { onDefaultBranch } from "./default-branch.ts";
import { endDrift, findDriftIssue, showDrift, wholeOf, type ShownDrift } from "./drift-issue.ts";
import { approvalOfRepair, type RepairVerdict } from "./drift-approval.ts";
import { repairable, repairDrift } from "./drift-repair.ts";
import type { DispatchEvent, ScheduleEvent } from "./event.ts";
import { reasonOfRefusal } from "./publish-apply.ts";
import { redactedPlan } from "./redacted.ts";
import type { Denial } from "./trusted-plan.ts";

export async function runDriftAction(context: ActionContext, event: ScheduleEvent | DispatchEvent): Promise<ActionOutcome> {
  return onDefaultBranch(context, event, async (loaded) => {
    const { workspace, selection } = chosenGoals(context.inputs, withoutRotation(loaded));
    const log = await openSessions(context, workspace);
    const found = await findDrift(context, workspace, { selection, log });
    const { commit, branch } = event;
    const reviewed = context.inputs.drift === "apply" ? repairable(found) : [];
    const { roles: specs, settings } = loaded.desired;
    const looked = { commit, branch, specs, planned: found.planned, credentials: settings.credentials };
    const verdict = reviewed.length === 0 ? null : await approvalOfRepair(context, looked);
    const input = driftInput(context, { workspace, selection, found, commit, verdict });
    logDrift(context, found);
    await context.summarize(renderDriftSummary(input).body);
    const shown = await report(context, found, input);
    const url = shown?.issue.url ?? "";
    if (verdict === null) return outcomeOf(found, [], url);
    if ("reason" in verdict) return refused(outcomeOf(found, [], url), verdict);
    const seen = reviewed.filter(({ resource_name: name }) => !verdict.unseen.has(name));
    return outcomeOf(found, await repairDrift(context, { workspace, log, found, reviewed: seen, shown, commit, branch }), url);
  });
}

/** What was to be put right and is not fails the run, as it fails an apply. */
function refused(outcome: ActionOutcome, { reason, message }: Denial): ActionOutcome {
  return {
    ...outcome,
    reasonCode: reasonOfRefusal[reason],
    isFailure: true,
    message: `${outcome.message}; nothing was applied: ${message}`,
  };
}

type Found = {
  readonly workspace: Workspace;
  readonly selection: Selection;
  readonly found: FoundDrift;
  readonly commit: string;
  /** `null` where nothing is to be put right. */
  readonly verdict: RepairVerdict | null;
};

function driftInput(context: ActionContext, { workspace, selection, found, commit, verdict }: Found): DriftInput {
  const { inputs, run, now, redact } = context;
  return {
    environment: inputs.environment,
    plan: redactedPlan(context, found.planned),
    resources: resourcesOf(selection, found.planned),
    groups: workspace.desired.groups,
    unread: found.planned.unread.map(({ resource, message }) => ({ resource, message: redact(message) })),
    places: placesOf({ run, inputs }, commit),
    commit,
    readAt: now().toISOString(),
    whole: wholeOf(run.url),
    runUrl: run.url,
    repair: verdict !== null && "reason" in verdict ? { refused: verdict.message } : inputs.drift === "apply" ? "applied" : "none",
  };
}

/** Into the log, as on the command line. */
function logDrift({ output }: ActionContext, { planned: { roles, sessions }, facts }: FoundDrift): void {
  const sids = new Map(roles.map((plan, index) => [planKey(plan), sessions[index]?.sid ?? ""]));
  output.lines(renderDrift({ facts, roles, sids }));
}

/** @returns the issue that was opened, edited, closed or found to say the same; `null` where there is none. */
async function report(context: ActionContext, { facts }: FoundDrift, input: DriftInput): Promise<ShownDrift | null> {
  if (context.inputs.comment === "none") return null;
  const existing = await findDriftIssue(context);
  if (!facts.isClean) return showDrift(context, existing, input);
  if (existing === null || !existing.isOpen) return null;
  await endDrift(context, existing, renderDriftEnd(input));
  return { issue: existing, isNews: true };
}

/** What could not be read fails the run, whatever else it came to: nobody knows what differs there. */
function outcomeOf({ planned, facts }: FoundDrift, sessions: readonly Session[], commentUrl: string): ActionOutcome {
  const isUnread = facts.failed.length + facts.unread.length > 0;
  const reasonCode = reasonOf(facts, sessions, isUnread);
  const results = sessions.length > 0 ? sessions.map(({ resource_name: resource, status }) => ({ resource, status })) : planned.roles;
  return {
    reasonCode,
    isFailure: isUnread || reasonCode === "partial" || reasonCode === "failed",
    hasChanges: facts.drifted.length > 0,
    checksum: planned.artifact.checksum,
    commentUrl,
    message: facts.isClean
      ? "nothing differs from the default branch"
      : `${driftWords(facts)}${sessions.length > 0 ? "; see what was applied above" : ""}`,
    resources: summarizeResources(results),
  };
}

function reasonOf({ drifted }: FoundDrift["facts"], sessions: readonly Session[], isUnread: boolean): ReasonCode {
  if (sessions.length === 0) return isUnread ? "plan-failed" : drifted.length > 0 ? "drift" : "no-changes";
  switch (resultOf({ sessions, refusal: null })) {
    case "applied":
      return isUnread ? "partial" : "applied";
    case "nothing-to-do":
      return isUnread ? "plan-failed" : "no-changes";
    case "partly-applied":
      return "partial";
    case "in-doubt":
    case "not-applied":
      return "failed";
  }
}
