// What a run has done goes into the session log in one go, as far as that goes.
import type { Session } from "../model/session.ts";
import type { SessionLog } from "../session/store.ts";

/**
 * Puts the sessions into the log, in their order. Where that fails, each is tried by itself: what cannot be recorded of one role takes
 * nothing from the record of another.
 * @throws the first reason why one could not be recorded, once all have been tried.
 */
export async function recordSessions(log: Pick<SessionLog, "append" | "appendAll" | "find">, sessions: readonly Session[]): Promise<void> {
  try {
    await log.appendAll(sessions);
  } catch {
    const reasons: unknown[] = [];
    for (const session of sessions) await recordOne(log, session).catch((error: unknown) => reasons.push(error));
    if (reasons.length > 0) throw reasons[0];
  }
}

/** Some of them may have been recorded before it failed. */
async function recordOne(log: Pick<SessionLog, "append" | "find">, session: Session): Promise<void> {
  const found = await log.find(session.sid);
  if (found === null || "diagnostics" in found || !isSame(found.session, session)) await log.append(session);
}

function isSame(a: Session, b: Session): boolean {
  return a.kind === b.kind && a.plan_sid === b.plan_sid && a.started_at === b.started_at && a.ended_at === b.ended_at;
}
