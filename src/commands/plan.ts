// plan: read the live catalogs, show the smallest SQL that reaches what is declared, record one session for each role spec.
import { resolve } from "node:path";
import { CredentialStoreError } from "../credentials/store.ts";
import { errorCode, writeAtomically } from "../io/files.ts";
import { makesPassword } from "../model/makes-password.ts";
import type { RolePlan } from "../model/plan.ts";
import { formatArtifact } from "../session/artifact.ts";
import { planKey, renderNextSteps, renderPlan, type PlanReport } from "../review/plan-text.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { createConnector } from "./connector.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { contradictedSpec } from "./contradiction.ts";
import { pendingCredentials } from "./credential-port.ts";
import { selectGoals, type Selection } from "./goals.ts";
import { planAndRecord } from "./planning.ts";
import type { PlanOptions, PlanSource } from "./selection.ts";
import { sharedClusters } from "./shared-clusters.ts";
import { storeProblem } from "./store-directory.ts";
import { openSessions, openWorkspace, type Workspace } from "./workspace.ts";

export async function runPlan(context: CommandContext, options: PlanOptions): Promise<ExitCode> {
  const workspace = await openWorkspace(context);
  const selection = workspace === null ? null : await selectGoals(context, workspace, options.source);
  if (workspace === null || selection === null) return 1;
  const log = await openSessions(context, workspace);
  const connector = createConnector(context, workspace, "plan");
  const { roles, sessions, artifact, pooled, clusters } = await planAndRecord(context, workspace, { selection, connector, log });
  const sids = new Map(roles.map((plan, index) => [planKey(plan), sessions[index]?.sid ?? ""]));
  if (options.resultFile !== null) await writeResult(options.resultFile, formatArtifact(artifact));
  if (!context.quiet) for (const line of renderDiagnostics(sharedClusters(clusters))) context.output.error(line);
  await warnOfStore(context, workspace, roles);
  await warnOfPending(context, workspace, roles);
  if (context.json) context.output.json(artifact);
  else
    show(context, {
      plan: { roles, checksum: artifact.checksum },
      sids,
      refused: new Set(roles.filter((plan) => pooled.has(plan.resource) || isContradicted(workspace, selection, plan)).map(planKey)),
      resultFile: options.resultFile,
      invocation: context.invocation,
      selection: wordsOf(options.source),
    });
  return exitCode(roles, options.detailedExitCode);
}

/** Of a role that the repository declares otherwise: a warning has said so. */
function isContradicted({ desired }: Workspace, { source }: Selection, { resource, label, config }: RolePlan): boolean {
  return source !== "repository" && contradictedSpec(desired, { resource, label }, config) !== null;
}

async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeAtomically({ path: resolve(path), text, mode: 0o644 });
  } catch (error) {
    throw new UsageError(
      `the result file ${path} cannot be written (${errorCode(error)})`,
      "name a file, in a folder that can be written; the sessions of the plans are recorded all the same",
    );
  }
}

/** Whoever reviews should not learn it from the apply. */
async function warnOfStore(context: CommandContext, workspace: Workspace, roles: readonly RolePlan[]): Promise<void> {
  const problem = roles.some(makesPassword) ? await storeProblem(context, workspace) : null;
  if (problem !== null) for (const line of renderDiagnostics([problem])) context.output.error(line);
}

/** Nothing else is left to do of such a role, so that nobody would apply it: and then nobody gets to use what was made for it. */
async function warnOfPending(context: CommandContext, workspace: Workspace, roles: readonly RolePlan[]): Promise<void> {
  const isPending = pendingCredentials(context, workspace);
  for (const { status, config, resource, label } of roles) {
    if (status !== "in-sync" || config.type === "orphaned") continue;
    try {
      if (!(await isPending({ resource, label }))) continue;
    } catch (error) {
      // Whoever only plans need not be able to read the store.
      if (error instanceof CredentialStoreError || error instanceof UsageError) return;
      throw error;
    }
    const message = `${resource}/${label} is in sync, and a new credential waits in the store that an interrupted apply has left there`;
    const hint = "apply this plan, too: a login tells whether the server knows the credential, and it becomes the current one";
    for (const line of renderDiagnostics([{ severity: "warning", code: "pending-credential", message, hint }])) context.output.error(line);
  }
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
