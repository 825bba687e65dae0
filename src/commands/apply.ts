// apply: take reviewed plans, plan again under a lock, refuse what differs, apply the rest, and record a session for each.
import type { Session } from "../model/session.ts";
import { renderApply } from "../review/apply-text.ts";
import { applyReviewed } from "./applying.ts";
import { createConnector } from "./connector.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { provenanceOf, recorded, unrecordedWarning } from "./provenance.ts";
import { readReviewed } from "./reviewed.ts";
import type { ApplyOptions } from "./selection.ts";
import { openSessions, openWorkspace } from "./workspace.ts";

export async function runApply(context: CommandContext, options: ApplyOptions): Promise<ExitCode> {
  const workspace = await openWorkspace(context);
  if (workspace === null) return 1;
  const log = await openSessions(context, workspace);
  const reviewed = await readReviewed(context, log, options.source);
  if (reviewed === null) return 1;
  const toApply = reviewed.filter(({ status }) => status === "out-of-sync");
  const provenance = options.source.from === "result" ? await provenanceOf(log, toApply) : recorded;
  const warning = unrecordedWarning(provenance, workspace.sessions.path);
  if (warning !== null) context.output.error(warning);
  const connector = createConnector(context, workspace, "apply");
  const { sessions, leftOut } = await applyReviewed(context, workspace, { reviewed, log, connector, provenance });
  if (context.json) context.output.json({ version: 1, results: sessions, left_out: leftOut });
  else context.output.lines(renderApply({ sessions, leftOut, width: context.output.width }));
  return exitCode(context, reviewed, sessions);
}

function exitCode(context: CommandContext, reviewed: readonly Session[], sessions: readonly Session[]): ExitCode {
  if (context.signal.aborted) return 130;
  if (sessions.some((session) => session.status === "failed") || reviewed.some((session) => session.status === "failed")) return 1;
  return sessions.some((session) => session.status === "refused") ? 3 : 0;
}
