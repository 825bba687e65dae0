// Why a plan is stale: what the reviewer relied on against what the catalogs and the files say now.
import type { Line } from "../model/display.ts";
import type { PlanBasis } from "../model/plan-basis.ts";
import type { Session } from "../model/session.ts";
import { count } from "../model/count.ts";
import { entryWords } from "./entry-words.ts";

/** At most so many lines of each kind of difference; the count says how many there are. */
const maximumLines = 40;

export function basisOfSession(session: Session): PlanBasis {
  return { target: session.target, config: session.config, observed: session.observed, sqlPlan: session.sql_plan };
}

/**
 * @returns one section for each of target, declaration, catalog and statements that differs, with `-` for reviewed and `+` for now.
 */
export function renderStale(reviewed: PlanBasis, now: PlanBasis): readonly Line[] {
  const sections = [
    section("the cluster is another one", entries(reviewed.target), entries(now.target)),
    section("the declaration has changed", entries(reviewed.config), entries(now.config)),
    section("the catalog has changed", reviewed.observed, now.observed, entryWords),
    section("the statements have changed", statements(reviewed.sqlPlan), statements(now.sqlPlan)),
  ].flat();
  if (sections.length > 0) return sections;
  return ["what was reviewed and what is now read alike: the plan was made by another version of rolewright; plan again"];
}

function section(
  title: string,
  before: readonly string[],
  after: readonly string[],
  words: (entry: string) => string = (entry) => entry,
): readonly Line[] {
  const gone = missingFrom(after, before);
  const come = missingFrom(before, after);
  if (gone.length === 0 && come.length === 0) return [];
  return [[{ text: `${title}:`, style: "bold" }], ...signed("-", gone.map(words), "red"), ...signed("+", come.map(words), "green")];
}

function signed(sign: "-" | "+", entryLines: readonly string[], style: "red" | "green"): readonly Line[] {
  const shown = entryLines.slice(0, maximumLines).map((text): Line => [{ text: `  ${sign} ${text}`, style }]);
  const hidden = entryLines.length - shown.length;
  return hidden === 0 ? shown : [...shown, [{ text: `  ${sign} … and ${count(hidden, "more entry", "more entries")}`, style }]];
}

/** Entries of `from` that `list` lacks, each as often as it is missing. */
function missingFrom(list: readonly string[], from: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const entry of list) left.set(entry, (left.get(entry) ?? 0) + 1);
  return from.filter((entry) => {
    const number = left.get(entry) ?? 0;
    left.set(entry, number - 1);
    return number <= 0;
  });
}

function entries(record: object): readonly string[] {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
}

/** Comments, transactions and connections only frame the statements. */
function statements(sqlPlan: string): readonly string[] {
  return sqlPlan.split("\n").filter((text) => text.trim() !== "" && !/^(?:--|BEGIN;|COMMIT;)/u.test(text));
}
