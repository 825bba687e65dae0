// Whether the plans of a result file are those that this session log recorded. A file may come from another checkout, whose log is
// another one: that is said. One that the log has otherwise is no reviewed plan.
import { messageOf } from "../model/error-message.ts";
import type { Session } from "../model/session.ts";
import { count } from "../model/count.ts";
import { differingKeys } from "../session/as-recorded.ts";
import type { SessionReader } from "../session/read.ts";

export type Provenance = {
  /** The plans come from a result file: what it shows is held against its checksums once more when they are planned again. */
  readonly isFromFile: boolean;
  /** sids that this log does not have. */
  readonly unrecorded: ReadonlySet<string>;
  /** Why a plan is not the recorded one, by sid. */
  readonly altered: ReadonlyMap<string, string>;
};

export const recorded: Provenance = { isFromFile: false, unrecorded: new Set(), altered: new Map() };

/** Looks every plan up, and holds all that the file says of it against what was recorded: people have read all of it. */
export async function provenanceOf(log: SessionReader, plans: readonly Session[]): Promise<Provenance> {
  const unrecorded = new Set<string>();
  const altered = new Map<string, string>();
  for (const plan of plans) {
    const { sid, started_at } = plan;
    const found = await log.original({ sid, started_at }).catch((error: unknown) => ({ problem: messageOf(error) }));
    if (found === null) unrecorded.add(sid);
    else if ("problem" in found) altered.set(sid, `session ${sid} cannot be looked up: ${found.problem}`);
    else if ("diagnostics" in found) altered.set(sid, `session ${sid} cannot be read: ${found.diagnostics[0]?.message ?? ""}`);
    else {
      const keys = differingKeys(plan, found.session);
      if (keys.length > 0) altered.set(sid, `session ${sid} was recorded with another ${wordsOf(keys)}: this is not that plan; plan again`);
    }
  }
  return { isFromFile: true, unrecorded, altered };
}

/** The checksum says enough where it is another one. */
function wordsOf(keys: readonly string[]): string {
  return keys.includes("sql_plan_checksum") ? "checksum" : keys.join(", ");
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
