// Collects the problems of a load, then puts them into the order of the files.
import { compareLocations, type Diagnostic, type SourceLocation } from "../model/diagnostic.ts";
import { compareNames } from "../model/name.ts";

/** More than a person reads; the rest is counted. */
const mostReported = 1000;

/** A diagnostic of the load stage: it always says what to do. */
export type Problem = {
  readonly code: string;
  /** One sentence, no trailing full stop. */
  readonly message: string;
  readonly hint: string;
  readonly at: SourceLocation | undefined;
  readonly related?: readonly SourceLocation[];
};

export type Report = {
  readonly error: (problem: Problem) => void;
  readonly warn: (problem: Problem) => void;
  /** What was reported so far, in the order of files, lines and columns, errors before warnings; at most 1,000 and a closing count. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly hasErrors: () => boolean;
};

export function newReport(): Report {
  const found: Diagnostic[] = [];
  const add = (severity: Diagnostic["severity"], { at, ...problem }: Problem): void => {
    found.push({ severity, ...problem, ...(at && { at }) });
  };
  return {
    error: (problem) => add("error", problem),
    warn: (problem) => add("warning", problem),
    diagnostics: () => limited(found.toSorted(inFileOrder)),
    hasErrors: () => found.some((diagnostic) => diagnostic.severity === "error"),
  };
}

/** Where there are too many, errors are kept before warnings, so that no error is hidden by one. */
function limited(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  if (sorted.length <= mostReported) return sorted;
  const errors = sorted.filter((diagnostic) => diagnostic.severity === "error");
  const warnings = sorted.filter((diagnostic) => diagnostic.severity === "warning");
  const kept = [...errors, ...warnings].slice(0, mostReported).toSorted(inFileOrder);
  const closing: Diagnostic = {
    severity: errors.length > 0 ? "error" : "warning",
    code: "too-many-problems",
    message: `${sorted.length - mostReported} more problems are not shown`,
    hint: "mend these first; the rest is reported by the next run",
  };
  return [...kept, closing];
}

function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  return (
    compareLocations(a.at, b.at) ||
    compareNames(a.severity, b.severity) ||
    compareNames(a.code, b.code) ||
    compareNames(a.message, b.message)
  );
}
