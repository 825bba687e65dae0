// A session that somebody names by its id, or by a beginning of it that no other has; held against the chain.
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Line } from "../model/display.ts";
import { renderError } from "../review/error-text.ts";
import { isSidPrefix } from "../session/layout.ts";
import type { FoundSession, SessionReader } from "../session/read.ts";
import { UsageError } from "./context.ts";

const hint = "rolewright sessions list shows the ids.";

/** Of those that a beginning may mean. */
const maximumNamed = 5;

export type NamedSession = FoundSession & {
  /** Why it is not what was recorded; `null` where it is. */
  readonly problem: string | null;
};

/**
 * @returns the session, or what is wrong where its file cannot be read.
 * @throws UsageError where there is none, or more than one.
 */
export async function findSession(
  log: SessionReader,
  text: string,
): Promise<NamedSession | { readonly diagnostics: readonly Diagnostic[] }> {
  const sid = await sidOf(log, text);
  const found = await log.find(sid);
  if (found === null) throw new UsageError(`there is no session ${sid}`, hint);
  if ("diagnostics" in found) return found;
  const { problems } = await log.verify();
  // What was lost before it makes this file no other.
  const own = problems.find(({ kind, file }) => file === found.file && kind !== "head-lost");
  return { ...found, problem: own?.message ?? null };
}

async function sidOf(log: SessionReader, text: string): Promise<string> {
  if (!isSidPrefix(text)) throw new UsageError(`${JSON.stringify(text)} is not the id of a session, nor the beginning of one`, hint);
  const [sid, ...others] = await log.startingWith(text);
  if (sid === undefined) throw new UsageError(`there is no session ${text}`, hint);
  if (others.length === 0) return sid;
  const named = [sid, ...others].slice(0, maximumNamed).join(", ");
  throw new UsageError(
    `${others.length + 1} sessions begin with ${text}: ${named}${others.length < maximumNamed ? "" : ", …"}`,
    "Write more of the id.",
  );
}

/** Of a session that the chain has otherwise: an error, and what to do. */
export function alteredError(sid: string, problem: string): UsageError {
  return new UsageError(`session ${sid} is not what was recorded: ${problem}`, "plan again, and see rolewright sessions verify");
}

/** The same for a command that shows the session nevertheless. */
export function renderAltered(sid: string, problem: string): readonly Line[] {
  return renderError({ error: alteredError(sid, problem), debug: false });
}
