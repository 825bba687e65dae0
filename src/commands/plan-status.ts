// plan status: shows the plan of a recorded session again. Reads files only; asks no server.
import type { Line } from "../model/display.ts";
import type { PlanStatus } from "../model/plan.ts";
import type { Session } from "../model/session.ts";
import { commandLine } from "../review/command-line.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { renderRolePlan } from "../review/role-plan-text.ts";
import { isSid } from "../session/layout.ts";
import { readSessionLog } from "../session/read.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { recordedPlan } from "./recorded-plan.ts";
import { findSessionFolder } from "./session-folder.ts";

/** @throws UsageError where there is no such session, or it is not that of a plan. */
export async function runPlanStatus(context: CommandContext, options: { readonly sid: string }): Promise<ExitCode> {
  const { sid } = options;
  if (!isSid(sid)) throw new UsageError(`${JSON.stringify(sid)} is not the id of a session`, "rolewright sessions list shows the ids.");
  const folder = await findSessionFolder(context);
  const found = await readSessionLog(folder.files).find(sid);
  if (found === null) throw new UsageError(`there is no session ${sid} in ${folder.path}`, "rolewright sessions list shows the ids.");
  if ("diagnostics" in found) {
    for (const line of renderDiagnostics(found.diagnostics)) context.output.error(line);
    return 1;
  }
  const { session } = found;
  const status = planStatusOf(session);
  if (status === null) throw new UsageError(`${sid} is the session of an apply`, `rolewright sessions show ${sid} shows it.`);
  if (context.json) context.output.json(session);
  else show(context, session, status);
  return 0;
}

function planStatusOf(session: Session): PlanStatus | null {
  const { kind, status } = session;
  if (kind !== "plan") return null;
  return status === "in-sync" || status === "out-of-sync" ? status : "failed";
}

function show(context: CommandContext, session: Session, status: PlanStatus): void {
  const { output, invocation } = context;
  output.lines([
    ...renderRolePlan({ ...recordedPlan(session, { status, message: session.message }), sid: session.sid }),
    detail("planned", session.ended_at),
    ...(session.actor === "" ? [] : [detail("by", session.actor)]),
    ...(session.commit === "" ? [] : [detail("commit", session.commit)]),
  ]);
  if (status === "out-of-sync") {
    output.note([{ text: "next", style: "bold" }]);
    output.note(`  ${commandLine([...invocation, "apply", session.resource_name, "--sid", session.sid])}`);
  }
}

function detail(name: string, value: string): Line {
  return [{ text: `  ${name} `.padEnd(12), style: "dim" }, value];
}
