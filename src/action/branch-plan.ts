// plan, of the default branch itself: on a push or by hand. It goes to the job summary and the outputs; an apply in a later job of the
// same workflow expects its checksum. Changes nothing on any server.
import { createConnector } from "../commands/connector.ts";
import type { Selection } from "../commands/goals.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import type { CommentInput, CommentResource } from "../review/comment-input.ts";
import { renderPlanSummary } from "../review/summary.ts";
import { chosenGoals } from "./chosen-goals.ts";
import { placesOf, type ActionContext, type ActionOutcome } from "./context.ts";
import { onDefaultBranch } from "./default-branch.ts";
import type { DispatchEvent, PushEvent } from "./event.ts";
import { commentResource, logPlan, plannedVerdict, shownPlan } from "./publish-plan.ts";

export async function runBranchPlan(context: ActionContext, event: PushEvent | DispatchEvent): Promise<ActionOutcome> {
  return onDefaultBranch(context, event, async (loaded) => {
    const { workspace, selection } = chosenGoals(context.inputs, loaded);
    const log = await openSessions(context, workspace);
    const planned = await planAndRecord(context, workspace, { selection, connector: createConnector(context, workspace, "plan"), log });
    logPlan(context, planned);
    await context.summarize(renderPlanSummary(branchPlanInput(context, { commit: event.commit, workspace, selection, planned })).body);
    return { ...plannedVerdict(planned), commentUrl: "" };
  });
}

export type BranchPlan = {
  readonly commit: string;
  readonly workspace: Workspace;
  readonly selection: Selection;
  readonly planned: PlannedRun;
};

export function branchPlanInput(context: ActionContext, { commit, workspace, selection, planned }: BranchPlan): CommentInput {
  const { inputs, run } = context;
  const { store } = workspace.desired.settings.credentials;
  return {
    environment: inputs.environment,
    pullRequest: 0,
    head: commit,
    base: null,
    places: placesOf(context, commit),
    ...shownPlan(context, planned),
    resources: resourcesOf(selection, planned),
    inventory: { added: [], updated: [], unchanged: selection.goals.length, removed: [] },
    store: { now: store, before: store },
    diagnostics: [],
    state: { kind: "planned-by-hand" },
    readAt: context.now().toISOString(),
    evidence: [{ label: "log", url: run.url }],
    whole: [{ label: "run", url: run.url }],
    runUrl: run.url,
  };
}

export function resourcesOf({ goals }: Selection, planned: PlannedRun): readonly CommentResource[] {
  return goals.map(({ resource, planned: names }) => commentResource(resource, planned, names.size));
}
