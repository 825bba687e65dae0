// Where the cells of a CSV text stand. csv-parse gives values without positions, so the same text is walked once more for these.
import { parse } from "csv-parse/sync";

/** One cell: its value, and where its text starts and ends, quotes included. Offsets in UTF-16 code units. */
export type Cell = { readonly value: string; readonly start: number; readonly end: number };

/** One record, and where it starts and ends, without its line break. */
export type CsvRecord = { readonly cells: readonly Cell[]; readonly start: number; readonly end: number };

export type CsvSyntaxProblem = { readonly message: string; readonly hint: string; readonly offset: number };

/**
 * Reads RFC 4180 with LF or CRLF. Lines that start with `#` are comments, empty lines are skipped.
 * @returns every record before the first syntax problem, and that problem.
 */
export function readCsvCells(text: string): { readonly records: readonly CsvRecord[]; readonly problem: CsvSyntaxProblem | null } {
  const parsed: string[][] = [];
  let failure: string | null = null;
  try {
    parse(text, {
      comment: "#",
      comment_no_infix: true,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[]) => {
        parsed.push(record);
        return null;
      },
    });
  } catch (error) {
    failure = error instanceof Error && "code" in error ? String(error.code) : "";
  }
  const records: CsvRecord[] = [];
  let offset = 0;
  for (const values of parsed) {
    const record = locateRecord(text, skipToRecord(text, offset), values);
    records.push(record);
    offset = record.end;
  }
  return { records, problem: failure === null ? null : describeFailure(failure, skipToRecord(text, offset)) };
}

/** Leaves the line break of the record before, empty lines and comments behind. */
function skipToRecord(text: string, from: number): number {
  let offset = from;
  for (;;) {
    if (text[offset] === "\n") offset += 1;
    else if (text[offset] === "\r" && text[offset + 1] === "\n") offset += 2;
    else if (text[offset] === "#" && (offset === 0 || text[offset - 1] === "\n")) offset = lineEnd(text, offset);
    else return offset;
  }
}

function locateRecord(text: string, start: number, values: readonly string[]): CsvRecord {
  const cells: Cell[] = [];
  let offset = start;
  for (const value of values) {
    const end = text[offset] === '"' ? quotedEnd(text, offset) : plainEnd(text, offset);
    cells.push({ value, start: offset, end });
    offset = end + 1;
  }
  return { cells, start, end: cells.at(-1)?.end ?? start };
}

function quotedEnd(text: string, start: number): number {
  let offset = start + 1;
  for (;;) {
    const quote = text.indexOf('"', offset);
    if (quote < 0) return text.length;
    if (text[quote + 1] !== '"') return quote + 1;
    offset = quote + 2;
  }
}

/** Walks the cell once: looking for the end of its line first would cost the square of a long line. */
function plainEnd(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && text[offset] !== "," && text[offset] !== "\n") offset += 1;
  return text[offset] === "\n" && offset > start && text[offset - 1] === "\r" ? offset - 1 : offset;
}

/** Offset of the line break that ends the line, or of the end of the text. */
function lineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  if (feed < 0) return text.length;
  return feed > from && text[feed - 1] === "\r" ? feed - 1 : feed;
}

/** In our words: the parser's own messages repeat cells, which may hold anything. */
function describeFailure(code: string, offset: number): CsvSyntaxProblem {
  const hint = 'write a cell with a comma, a quote or a line break in it in double quotes, and a quote inside it twice: "a ""b"""';
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return { message: "a quoted cell of this row is never closed", hint, offset };
    case "CSV_INVALID_CLOSING_QUOTE":
      return { message: "text follows the closing quote of a cell of this row", hint, offset };
    case "INVALID_OPENING_QUOTE":
      return { message: "a quote stands inside a cell of this row that does not start with one", hint, offset };
    default:
      return { message: "this row is not CSV", hint, offset };
  }
}
