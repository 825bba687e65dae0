// Whether the plans of a result file are those that this session log recorded. A file may come from another checkout, whose log is
// another one: that is said. One that the log has otherwise is no reviewed plan.
import { messageOf } from "../model/error-message.ts";
import type { Session } from "../model/session.ts";
import { count } from "../model/count.ts";
import type { SessionReader } from "../session/read.ts";

export type Provenance = {
  /** sids that this log does not have. */
  readonly unrecorded: ReadonlySet<string>;
  /** Why a plan is not the recorded one, by sid. */
  readonly altered: ReadonlyMap<string, string>;
};

export const recorded: Provenance = { unrecorded: new Set(), altered: new Map() };

/** Looks every plan up. The checksum covers what would run, and why. */
export async function provenanceOf(log: SessionReader, plans: readonly Session[]): Promise<Provenance> {
  const unrecorded = new Set<string>();
  const altered = new Map<string, string>();
  for (const { sid, started_at, sql_plan_checksum } of plans) {
    const found = await log.original({ sid, started_at }).catch((error: unknown) => ({ problem: messageOf(error) }));
    if (found === null) unrecorded.add(sid);
    else if ("problem" in found) altered.set(sid, `session ${sid} cannot be looked up: ${found.problem}`);
    else if ("diagnostics" in found) altered.set(sid, `session ${sid} cannot be read: ${found.diagnostics[0]?.message ?? ""}`);
    else if (found.session.kind !== "plan" || found.session.sql_plan_checksum !== sql_plan_checksum)
      altered.set(sid, `session ${sid} was recorded with another checksum: this is not that plan; plan again`);
  }
  return { unrecorded, altered };
}

/** What people should know before such plans are applied; `null` where all are recorded. */
export function unrecordedWarning({ unrecorded }: Provenance, sessionsDirectory: string): string | null {
  if (unrecorded.size === 0) return null;
  const plans = unrecorded.size === 1 ? "1 plan of the result file is" : `${count(unrecorded.size, "plan")} of the result file are`;
  return `warning: ${plans} not in the session log ${sessionsDirectory}: planned with another one, and applied only where planning again comes to the same`;
}

/** For the record of the apply of such a plan. */
export function unrecordedNote(sid: string): string {
  return `the plan ${sid} is not in this session log: it was planned with another one\n`;
}
