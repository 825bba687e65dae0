// CSV text → Source: `{ <list key>: [ … ] }` with the keys that YAML has, so that one schema checks both.
import type { SourceLocation } from "../model/diagnostic.ts";
import { columnsOf, listKeys, minimalHeader, readText, type Column, type ListKind } from "./columns.ts";
import { readCsvCells, type Cell, type CsvRecord } from "./csv-cells.ts";
import { indexLines } from "./line-index.ts";
import { didYouMean } from "./nearest.ts";
import { isLoginKey } from "./passwords.ts";
import type { Report } from "./report.ts";
import { show } from "./show.ts";
import type { Path, Source } from "./source.ts";
import { splitList, trimBlanks } from "./split-list.ts";

type Row = { readonly record: CsvRecord; readonly entry: Readonly<Record<string, unknown>> };

/** A read CSV file, with what an edit of its text needs. */
export type CsvFile = {
  readonly source: Source;
  /** The column of each header cell; `undefined` for one that is not known. */
  readonly columns: readonly (Column | undefined)[];
  /** The records of the rows, in the order of the source's list. */
  readonly records: readonly CsvRecord[];
};

type Input = { readonly file: string; readonly text: string; readonly kind: ListKind };

/** @returns the file as far as it could be read, or `null` where it has no usable header. */
export function readCsvFile(input: Input, report: Report): CsvFile | null {
  const positionOf = indexLines(input.text);
  const at = (offset: number): SourceLocation => ({ file: input.file, ...positionOf(offset) });
  const { records, problem } = readCsvCells(input.text);
  if (problem !== null) report.error({ code: "csv-syntax", message: problem.message, hint: problem.hint, at: at(problem.offset) });
  const [header, ...rest] = records;
  if (header === undefined) return null;
  const columns = readHeader(header, input.kind, report, at);
  if (columns === null) return null;
  const rows = rest.filter((record) => !isBlank(record)).flatMap((record) => readRow({ record, columns, report, at }));
  return { source: toSource(input, rows, { columns, at }), columns, records: rows.map((row) => row.record) };
}

function readHeader(header: CsvRecord, kind: ListKind, report: Report, at: (offset: number) => SourceLocation): CsvFile["columns"] | null {
  const known = columnsOf[kind];
  const names = header.cells.map((cell) => trimBlanks(cell.value));
  const columns = names.map((name) => known.find((column) => column.name === name));
  const example = `start the file with a header such as ${minimalHeader[kind]}`;
  if (columns.every((column) => column === undefined) && !names.some(isLoginKey)) {
    const separated = names.length === 1 && /[;\t]/u.test(names[0] ?? "");
    const hint = separated ? `separate the cells with commas, and ${example}` : example;
    report.error({ code: "missing-header", message: "the first row names no known column", hint, at: at(header.start) });
    return null;
  }
  header.cells.forEach((cell, index) => checkHeaderCell({ cell, index, columns, known, report, at }));
  for (const column of known.filter((candidate) => candidate.required && !columns.includes(candidate))) {
    report.error({ code: "missing-column", message: `the column ${column.name} is missing`, hint: example, at: at(header.start) });
  }
  return columns;
}

function checkHeaderCell(input: {
  readonly cell: Cell;
  readonly index: number;
  readonly columns: readonly (Column | undefined)[];
  readonly known: readonly Column[];
  readonly report: Report;
  readonly at: (offset: number) => SourceLocation;
}): void {
  const { cell, index, columns, known, report } = input;
  const at = input.at(cell.start);
  const name = trimBlanks(cell.value);
  const column = columns[index];
  if (isLoginKey(name)) {
    const hint =
      "remove the column from the file and from its history, change the passwords, and name a reference such as env:NAME under admin";
    report.error({
      code: "literal-password",
      message: `the column ${name} would hold logins, and none may stand in the repository`,
      hint,
      at,
    });
  } else if (column === undefined) {
    const names = known.map((candidate) => candidate.name);
    const hint = didYouMean(meantColumn(name, known), names, `the columns are ${names.join(", ")}`);
    report.error({ code: "unknown-column", message: name === "" ? "a column has no name" : `unknown column ${show(name)}`, hint, at });
  } else if (columns.indexOf(column) < index) {
    report.error({ code: "duplicate-column", message: `the column ${name} is there twice`, hint: "keep one of them", at });
  }
}

/** The YAML word where CSV has another one: privileges. */
function meantColumn(name: string, known: readonly Column[]): string {
  return known.find((column) => column.key === name.toLowerCase())?.name ?? name;
}

function isBlank(record: CsvRecord): boolean {
  return record.cells.every((cell) => trimBlanks(cell.value) === "");
}

function readRow(input: {
  readonly record: CsvRecord;
  readonly columns: readonly (Column | undefined)[];
  readonly report: Report;
  readonly at: (offset: number) => SourceLocation;
}): readonly Row[] {
  const { record, columns } = input;
  if (record.cells.length !== columns.length) {
    const surplus = record.cells[columns.length];
    input.report.error({
      code: "cell-count",
      message: `the row has ${record.cells.length} cells and the header ${columns.length}`,
      hint: "write one cell for each column, an empty one where there is nothing to say, and separate lists with ;",
      at: input.at(surplus?.start ?? record.start),
    });
    return [];
  }
  const entry: Record<string, unknown> = Object.create(null);
  columns.forEach((column, index) => {
    const text = trimBlanks(record.cells[index]?.value ?? "");
    // An empty cell says nothing, as a missing key does in YAML.
    if (column !== undefined && text !== "") entry[column.key] = readText(column, text, ";");
  });
  return [{ record, entry }];
}

function toSource(
  input: Input,
  rows: readonly Row[],
  { columns, at }: { readonly columns: readonly (Column | undefined)[]; readonly at: (offset: number) => SourceLocation },
): Source {
  const [listKey] = listKeys[input.kind];
  const value: Record<string, unknown> = Object.create(null);
  value[listKey] = rows.map((row) => row.entry);
  const locate = ([, rowIndex, key, partIndex]: Path): SourceLocation => {
    const record = typeof rowIndex === "number" ? rows[rowIndex]?.record : undefined;
    if (record === undefined) return at(0);
    const cell = record.cells[columns.findIndex((column) => column !== undefined && column.key === key)];
    if (cell === undefined) return at(record.start);
    return at(cell.start + (typeof partIndex === "number" ? partOffset(input.text, cell, partIndex) : 0));
  };
  const names = new Map(columnsOf[input.kind].map((column) => [column.key, column.name]));
  const missingKeys = new Set(columnsOf[input.kind].filter((column) => !columns.includes(column)).map((column) => column.key));
  return { file: input.file, format: "csv", value, locate, locateKey: locate, nameOf: (key) => names.get(key) ?? key, missingKeys };
}

/** Where an entry of a list starts inside its cell; the cell's start where quoting makes the two texts differ. */
function partOffset(text: string, cell: Cell, index: number): number {
  const raw = text.slice(cell.start, cell.end);
  const isQuoted = raw.startsWith('"');
  const inner = isQuoted ? raw.slice(1, -1) : raw;
  if (inner !== cell.value) return 0;
  return (isQuoted ? 1 : 0) + (splitList(inner, ";")[index]?.offset ?? 0);
}
