// Text of one file → Source, checked: syntax, schema, passwords and control characters.
import { checkSchema } from "./check-schema.ts";
import { checkTexts } from "./check-text.ts";
import { readCsvFile } from "./csv-source.ts";
import type { Report } from "./report.ts";
import type { FileKind } from "./schema.ts";
import type { Source } from "./source.ts";
import { readYamlFile } from "./yaml-source.ts";

export type TextFile = { readonly kind: FileKind; readonly format: "csv" | "yaml"; readonly file: string; readonly text: string };

/** @returns the source, also where values in it are wrong; `null` where there is none: unreadable, or empty. */
export function readSource(file: TextFile, report: Report): Source | null {
  const isEmpty = file.format === "csv" ? !/^(?!#).*\S/mu.test(file.text) : file.text.trim() === "";
  const source = isEmpty ? null : parse(file, report);
  // The first document may be empty, and the others were not read.
  if (source?.value === null && source.isPartial === true) return null;
  if (isEmpty || source?.value === null) {
    // Settings and groups are optional down to the last key.
    if (file.kind === "settings" || file.kind === "access") return null;
    report.error({ code: "empty-file", message: "the file is empty", hint: emptyHint(file), at: { file: file.file, line: 1, column: 1 } });
    return null;
  }
  if (source === null) return null;
  checkTexts(source, report);
  checkSchema(source, file.kind, report);
  return source;
}

function parse(file: TextFile, report: Report): Source | null {
  if (file.format === "yaml" || file.kind === "settings" || file.kind === "access") return readYamlFile(file, report)?.source ?? null;
  return readCsvFile({ ...file, kind: file.kind }, report)?.source ?? null;
}

function emptyHint(file: TextFile): string {
  if (file.format === "csv") return "write its header, or remove the file";
  return `write \`${file.kind === "inventory" ? "resources" : "items"}: []\` where none are meant, or remove the file`;
}
