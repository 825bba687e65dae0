// A readable difference between the plan that was reviewed and the one that would run now. Pure.
import type { RolePlan } from "../model/plan.ts";
import type { ReviewedPlan } from "./gate.ts";

/** Lines that start with `-` (reviewed) and `+` (now); first what was observed, then the declaration, then the SQL. */
export function staleDifference(reviewed: ReviewedPlan, fresh: RolePlan): string {
  const sections = [
    ["catalog", difference(reviewed.observed, fresh.observed)],
    ["declaration", difference(lines(reviewed.config), lines(fresh.config))],
    ["statements", difference(reviewed.sqlPlan.split("\n"), fresh.sqlPlan.split("\n"))],
  ] as const;
  return sections
    .filter(([, changed]) => changed.length > 0)
    .map(([title, changed]) => `${title}:\n${changed.map((line) => `  ${line}\n`).join("")}`)
    .join("");
}

function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function lines(config: object): readonly string[] {
  return Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
}
