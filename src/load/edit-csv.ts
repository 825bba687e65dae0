// Edits the text of a CSV list in place: only the cells, rows and columns that change are rewritten.
import { columnsOf, type Column, type ListKind } from "./columns.ts";
import { readCsvCells, type CsvRecord } from "./csv-cells.ts";
import { readCsvFile, type CsvFile } from "./csv-source.ts";
import { newReport } from "./report.ts";
import type { Path } from "./source.ts";

/** Changes of one list. Paths are those of the items in the file's source; a value `undefined` removes what was said. */
export type ListEdit = {
  readonly updated: readonly { readonly path: Path; readonly values: ReadonlyMap<string, unknown> }[];
  readonly removed: readonly Path[];
  /** Appended in this order. */
  readonly added: readonly ReadonlyMap<string, unknown>[];
};

type Splice = { readonly start: number; readonly end: number; readonly text: string };

type Input = { readonly file: string; readonly text: string; readonly kind: ListKind; readonly edit: ListEdit };

/** @returns the new text. Columns that only new values need are appended to every row. */
export function editCsv(input: Input): string {
  const csv = readCsvFile(input, newReport());
  const header = readCsvCells(input.text).records[0];
  if (csv === null || header === undefined) return input.text;
  const newColumns = columnsOf[input.kind].filter((column) => !csv.columns.includes(column) && isUsed(column, input.edit));
  const columns = [...csv.columns, ...newColumns];
  const lineBreak = input.text.includes("\r\n") ? "\r\n" : "\n";
  const splices = [
    { start: header.end, end: header.end, text: newColumns.map((column) => `,${column.name}`).join("") },
    ...rowSplices({ ...input, csv, newColumns }),
  ];
  const edited = applySplices(input.text, splices);
  const start = edited.endsWith("\n") || input.edit.added.length === 0 ? edited : edited + lineBreak;
  return start + input.edit.added.map((values) => writeRow(columns, values) + lineBreak).join("");
}

function isUsed(column: Column, edit: ListEdit): boolean {
  const entries = [...edit.added, ...edit.updated.map(({ values }) => values)];
  return entries.some((values) => values.get(column.key) !== undefined);
}

function rowSplices(input: Input & { readonly csv: CsvFile; readonly newColumns: readonly Column[] }): readonly Splice[] {
  const { csv, newColumns, edit, text } = input;
  const removed = new Set(edit.removed.map((path) => path[1]));
  const updated = new Map(edit.updated.map(({ path, values }) => [path[1], values]));
  return csv.records.flatMap((record, index): readonly Splice[] => {
    if (removed.has(index)) return [{ start: record.start, end: endOfLine(text, record.end), text: "" }];
    const values = updated.get(index) ?? new Map<string, unknown>();
    const tail = newColumns.map((column) => `,${writeCell(values.get(column.key))}`).join("");
    return [...cellSplices(csv.columns, record, values), { start: record.end, end: record.end, text: tail }];
  });
}

function cellSplices(columns: CsvFile["columns"], record: CsvRecord, values: ReadonlyMap<string, unknown>): readonly Splice[] {
  return record.cells.flatMap((cell, index): readonly Splice[] => {
    const key = columns[index]?.key;
    if (key === undefined || !values.has(key)) return [];
    return [{ start: cell.start, end: cell.end, text: writeCell(values.get(key)) }];
  });
}

/** Splices come in the order of the text and do not overlap. */
function applySplices(text: string, splices: readonly Splice[]): string {
  let result = "";
  let offset = 0;
  for (const splice of splices) {
    result += text.slice(offset, splice.start) + splice.text;
    offset = splice.end;
  }
  return result + text.slice(offset);
}

function endOfLine(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed < 0 ? text.length : feed + 1;
}

function writeRow(columns: CsvFile["columns"], values: ReadonlyMap<string, unknown>): string {
  return columns.map((column) => (column === undefined ? "" : writeCell(values.get(column.key)))).join(",");
}

/** Values come from a source: texts, numbers, true and false, lists of texts. */
function writeCell(value: unknown): string {
  const text = (Array.isArray(value) ? value : [value ?? ""]).join(";");
  return /[",\r\n]|^#/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
