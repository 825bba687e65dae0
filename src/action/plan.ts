// plan: on a pull request or a merge group. Reads what it declares, asks the servers that the base branch names, and leaves a check run,
// a comment, a summary and annotations. Changes nothing on any server.
import { createConnector, type Connector } from "../commands/connector.ts";
import { planAndRecord, type PlannedRun } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import { trustedConnections, type ResourceConnection } from "../trust/connections.ts";
import { withBase, type Base } from "./base-branch.ts";
import { chosenGoals, chosenResources } from "./chosen-goals.ts";
import type { ActionContext, ActionOutcome } from "./context.ts";
import { loadWorkspace } from "./desired.ts";
import type { MergeGroupEvent, PullRequestEvent } from "./event.ts";
import { requireEvidenceKey } from "./inputs.ts";
import { publishPlan, type PlanReport } from "./publish-plan.ts";

export async function runPlanAction(context: ActionContext, event: PullRequestEvent | MergeGroupEvent): Promise<ActionOutcome> {
  return withBase(context, event, async (base) => {
    const { workspace, diagnostics, isUsable } = await loadWorkspace(
      context,
      event.head,
      event.kind === "pull-request" ? event.number : null,
    );
    // Files with errors may lack what the input names.
    const resources = isUsable ? chosenResources(context.inputs, workspace) : workspace.desired.resources;
    const connections = trustedConnections(resources, base.desired?.resources ?? []);
    const offline = whyOffline(event);
    // Before any server is asked for a plan that nothing could seal.
    if (offline === null && context.inputs.evidence === "comment-hmac") requireEvidenceKey(context.inputs);
    const planned = isUsable && offline === null ? await planTrusted(context, { workspace, base, connections }) : null;
    return publishPlan(context, { event, base, workspace, diagnostics, connections, planned, offline });
  });
}

/** @returns why no server is asked, `null` where they are. */
function whyOffline(event: PullRequestEvent | MergeGroupEvent): PlanReport["offline"] {
  if (event.kind === "pull-request" && event.isFromFork) return "no-credentials";
  // Whoever may push may have a branch with any inventory in it, and send a pull request there.
  return event.base.branch === event.defaultBranch ? null : "other-branch";
}

async function planTrusted(
  context: ActionContext,
  input: { readonly workspace: Workspace; readonly base: Base; readonly connections: readonly ResourceConnection[] },
): Promise<PlannedRun> {
  const { workspace, connections } = input;
  const { selection } = chosenGoals(context.inputs, workspace);
  const trusted = new Set(connections.flatMap(({ resource, connection }) => (connection === "used" ? [resource.name] : [])));
  const goals = selection.goals.filter(({ resource }) => trusted.has(resource.name));
  const log = await openSessions(context, workspace);
  return planAndRecord(context, workspace, { selection: { ...selection, goals }, connector: trustedConnector(context, input), log });
}

/** Certificate authorities, bounds and timeouts of the base branch, too: they are part of how a connection is made. */
function trustedConnector(context: ActionContext, { workspace, base }: { readonly workspace: Workspace; readonly base: Base }): Connector {
  const { settings } = workspace.desired;
  const trusted = base.desired?.settings ?? settings;
  const { sslrootcert, concurrency, timeouts } = trusted;
  const desired = { ...workspace.desired, settings: { ...settings, sslrootcert, concurrency, timeouts } };
  return createConnector(context, { ...workspace, directory: base.directory, desired }, "plan");
}
