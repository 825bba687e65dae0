// Planning for whoever shows it: the command line and the Action. Reads every catalog, records a session for each role plan.
import { messageOf } from "../model/error-message.ts";
import type { RolePlan } from "../model/plan.ts";
import type { Session } from "../model/session.ts";
import { makeArtifact, type PlanArtifact } from "../session/artifact.ts";
import { failedPlan } from "../plan/failed.ts";
import { observe, planObserved, type Goal } from "../reconcile.ts";
import type { UnreadResource } from "../review/drift-facts.ts";
import { planSession } from "../session/record.ts";
import { mapSessionTexts } from "../session/session-texts.ts";
import type { SessionLog } from "../session/store.ts";
import type { Connector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import type { Selection } from "./goals.ts";
import { MissingLoginError } from "./resource-logins.ts";
import type { Workspace } from "./workspace.ts";

export type PlannedRun = {
  readonly roles: readonly RolePlan[];
  /** One for each role plan, in their order. */
  readonly sessions: readonly Session[];
  readonly artifact: PlanArtifact;
  /** `server_version_num` of each resource that answered. */
  readonly servers: ReadonlyMap<string, number>;
  /**
   * Resources without a role plan that did not answer. Those for which nobody has a login are left out: they stand in the inventory,
   * and nothing on them is managed yet.
   */
  readonly unread: readonly UnreadResource[];
  /** The cluster behind each resource that answered. */
  readonly clusters: ReadonlyMap<string, string>;
  /** Resources that were read through a connection pooler: nothing can be applied through it. */
  readonly pooled: ReadonlySet<string>;
};

type PlannedGoal = {
  readonly resource: string;
  readonly plans: readonly RolePlan[];
  /** Of the server that answered; `null` without an answer. */
  readonly server: { readonly version: number; readonly systemIdentifier: string } | null;
  readonly unread: UnreadResource | null;
  readonly isPooled: boolean;
};

/**
 * Plans the goals and puts the plans into the session log. Changes nothing on a server.
 * @throws the reason of an interruption; then nothing was recorded.
 */
export async function planAndRecord(
  context: CommandContext,
  workspace: Workspace,
  input: { readonly selection: Selection; readonly connector: Connector; readonly log: Pick<SessionLog, "appendAll"> },
): Promise<PlannedRun> {
  const { goals, source } = input.selection;
  const startedAt = context.now();
  const planned = await planGoals(context, goals, input.connector);
  const roles = planned.flatMap(({ plans }) => plans);
  context.signal.throwIfAborted();
  const sessions = roles.map((plan) =>
    planSession({
      sid: context.randomUuid(),
      startedAt,
      endedAt: context.now(),
      run: workspace.run,
      plan,
      source: plan.config.type === "orphaned" ? "orphan" : source,
    }),
  );
  await input.log.appendAll(sessions);
  const artifact = makeArtifact({
    sessions: sessions.map((session) => mapSessionTexts(session, context.redact)),
    commit: workspace.run.commit,
    toolVersion: context.toolVersion,
  });
  const answered = planned.flatMap(({ resource, server }) => (server === null ? [] : [{ resource, server }]));
  const servers = new Map(answered.map(({ resource, server }) => [resource, server.version]));
  const clusters = new Map(answered.map(({ resource, server }) => [resource, server.systemIdentifier]));
  const unread = planned.flatMap((goal) => (goal.unread === null ? [] : [goal.unread]));
  const pooled = new Set(planned.filter(({ isPooled }) => isPooled).map(({ resource }) => resource));
  return { roles, sessions, artifact, servers, clusters, unread, pooled };
}

/** Resources are planned at the same time, within the bounds of the connector; each fails alone. */
async function planGoals(context: CommandContext, goals: readonly Goal[], connector: Connector): Promise<readonly PlannedGoal[]> {
  const progress = context.output.progress();
  const planned = await Promise.all(
    goals.map(async (goal) => {
      const name = goal.resource.name;
      progress.set(name, "reading the catalogs");
      const result = await planGoal(connector, goal, (text) => progress.set(name, text));
      progress.done(name, summary(result.plans));
      return result;
    }),
  );
  progress.end();
  return planned;
}

async function planGoal(connector: Connector, goal: Goal, report: (text: string) => void): Promise<PlannedGoal> {
  const resource = goal.resource.name;
  try {
    const observed = await observe(goal, (database) => {
      report(`reading ${database}`);
      return connector.open(goal.resource, database);
    });
    const { isPooled = false, cluster } = observed;
    return { resource, plans: planObserved(goal, observed), server: cluster.server, unread: null, isPooled };
  } catch (error) {
    const message = messageOf(error);
    // Without a role spec there is no plan to fail, but nobody looked for orphans either.
    if (goal.planned.size === 0) report(`not read: ${message}`);
    const plans = goal.specs.filter((spec) => goal.planned.has(spec.roleName)).map((spec) => failedPlan(goal.resource, spec, message));
    const isUnread = plans.length === 0 && !(error instanceof MissingLoginError);
    return { resource, plans, server: null, unread: isUnread ? { resource, message } : null, isPooled: false };
  }
}

function summary(plans: readonly RolePlan[]): string {
  const failed = plans.filter((plan) => plan.status === "failed").length;
  const open = plans.filter((plan) => plan.status === "out-of-sync").length;
  return failed > 0 ? `${failed} of ${plans.length} failed` : open > 0 ? `${open} of ${plans.length} out of sync` : "in sync";
}
