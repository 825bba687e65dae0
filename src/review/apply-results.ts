// Per resource and per role: what an apply came to, which databases it changed, how long it took, and where its record is.
import { compareNames } from "../model/name.ts";
import type { Session, SessionStatus, StatementOutcome } from "../model/session.ts";
import { firstOf, nameLength, type Detail } from "./comment-detail.ts";
import { count } from "../model/count.ts";
import { code, details, fence, htmlCode, paragraphs, tableRow } from "./markdown.ts";

export type ApplyGroup = { readonly resource: string; readonly sessions: readonly Session[]; readonly worst: SessionStatus };

const order: readonly SessionStatus[] = ["failed", "refused", "out-of-sync", "success", "skipped", "in-sync"];

const dots: Readonly<Record<SessionStatus, string>> = {
  failed: "🔴",
  refused: "🟠",
  "out-of-sync": "🟠",
  success: "🟢",
  skipped: "⚪",
  "in-sync": "⚪",
};

const words: Readonly<Record<SessionStatus, string>> = {
  failed: "**failed**",
  refused: "**refused**",
  "out-of-sync": "**not applied**",
  success: "applied",
  skipped: "in sync already",
  "in-sync": "in sync already",
};

/** By resource, the worst first, then by name; within one likewise by role. */
export function groupSessions(sessions: readonly Session[]): readonly ApplyGroup[] {
  const rank = (session: Session): number => order.indexOf(session.status);
  return [...Map.groupBy(sessions, (session) => session.resource_name)]
    .map(([resource, list]) => {
      const sorted = list.toSorted((a, b) => rank(a) - rank(b) || compareNames(roleOf(a), roleOf(b)) || compareNames(a.sid, b.sid));
      return { resource, sessions: sorted, worst: sorted[0]?.status ?? "skipped" };
    })
    .toSorted((a, b) => order.indexOf(a.worst) - order.indexOf(b.worst) || compareNames(a.resource, b.resource));
}

export function applyTable(groups: readonly ApplyGroup[], maximumRows: number): string {
  if (groups.length === 0) return "";
  const { shown, more } = firstOf(groups, maximumRows);
  return [
    tableRow(["", "Resource", "Roles", "Databases", "Statements", "Time", "Result"]),
    "|---|---|---:|---|---:|---:|---|",
    ...shown.map(({ resource, sessions, worst }) =>
      tableRow([
        dots[worst],
        code(resource, nameLength),
        String(sessions.length),
        outcomeCounts(sessions.flatMap(databasesOf)),
        statementCounts(sessions),
        milliseconds(sessions),
        resultWords(sessions),
      ]),
    ),
    ...(more > 0 ? [tableRow(["", `and ${more} more`, "", "", "", "", ""])] : []),
  ].join("\n");
}

/** @returns "" where nothing had to be done. */
export function applyResourceBlock({ resource, sessions, worst }: ApplyGroup, detail: Detail): string {
  const told = sessions.filter((session) => session.status !== "skipped" && session.status !== "in-sync");
  if (told.length === 0) return "";
  const { shown, more } = firstOf(told, detail.roles);
  const rest = [
    ...(more > 0 ? [`${more} more`] : []),
    ...(told.length < sessions.length ? [`${sessions.length - told.length} in sync already`] : []),
  ];
  const table = [
    tableRow(["", "Role", "Databases", "Statements", "Time", "Session"]),
    "|---|---|---|---:|---:|---|",
    ...shown.map((session) => roleRow(session, detail)),
    ...(rest.length > 0 ? [tableRow(["", rest.join(", "), "", "", "", ""])] : []),
  ].join("\n");
  const troubles = shown.filter((session) => session.status !== "success").map((session) => trouble(session, detail));
  return details(
    `<b>${htmlCode(resource, nameLength)}</b> · ${plain(words[worst])}`,
    paragraphs([table, ...troubles]),
    worst !== "success",
  );
}

