// A problem found while reading, as data: stages collect diagnostics and go on, so that a person sees all of them at once.
import { compareNames } from "./name.ts";

/** A place in a file of the access repository. `file` is relative to its root; `line` and `column` count from 1. */
export type SourceLocation = { readonly file: string; readonly line: number; readonly column: number };

export type Diagnostic = {
  readonly severity: "error" | "warning";
  /** Stable, kebab-case, for tests and for searching the documentation: `unknown-column`. */
  readonly code: string;
  /** What is wrong, on what. One sentence, no trailing full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly at?: SourceLocation;
  /** Other places that belong to the problem, such as the first of two duplicates. */
  readonly related?: readonly SourceLocation[];
};

/** `file:line:column`, as editors and terminals link it. */
export function formatLocation(at: SourceLocation): string {
  return `${at.file}:${at.line}:${at.column}`;
}

/** By file, line and column; what has no place comes first. */
export function compareLocations(a: SourceLocation | undefined, b: SourceLocation | undefined): number {
  return compareNames(a?.file ?? "", b?.file ?? "") || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/** True where nothing may be planned or changed. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
