// Bounds the size of a session file (F73): what is too long is cut, and the file says by how much.
import type { CurrentState, ScopeState } from "../model/plan.ts";
import type { Session, StatementRecord } from "../model/session.ts";

/** Characters (UTF-16 units) that are kept of each text, and entries of each list. */
export const sessionLimits = {
  message: 4_096,
  commandOutput: 65_536,
  sqlPlan: 1_048_576,
  /** One statement, one name, one line of a list. */
  line: 16_384,
  statements: 10_000,
  lines: 10_000,
  scopes: 5_000,
  tables: 2_000,
} as const;

type Limits = { readonly [Key in keyof typeof sessionLimits]: number };

/** Largest text of a session file, in bytes; where the limits above leave more, they are halved until it fits. */
export const maximumSessionBytes = 8 * 1_048_576;

const fewestHalvings = 12;

/**
 * @param format the file's text for a session.
 * @returns the largest cut of the session whose text stays below {@link maximumSessionBytes}, and that text.
 */
export function boundToFit(session: Session, format: (session: Session) => string): { readonly session: Session; readonly text: string } {
  for (let halvings = 0; ; halvings += 1) {
    const bounded = boundSession(session, scaled(2 ** halvings));
    const text = format(bounded);
    if (halvings === fewestHalvings || Buffer.byteLength(text) <= maximumSessionBytes) return { session: bounded, text };
  }
}

function scaled(divisor: number): Limits {
  const { message, commandOutput, sqlPlan, line, statements, lines, scopes, tables } = sessionLimits;
  const scale = (limit: number): number => Math.max(1, Math.floor(limit / divisor));
  return {
    message: Math.max(512, scale(message)),
    commandOutput: Math.max(512, scale(commandOutput)),
    sqlPlan: scale(sqlPlan),
    line: Math.max(128, scale(line)),
    statements: scale(statements),
    lines: scale(lines),
    scopes: scale(scopes),
    tables: scale(tables),
  };
}

/** Cuts a session to the limits. What no list can say of itself is noted at the end of `command_output`. */
export function boundSession(session: Session, limits: Limits = sessionLimits): Session {
  const notes: string[] = [];
  const line = (text: string): string => cut(text, limits.line);
  const lines = (list: readonly string[]): readonly string[] => cutLines(list, limits.lines).map(line);
  const bounded: Session = {
    ...session,
    current_state: boundState(session.current_state, { limits, notes }),
    sql_plan: cut(session.sql_plan, limits.sqlPlan, "-- "),
    message: cut(session.message, limits.message),
    ...(session.statements === undefined ? {} : { statements: boundStatements(session.statements, { limits, notes }) }),
    ...(session.databases === undefined
      ? {}
      : { databases: cutRecord(session.databases, { name: "databases", limit: limits.lines, notes }) }),
    effective: lines(session.effective),
    hazards: session.hazards.slice(0, limits.lines).map(({ code, message }) => ({ code, message: line(message) })),
    observed: lines(session.observed),
  };
  if (session.hazards.length > limits.lines) notes.push(notRecorded("hazards", session.hazards.length - limits.lines));
  return { ...bounded, command_output: [cut(session.command_output, limits.commandOutput), ...notes.map((note) => `${note}\n`)].join("") };
}

type Context = { readonly limits: Limits; readonly notes: string[] };

/** What was executed is kept before what was not: nothing may push the record of an applied statement out. */
function boundStatements(statements: readonly StatementRecord[], { limits, notes }: Context): readonly StatementRecord[] {
  const kept = new Set(
    [...statements.filter(({ outcome }) => outcome !== "not-run"), ...statements.filter(({ outcome }) => outcome === "not-run")].slice(
      0,
      limits.statements,
    ),
  );
  const left = statements.filter((statement) => !kept.has(statement));
  if (left.length > 0) {
    const byOutcome = Map.groupBy(left, ({ outcome }) => outcome);
    const counts = [...byOutcome].map(([outcome, records]) => `${records.length} ${outcome}`).join(", ");
    notes.push(notRecorded(`statements (${counts})`, left.length));
  }
  return statements.filter((statement) => kept.has(statement)).map((record) => ({ ...record, sql: cut(record.sql, limits.line) }));
}

function boundState(state: CurrentState, { limits, notes }: Context): CurrentState {
  const scopes = cutRecord(state.scope_states, { name: "scope_states", limit: limits.scopes, notes });
  const bounded = Object.entries(scopes).map(([scope, value]) => [scope, boundScope(value, { scope, limits, notes })] as const);
  return { ...state, memberships: cutLines(state.memberships, limits.lines), scope_states: Object.fromEntries(bounded) };
}

function boundScope(state: ScopeState, { scope, limits, notes }: Context & { readonly scope: string }): ScopeState {
  const side = (name: "missing" | "extra") =>
    cutRecord(state.exceptions[name], { name: `${name} exceptions of ${cut(scope, 200)}`, limit: limits.tables, notes });
  return { ...state, exceptions: { missing: side("missing"), extra: side("extra") } };
}

function cutRecord<Value>(
  record: Readonly<Record<string, Value>>,
  { name, limit, notes }: { readonly name: string; readonly limit: number; readonly notes: string[] },
): Readonly<Record<string, Value>> {
  const entries = Object.entries(record);
  if (entries.length <= limit) return record;
  notes.push(notRecorded(name, entries.length - limit));
  return Object.fromEntries(entries.slice(0, limit));
}

function cutLines(list: readonly string[], limit: number): readonly string[] {
  return list.length <= limit ? list : [...list.slice(0, limit), `[${list.length - limit} more are not recorded]`];
}

/** Cuts between whole characters, with a note on a line of its own where the text has lines. */
function cut(text: string, limit: number, comment = ""): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/u, "");
  const separator = text.includes("\n") ? "\n" : " ";
  return `${kept}${separator}${comment}[cut: ${text.length - kept.length} more characters are not recorded]${separator === "\n" ? "\n" : ""}`;
}

function notRecorded(what: string, number: number): string {
  return `[cut: ${number} more ${what} are not recorded]`;
}
