// plan: read the live catalogs, show the smallest SQL that reaches what is declared, record one session for each role spec.
import { messageOf } from "../model/error-message.ts";
import { resolve } from "node:path";
import { writeAtomically } from "../io/files.ts";
import type { RolePlan } from "../model/plan.ts";
import { formatArtifact, makeArtifact } from "../plan/artifact.ts";
import { failedPlan } from "../plan/failed.ts";
import { planResource, type Goal } from "../reconcile.ts";
import { planKey, renderNextSteps, renderPlan, type PlanReport } from "../review/plan-text.ts";
import { planSession } from "../session/record.ts";
import { mapSessionTexts } from "../session/session-texts.ts";
import { createConnector, type Connector } from "./connector.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { selectGoals } from "./goals.ts";
import type { PlanOptions, PlanSource } from "./selection.ts";
import { openSessions, openWorkspace, type Workspace } from "./workspace.ts";

export async function runPlan(context: CommandContext, options: PlanOptions): Promise<ExitCode> {
  const workspace = await openWorkspace(context);
  const selection = workspace === null ? null : await selectGoals(context, workspace, options.source);
  if (workspace === null || selection === null) return 1;
  const { goals, source } = selection;
  const log = await openSessions(context, workspace);
  const startedAt = context.now();
  const roles = await planGoals(context, workspace, goals);
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
  await log.appendAll(sessions);
  const sids = new Map(roles.map((plan, index) => [planKey(plan), sessions[index]?.sid ?? ""]));
  const artifact = makeArtifact({
    sessions: sessions.map((session) => mapSessionTexts(session, context.redact)),
    commit: workspace.run.commit,
    toolVersion: context.toolVersion,
  });
  if (options.resultFile !== null) {
    await writeAtomically({ path: resolve(options.resultFile), text: formatArtifact(artifact), mode: 0o644 });
  }
  if (context.json) context.output.json(artifact);
  else
    show(context, {
      plan: { roles, checksum: artifact.checksum },
      sids,
      resultFile: options.resultFile,
      invocation: context.invocation,
      selection: wordsOf(options.source),
    });
  return exitCode(roles, options.detailedExitCode);
}

/** Resources are planned at the same time, within the bounds of the connector; each fails alone. */
async function planGoals(context: CommandContext, workspace: Workspace, goals: readonly Goal[]): Promise<readonly RolePlan[]> {
  const connector = createConnector(context, workspace, "plan");
  const progress = context.output.progress();
  const planned = await Promise.all(
    goals.map(async (goal) => {
      const name = goal.resource.name;
      progress.set(name, "reading the catalogs");
      const plans = await planGoal(connector, goal, (text) => progress.set(name, text));
      progress.done(name, summary(plans));
      return plans;
    }),
  );
  progress.end();
  return planned.flat();
}

async function planGoal(connector: Connector, goal: Goal, report: (text: string) => void): Promise<readonly RolePlan[]> {
  try {
    return await planResource(goal, (database) => {
      report(`reading ${database}`);
      return connector.open(goal.resource, database);
    });
  } catch (error) {
    const message = messageOf(error);
    // Without a role spec there is no plan to fail, but nobody looked for orphans either.
    if (goal.planned.size === 0) report(`not read: ${message}`);
    return goal.specs.filter((spec) => goal.planned.has(spec.roleName)).map((spec) => failedPlan(goal.resource, spec, message));
  }
}

function summary(plans: readonly RolePlan[]): string {
  const failed = plans.filter((plan) => plan.status === "failed").length;
  const open = plans.filter((plan) => plan.status === "out-of-sync").length;
  return failed > 0 ? `${failed} of ${plans.length} failed` : open > 0 ? `${open} of ${plans.length} out of sync` : "in sync";
}

function show(context: CommandContext, report: PlanReport): void {
  context.output.lines(renderPlan(report, context.output.width));
  for (const line of renderNextSteps(report)) context.output.note(line);
}

/** The words after `plan` that select the same again. */
function wordsOf(source: PlanSource): readonly string[] {
  switch (source.from) {
    case "repository":
      return [...(source.resource === null ? [] : [source.resource]), ...(source.label === null ? [] : ["--role", source.label])];
    case "file":
      return ["-f", source.path];
    case "flags":
      return [
        source.resource,
        "--role",
        source.label,
        ...(source.type === "managed" ? [] : ["--type", source.type]),
        ...(source.scopes.length > 0 ? ["--scopes", source.scopes.join(",")] : []),
        ...(source.privileges.length > 0 ? ["--privileges", source.privileges.join(",")] : []),
        ...(source.sourceRole === null ? [] : ["--source-role", source.sourceRole]),
        ...(source.rotatePassword ? ["--rotate-password"] : []),
      ];
  }
}

function exitCode(roles: readonly RolePlan[], detailed: boolean): ExitCode {
  if (roles.some((role) => role.status === "failed")) return 1;
  return detailed && roles.some((role) => role.status === "out-of-sync") ? 2 : 0;
}
