// What the doctor found: a table of everything it looked at, then what to do, the worst first.
import { count } from "../model/count.ts";
import { formatLocation, type SourceLocation } from "../model/diagnostic.ts";
import type { Line } from "../model/display.ts";
import { renderTable, type Cell } from "./table.ts";

export type DoctorFinding = {
  readonly area: string;
  readonly state: "ok" | "warning" | "problem";
  readonly text: string;
  readonly advice: string;
  readonly at?: SourceLocation;
};

const styles = { ok: "green", warning: "yellow", problem: "red" } as const;

export function renderDoctor(input: {
  readonly repository: string;
  readonly findings: readonly DoctorFinding[];
  readonly width: number | null;
}): readonly Line[] {
  const { findings } = input;
  const rows = findings.map(({ area, state, text }): readonly Cell[] => [{ text: state, style: styles[state] }, area, text]);
  const columns = [{ header: input.repository }, { header: "where" }, { header: "what" }];
  const problems = findings.filter(({ state }) => state === "problem");
  const warnings = findings.filter(({ state }) => state === "warning");
  return [
    ...renderTable({ columns, rows, width: input.width }),
    "",
    ...[...problems, ...warnings].flatMap(renderAdvice),
    summaryOf(problems.length, warnings.length),
  ];
}

/** In full: a table may have had to cut it. */
function renderAdvice({ area, state, text, advice, at }: DoctorFinding): readonly Line[] {
  const place = at === undefined ? area : formatLocation(at);
  return [[{ text: state, style: styles[state] }, ` ${place}: ${text}`], `    ${advice}`];
}

function summaryOf(problems: number, warnings: number): Line {
  if (problems + warnings === 0) return [{ text: "all is well", style: "green" }];
  return [{ text: `${count(problems, "problem")}, ${count(warnings, "warning")}`, style: problems > 0 ? "red" : "yellow" }];
}
