// What is wrong in the files, for a comment: errors first, then warnings, each with its place and what to do.
import { compareNames } from "../model/name.ts";
import { compareLocations, type Diagnostic } from "../model/diagnostic.ts";
import { bullets, type Detail } from "./comment-detail.ts";
import { countDiagnostics } from "./diagnostics-text.ts";
import { fileLink, type Places } from "./link.ts";
import { code } from "./markdown.ts";

/** @returns "" for none. */
export function diagnosticsBlock(diagnostics: readonly Diagnostic[], places: Places, detail: Detail): string {
  if (diagnostics.length === 0) return "";
  const entries = diagnostics.toSorted(bySeverity).map((diagnostic) => entry(diagnostic, places, detail));
  return `${countDiagnostics(diagnostics)} in the files:\n\n${bullets(entries, detail.notes)}`;
}

function entry({ severity, code: name, message, hint, at }: Diagnostic, places: Places, detail: Detail): string {
  const place = at === undefined ? "" : `${fileLink(at, places)} `;
  return `${place}${severity} ${code(name, 60)}: ${code(message, detail.text)}${hint === undefined ? "" : `; ${code(hint, detail.text)}`}`;
}

/** Errors before warnings; then by file and line. */
export function bySeverity(a: Diagnostic, b: Diagnostic): number {
  return compareNames(a.severity, b.severity) || compareLocations(a.at, b.at) || compareNames(a.code, b.code);
}
