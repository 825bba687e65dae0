// Whether a copy of a session, such as the one in a result file, says what the log has recorded.
import { canonicalJson } from "../model/canonical-json.ts";
import type { Session } from "../model/session.ts";
import { boundToFit } from "./bound.ts";
import { formatSession } from "./session-file.ts";
import { mapSessionTexts } from "./session-texts.ts";

/** @returns the keys under which the copy says something else. What only the bounds of a session file have cut is the same. */
export function differingKeys(copy: Session, recorded: Session): readonly string[] {
  // As the log writes it: the place in the chain is of the log alone, and counts for the length of the file.
  const placed = mapSessionTexts({ ...copy, previous: recorded.previous }, (text) => text.toWellFormed());
  const said = new Map<string, unknown>(Object.entries(boundToFit(placed, formatSession).session));
  const wanted = new Map<string, unknown>(Object.entries(recorded));
  return [...new Set([...said.keys(), ...wanted.keys()])].filter((key) => canonicalJson(said.get(key)) !== canonicalJson(wanted.get(key)));
}
