// plan status: shows the plan of a recorded session again. Reads files only; asks no server.
import type { Line } from "../model/display.ts";
import type { PlanStatus } from "../model/plan.ts";
import type { Session } from "../model/session.ts";
import { commandLine } from "../review/command-line.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { renderRolePlan } from "../review/role-plan-text.ts";
import { readSessionLog } from "../session/read.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { findSession, renderAltered } from "./find-session.ts";
import { recordedPlan } from "./recorded-plan.ts";
import { findSessionFolder } from "./session-folder.ts";

/**
 * @returns 1 where the chain has the session otherwise, or it cannot be read.
 * @throws UsageError where there is no such session, or it is not that of a plan.
 */
export async function runPlanStatus(context: CommandContext, options: { readonly sid: string }): Promise<ExitCode> {
  const found = await findSession(readSessionLog((await findSessionFolder(context)).files), options.sid);
  if ("diagnostics" in found) {
    for (const line of renderDiagnostics(found.diagnostics)) context.output.error(line);
    return 1;
  }
  const { session, problem } = found;
  const status = planStatusOf(session);
  if (status === null)
    throw new UsageError(`${session.sid} is the session of an apply`, `rolewright sessions show ${session.sid} shows it.`);
  if (context.json) context.output.json(session);
  else show(context, session, { status, mayApply: status === "out-of-sync" && problem === null });
  if (problem === null) return 0;
  for (const line of renderAltered(session.sid, problem)) context.output.error(line);
  return 1;
}

function planStatusOf(session: Session): PlanStatus | null {
  const { kind, status } = session;
  if (kind !== "plan") return null;
  return status === "in-sync" || status === "out-of-sync" ? status : "failed";
}

function show(
  context: CommandContext,
  session: Session,
  { status, mayApply }: { readonly status: PlanStatus; readonly mayApply: boolean },
): void {
  const { output, invocation } = context;
  output.lines([
    ...renderRolePlan({ ...recordedPlan(session, { status, message: session.message }), sid: session.sid }),
    detail("planned", session.ended_at),
    ...(session.actor === "" ? [] : [detail("by", session.actor)]),
    ...(session.commit === "" ? [] : [detail("commit", session.commit)]),
  ]);
  if (mayApply) {
    output.note([{ text: "next", style: "bold" }]);
    output.note(`  ${commandLine([...invocation, "apply", session.resource_name, "--sid", session.sid])}`);
  }
}

function detail(name: string, value: string): Line {
  return [{ text: `  ${name} `.padEnd(12), style: "dim" }, value];
}
