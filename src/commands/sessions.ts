// sessions list, show, verify: what was planned and applied, from the session log alone; asks no server and changes nothing.
import type { Line, Style } from "../model/display.ts";
import type { Session, SessionStatus } from "../model/session.ts";
import { count } from "../model/count.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { renderTable } from "../review/table.ts";
import { readSessionLog, type SessionFilter, type SessionReader, type Verification } from "../session/read.ts";
import { formatSession } from "../session/session-file.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { findSession, renderAltered } from "./find-session.ts";
import { findSessionFolder } from "./session-folder.ts";

const statusStyles: Readonly<Record<SessionStatus, Style>> = {
  "in-sync": "green",
  "out-of-sync": "yellow",
  failed: "red",
  success: "green",
  skipped: "dim",
  refused: "yellow",
};

/** @returns 1 where a session could not be read; the others are listed all the same. */
export async function runSessionsList(context: CommandContext, options: { readonly filter: SessionFilter }): Promise<ExitCode> {
  const { sessions, diagnostics } = await (await openReader(context)).list(options.filter);
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  if (context.json) context.output.json({ sessions: sessions.map(summarize), diagnostics });
  else if (sessions.length === 0) context.output.note("no session matches");
  else context.output.lines(renderSessions(sessions, context.output.width));
  return diagnostics.length > 0 ? 1 : 0;
}

/**
 * Prints one session as its file has it.
 * @returns 1 where the chain has it otherwise, or it cannot be read.
 * @throws UsageError where there is no such session.
 */
export async function runSessionsShow(context: CommandContext, options: { readonly sid: string }): Promise<ExitCode> {
  const found = await findSession(await openReader(context), options.sid);
  if ("diagnostics" in found) {
    for (const line of renderDiagnostics(found.diagnostics)) context.output.error(line);
    return 1;
  }
  if (context.json) context.output.json(found.session);
  else context.output.text(formatSession(found.session));
  if (found.problem === null) return 0;
  for (const line of renderAltered(found.session.sid, found.problem)) context.output.error(line);
  return 1;
}

/**
 * @returns 1 where the chain has a problem.
 * @throws UsageError where there is nothing to verify: a folder that is not the log, or a log that is gone, is not whole (F41).
 */
export async function runSessionsVerify(context: CommandContext): Promise<ExitCode> {
  const verification = await (await openReader(context)).verify();
  if (verification.sound === 0 && verification.problems.length === 0) {
    throw new UsageError(
      `there is no session in ${(await findSessionFolder(context)).path}, so that nothing was verified`,
      "Plans and applies record sessions; --sessions names another folder.",
    );
  }
  if (context.json) context.output.json(verification);
  else context.output.lines(renderVerification(verification));
  return verification.problems.length > 0 ? 1 : 0;
}

async function openReader(context: CommandContext): Promise<SessionReader> {
  return readSessionLog((await findSessionFolder(context)).files);
}

/** What a list says of a session, for programs. */
export function summarize(session: Session): object {
  const { sid, kind, status, message, resource_name, label, config, sql_plan_checksum } = session;
  const { started_at, ended_at, actor, commit, pull_request } = session;
  return {
    sid,
    kind,
    status,
    message,
    resource_name,
    label,
    role_name: config.role_name,
    sql_plan_checksum,
    started_at,
    ended_at,
    actor,
    commit,
    pull_request,
  };
}

/** With less, a whole id leaves no room for the rest. */
const roomyWidth = 110;

/** One row per session, with its whole id: on a narrow terminal in a line of its own. @param width columns of the terminal; `null`: nothing is cut. */
export function renderSessions(sessions: readonly Session[], width: number | null): readonly Line[] {
  const isRoomy = width === null || width >= roomyWidth;
  const [header = [], ...rows] = renderTable({
    width,
    columns: [
      { header: "started" },
      { header: "kind" },
      { header: "role" },
      { header: "status" },
      ...(isRoomy ? [{ header: "sid", isWhole: true }] : []),
      { header: "message" },
    ],
    rows: sessions.map((session) => [
      session.started_at.replace(/\.\d+Z$/u, "Z"),
      session.kind,
      `${session.resource_name}/${session.label === "" ? session.config.role_name : session.label}`,
      { text: session.status, style: statusStyles[session.status] },
      ...(isRoomy ? [session.sid] : []),
      session.message,
    ]),
  });
  return isRoomy ? [header, ...rows] : [header, ...rows.flatMap((row, index) => [row, `  ${sessions[index]?.sid ?? ""}`])];
}

/** One line per problem, and the counts last. */
export function renderVerification({ sound, problems }: Verification): readonly Line[] {
  const whole = count(sound, "session");
  if (problems.length === 0) return [[{ text: "whole", style: "green" }, `: ${whole}, each is what the one after it says`]];
  return [
    ...problems.map(({ kind, file, message }): Line => [
      { text: kind.padEnd(11), style: "red" },
      file === "" ? message : `${file}: ${message}`,
    ]),
    "",
    `${count(problems.length, "problem")}; ${whole} as the chain says`,
  ];
}

/**
 * A bound on time as people write it: a day (`2026-11-21`, in UTC, all of it) or an instant with its offset.
 * @returns an RFC 3339 instant in UTC.
 * @throws UsageError for anything else.
 */
export function readTimeBound(text: string, bound: "since" | "until"): string {
  const instant = /^\d{4}-\d\d-\d\d$/u.test(text) ? `${text}T${bound === "since" ? "00:00:00.000" : "23:59:59.999"}Z` : text;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/u.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(
      `--${bound} ${JSON.stringify(text)} is not a time`,
      "Write a day as 2026-11-21 or an instant as 2026-11-21T14:30:00Z.",
    );
  return new Date(time).toISOString();
}
