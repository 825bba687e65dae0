// Diagnostics for a terminal: `file:line:column  error[code]  message`, in the order of the files, then the hint, then the counts.
import { compareLocations, formatLocation, type Diagnostic } from "../model/diagnostic.ts";
import type { Line } from "../model/display.ts";
import { compareNames } from "../model/name.ts";
import { count } from "../model/count.ts";

/** @returns one block per diagnostic, blank lines between files, and the counts last; nothing for no diagnostics. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): readonly Line[] {
  if (diagnostics.length === 0) return [];
  const lines: Line[] = [];
  let file: string | undefined;
  for (const diagnostic of diagnostics.toSorted(inFileOrder)) {
    if (lines.length > 0 && diagnostic.at?.file !== file) lines.push("");
    file = diagnostic.at?.file;
    lines.push(...renderDiagnostic(diagnostic));
  }
  return [...lines, "", countDiagnostics(diagnostics)];
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  return [...(errors > 0 ? [count(errors, "error")] : []), ...(warnings > 0 ? [count(warnings, "warning")] : [])].join(", ");
}

function renderDiagnostic(diagnostic: Diagnostic): readonly Line[] {
  const { severity, code, message, hint, at, related } = diagnostic;
  const place = at === undefined ? [] : [{ text: `${formatLocation(at)}: `, style: "bold" as const }];
  const kind = { text: `${severity}[${code}]`, style: severity === "error" ? ("red" as const) : ("yellow" as const) };
  return [
    [...place, kind, ` ${message}`],
    ...(related ?? []).map((other): Line => [{ text: `    see also ${formatLocation(other)}`, style: "dim" }]),
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ];
}

/** Those without a place first; then by file, line and column. */
function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  return compareLocations(a.at, b.at) || compareNames(a.code, b.code);
}
