// plan: on a pull request or a merge group. Reads what it declares, asks the servers that the base branch names, and leaves a check run,
// a comment, a summary and annotations. Changes nothing on any server.
import { resolve } from "node:path";
import { createAuthorities, type Authorities } from "../commands/authorities.ts";
import { createConnector, type Connector } from "../commands/connector.ts";
import { planAndRecord } from "../commands/planning.ts";
import { openSessions, type Workspace } from "../commands/workspace.ts";
import { inOtherWorkTree } from "../io/secret-files.ts";
import type { Desired } from "../model/desired.ts";
import type { Resource } from "../model/resource.ts";
import type { Trust, TrustingInventory } from "../model/trust.ts";
import { inventoryChanges } from "../review/inventory-changes.ts";
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
    const authorities = baseAuthorities(base, workspace);
    const proposed = await trustingInventory(workspace.desired, ownAuthorities(workspace));
    const trusted = await trustingInventory(base.desired, authorities);
    const connections = trustedConnections({ ...proposed, resources }, trusted);
    const offline = whyOffline(event);
    // Before any server is asked for a plan that nothing could seal.
    if (offline === null && context.inputs.evidence === "comment-hmac") requireEvidenceKey(context.inputs);
    const report = { event, base, workspace, diagnostics, connections, inventory: inventoryChanges(proposed, trusted), offline };
    if (!isUsable || offline !== null) return publishPlan(context, { ...report, planned: null, noLogin: null });
    return publishPlan(context, { ...report, ...(await planTrusted(context, { workspace, base, authorities, connections })) });
  });
}

/** Of the files of the pull request: to compare, never to connect with. */
function ownAuthorities({ directory, desired }: Workspace): Authorities {
  return createAuthorities(desired.settings, (path) => resolve(directory, path));
}

/** A file of the repository is the base branch's, however it is named; one of the machine is there but once, beside the checkout. */
function baseAuthorities(base: Base, { directory, desired }: Workspace): Authorities {
  const { settings } = base.desired ?? desired;
  return createAuthorities(settings, (path) => inOtherWorkTree(resolve(directory, path), directory, base.directory));
}

async function trustingInventory(desired: Desired | null, { trustOf }: Authorities): Promise<TrustingInventory<Resource>> {
  const trust = new Map<string, Trust>();
  for (const resource of desired?.resources ?? []) {
    const known = await trustOf(resource);
    if (known !== null) trust.set(resource.name, known);
  }
  return { resources: desired?.resources ?? [], trust };
}

/** @returns why no server is asked, `null` where they are. */
function whyOffline(event: PullRequestEvent | MergeGroupEvent): PlanReport["offline"] {
  if (event.kind === "pull-request" && event.isFromFork) return "no-credentials";
  // Whoever may push may have a branch with any inventory in it, and send a pull request there.
  return event.base.branch === event.defaultBranch ? null : "other-branch";
}

/** A run without any login, such as Dependabot's, has planned nothing: without a role it would look as if there were nothing to change. */
async function planTrusted(
  context: ActionContext,
  input: Trusted & { readonly connections: readonly ResourceConnection[] },
): Promise<Pick<PlanReport, "planned" | "noLogin">> {
  const { workspace, connections } = input;
  const { selection } = chosenGoals(context.inputs, workspace);
  const trusted = new Set(connections.flatMap(({ resource, connection }) => (connection === "used" ? [resource.name] : [])));
  const goals = selection.goals.filter(({ resource }) => trusted.has(resource.name));
  const connector = trustedConnector(context, input);
  const problems = await Promise.all(goals.map(({ resource }) => connector.loginProblem(resource)));
  const [noLogin = null] = problems;
  if (noLogin !== null && !problems.includes(null)) return { planned: null, noLogin };
  const log = await openSessions(context, workspace);
  return { planned: await planAndRecord(context, workspace, { selection: { ...selection, goals }, connector, log }), noLogin: null };
}

type Trusted = { readonly workspace: Workspace; readonly base: Base; readonly authorities: Authorities };

/**
 * Certificate authorities, bounds and timeouts of the base branch, too: they are part of how a connection is made. What references to
 * logins start at is the checkout, as everywhere else: beside the base's files, which lie elsewhere for a while, there are no secrets.
 */
function trustedConnector(context: ActionContext, { workspace, base, authorities }: Trusted): Connector {
  const { settings } = workspace.desired;
  const { concurrency, timeouts } = base.desired?.settings ?? settings;
  const desired = { ...workspace.desired, settings: { ...settings, concurrency, timeouts } };
  return createConnector(context, { ...workspace, desired }, "plan", authorities);
}
