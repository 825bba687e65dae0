// One thing that the doctor has looked at, and what came of it.
import type { SourceLocation } from "../model/diagnostic.ts";

export type Finding = {
  /** Stable, kebab-case: `required-check`. */
  readonly code: string;
  /** What was looked at: `branch main`, `environment rolewright-plan`, a file. */
  readonly area: string;
  readonly state: "ok" | "warning" | "problem";
  /** What is so. One sentence, no trailing full stop. */
  readonly text: string;
  /** What to do; "" where all is well. */
  readonly advice: string;
  readonly at?: SourceLocation;
};

/** What can be seen of GitHub with the token at hand; `hidden` says what it would take. */
export type Seen<Value> = { readonly value: Value } | { readonly hidden: string };

export type Check = {
  readonly code: string;
  readonly holds: boolean;
  /** What is so where it holds, and where it does not. */
  readonly good: string;
  readonly bad: string;
  readonly advice: string;
  /** What it is where it does not hold: a problem, unless said. */
  readonly otherwise?: "warning" | "problem";
  readonly at?: SourceLocation;
};

export function judge(area: string, checks: readonly Check[]): readonly Finding[] {
  return checks.map(({ code, holds, good, bad, advice, otherwise = "problem", at }) => ({
    code,
    area,
    ...(holds ? { state: "ok", text: good, advice: "" } : { state: otherwise, text: bad, advice }),
    ...(at === undefined ? {} : { at }),
  }));
}
