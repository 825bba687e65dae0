// Whether a result file shows what its checksum stands for. Pure. People read the texts, the checksum decides: without this, one
// could be changed and the other left.
import { redactionMark } from "../model/redaction-mark.ts";
import type { PlanConfig, RolePlan } from "../model/plan.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { compareNames } from "../model/name.ts";

type Shown = Pick<RolePlan, "config" | "sqlPlan" | "hazards" | "observed">;

/**
 * @param fresh a plan with the same checksum.
 * @returns what the file shows otherwise, in words; `null` where it shows that plan. What was masked in the file may be anything.
 */
export function shownOtherwise(shown: Shown, fresh: Shown): string | null {
  if (!isSameConfig(shown.config, fresh.config)) return "another declaration";
  if (!isShown(shown.sqlPlan.split("\n"), fresh.sqlPlan.split("\n"))) return "other statements";
  if (!isShown(shown.hazards.map(canonicalJson), fresh.hazards.map(canonicalJson))) return "other hazards";
  if (!isShown(shown.observed, fresh.observed)) return "another catalog";
  return null;
}

/** @param shown of a session or a result file, where some of it may be masked. Whether the declaration is the same to the letter, the checksum says. */
export function isSameConfig(shown: PlanConfig, actual: PlanConfig): boolean {
  return isShown(configLines(shown), configLines(actual));
}

/** Each value by itself: a mask stands for text of one scope, and not for some more scopes. */
function configLines(config: PlanConfig): readonly string[] {
  const lines = ([key, value]: readonly [string, unknown]): readonly string[] =>
    Array.isArray(value) ? [key, ...value.map((item) => `${key}: ${canonicalJson(item)}`)] : [`${key} ${canonicalJson(value)}`];
  return Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => compareNames(a, b))
    .flatMap(lines);
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