function plain(word: string): string {
  return word.replaceAll("**", "");
}

function roleRow(session: Session, detail: Detail): string {
  const { label, config } = session;
  const names = [label, config.role_name].filter((name) => name !== "").map((name) => code(name, nameLength));
  return tableRow([
    dots[session.status],
    names.join("<br>"),
    databaseWords(session, detail),
    statementCounts([session]),
    milliseconds([session]),
    code(session.sid, 40),
  ]);
}

/** Databases that did not go well are named; the others are counted. */
function databaseWords(session: Session, detail: Detail): string {
  const outcomes = Object.entries(session.databases ?? {});
  const shared = outcomes
    .filter(([name, outcome]) => name === "" && outcome !== "applied")
    .map(([, outcome]) => `shared catalogs **${outcome}**`);
  const named = outcomes.filter(([name]) => name !== "");
  const bad = named.filter(([, outcome]) => outcome !== "applied");
  const { shown, more } = firstOf(bad, Math.min(detail.notes, 20));
  const applied = named.length - bad.length;
  return [
    ...(applied > 0 ? [`${applied} applied`] : []),
    ...shared,
    ...shown.map(([name, outcome]) => `${code(name, nameLength)} **${outcome}**`),
    ...(more > 0 ? [`and ${more} more not applied`] : []),
  ].join(", ");
}

function databasesOf(session: Session): readonly StatementOutcome[] {
  return Object.entries(session.databases ?? {})
    .filter(([name]) => name !== "")
    .map(([, outcome]) => outcome);
}

function outcomeCounts(outcomes: readonly StatementOutcome[]): string {
  return (["applied", "rolled-back", "in-doubt", "not-run"] as const)
    .map((outcome) => [outcome, outcomes.filter((each) => each === outcome).length] as const)
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${outcome}`)
    .join(", ");
}

/** `5` where all ran, `3 of 5` where not. Statements that several roles share are counted with each. */
function statementCounts(sessions: readonly Session[]): string {
  const statements = sessions.flatMap((session) => session.statements ?? []);
  const applied = statements.filter((statement) => statement.outcome === "applied").length;
  return applied === statements.length ? String(applied) : `${applied} of ${statements.length}`;
}

function milliseconds(sessions: readonly Session[]): string {
  const times = sessions.flatMap((session) => session.statements ?? []).flatMap((statement) => statement.duration_ms ?? []);
  if (times.length === 0) return "";
  const total = times.reduce((sum, time) => sum + time, 0);
  return total >= 10_000 ? `${(total / 1_000).toFixed(1)} s` : `${Math.round(total)} ms`;
}

function resultWords(sessions: readonly Session[]): string {
  const counts = order.map((status) => [status, sessions.filter((session) => session.status === status).length] as const);
  const present = counts.filter(([, number]) => number > 0);
  return present.map(([status, number]) => (present.length === 1 ? words[status] : `${number} ${words[status]}`)).join(", ");
}

function trouble(session: Session, detail: Detail): string {
  const name = code(session.label || session.config.role_name, nameLength);
  const output = session.command_output.trim();
  const isMore = output !== "" && output !== session.message && detail.sql !== 0;
  return paragraphs([
    `${name} ${words[session.status]}: ${code(session.message, detail.text)}`,
    isMore ? fence("text", lastLines(output, detail)) : "",
  ]);
}

function roleOf(session: Session): string {
  return session.label || session.config.role_name;
}

/** The end says what went wrong. */
function lastLines(output: string, detail: Detail): string {
  const lines = output.split("\n");
  const shown = lines
    .slice(-Math.min(lines.length, detail.statements))
    .map((line) => (line.length > detail.sql ? `${line.slice(0, detail.sql)}…` : line));
  return [...(shown.length < lines.length ? [`… ${count(lines.length - shown.length, "line")} left out`] : []), ...shown].join("\n");
}
