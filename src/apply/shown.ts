// Whether a result file shows what its checksum stands for. Pure. People read the texts, the checksum decides: without this, one
// could be changed and the other left.
import { redactionMark } from "../model/redaction-mark.ts";
import type { RolePlan } from "../model/plan.ts";
import { canonicalJson } from "../model/canonical-json.ts";

type Shown = Pick<RolePlan, "config" | "sqlPlan" | "hazards" | "observed">;

/**
 * @param fresh a plan with the same checksum.
 * @returns what the file shows otherwise, in words; `null` where it shows that plan. What was masked in the file may be anything.
 */
export function shownOtherwise(shown: Shown, fresh: Shown): string | null {
  if (!isShown([canonicalJson(shown.config)], [canonicalJson(fresh.config)])) return "another declaration";
  if (!isShown(shown.sqlPlan.split("\n"), fresh.sqlPlan.split("\n"))) return "other statements";
  if (!isShown(shown.hazards.map(canonicalJson), fresh.hazards.map(canonicalJson))) return "other hazards";
  if (!isShown(shown.observed, fresh.observed)) return "another catalog";
  return null;
}

function isShown(shown: readonly string[], actual: readonly string[]): boolean {
  return shown.length === actual.length && shown.every((line, index) => isSameLine(line, actual[index] ?? ""));
}

/** Whoever plans may know other secrets than whoever applies, so that a mask stands for any text within its line. */
function isSameLine(shown: string, actual: string): boolean {
  const [first = "", ...more] = shown.toWellFormed().split(redactionMark);
  const text = actual.toWellFormed();
  const last = more.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const piece of more) {
    const start = text.indexOf(piece, end);
    if (start === -1) return false;
    end = start + piece.length;
  }
  return text.endsWith(last) && text.length - last.length >= end;
}
