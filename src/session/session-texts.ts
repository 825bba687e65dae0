// What of a session is masked.
import { mapTexts } from "../model/map-texts.ts";
import type { Session } from "../model/session.ts";

const kept: ReadonlySet<string> = new Set([
  "sid",
  "plan_sid",
  "kind",
  "status",
  "type",
  "source",
  "code",
  "outcome",
  "started_at",
  "ended_at",
  "sql_plan_checksum",
  "previous",
]);

const named: ReadonlySet<string> = new Set(["attributes", "scope_states", "missing", "extra"]);

const namedWords: ReadonlySet<string> = new Set(["databases"]);

/** The session with each text mapped that people or servers wrote, names in records among them. */
export function mapSessionTexts(session: Session, map: (text: string) => string): Session {
  return mapTexts(session, { kept, named, namedWords, map });
}
