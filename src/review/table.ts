// Tables for people. On a terminal the widest columns give way until a row fits; without one nothing is cut.
import stringWidth from "string-width";
import { printable, spansOf, textOf, type Line, type Span } from "../model/display.ts";

export type Column = {
  readonly header: string;
  readonly align?: "left" | "right";
  /** Never cut: what somebody copies, such as an id. */
  readonly isWhole?: boolean;
};

/** A cell: text, or text with a style. */
export type Cell = string | Span;

const gap = "  ";

/**
 * Lays out a table without frames: a bold header, then the rows.
 * @param input.width columns of the terminal; `null`: as wide as it needs to be.
 * @returns one line per row and one for the header; none where there are no rows.
 */
export function renderTable(input: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly width: number | null;
}): readonly Line[] {
  const { columns, rows } = input;
  if (rows.length === 0) return [];
  const header = columns.map((column): Cell => ({ text: column.header, style: "bold" }));
  const table = [header, ...rows];
  const natural = columns.map((_, index) => table.reduce((widest, row) => Math.max(widest, stringWidth(cellText(row[index]))), 0));
  const room = input.width === null ? null : input.width - gap.length * (columns.length - 1);
  const widths = room === null ? natural : fitOthers(columns, natural, room);
  return table.map((row) => renderRow(columns, row, widths));
}

function renderRow(columns: readonly Column[], row: readonly Cell[], widths: readonly number[]): Line {
  const line: (string | Span)[] = [];
  for (const [index, column] of columns.entries()) {
    const cell = row[index] ?? "";
    const width = widths[index] ?? 0;
    const text = truncate(cellText(cell), width);
    const padding = " ".repeat(Math.max(0, width - stringWidth(text)));
    const isLast = index === columns.length - 1;
    const styled = typeof cell === "string" ? text : { text, style: cell.style };
    if (column.align === "right") line.push(padding, styled);
    else line.push(styled, isLast ? "" : padding);
    if (!isLast) line.push(gap);
  }
  return trimEnd(line);
}

function cellText(cell: Cell | undefined): string {
  return printable(cell === undefined || typeof cell === "string" ? (cell ?? "") : cell.text);
}

function fitOthers(columns: readonly Column[], natural: readonly number[], room: number): readonly number[] {
  const isWhole = (index: number): boolean => columns[index]?.isWhole === true;
  const whole = sum(natural.filter((_, index) => isWhole(index)));
  const fitted = fit(
    natural.map((width, index) => (isWhole(index) ? 0 : width)),
    room - whole,
  );
  return natural.map((width, index) => (isWhole(index) ? width : (fitted[index] ?? 0)));
}

/** Lowers the widest columns to one common width, no lower than needed, until the sum fits. */
function fit(natural: readonly number[], room: number): readonly number[] {
  if (sum(natural) <= room) return natural;
  let cap = Math.max(...natural);
  while (cap > 1 && sum(natural.map((width) => Math.min(width, cap))) > room) cap -= 1;
  const widths = natural.map((width) => Math.min(width, cap));
  let spare = room - sum(widths);
  return widths.map((width, index) => {
    const grows = spare > 0 && (natural[index] ?? 0) > width;
    if (grows) spare -= 1;
    return grows ? width + 1 : width;
  });
}

/** Cuts at whole graphemes, so that neither an emoji nor an accent is torn, and says so with `…`. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}

/** Without the blanks that a row would end with where its last cells are empty. */
function trimEnd(line: readonly (string | Span)[]): Line {
  const spans = [...spansOf(line)];
  while (spans.length > 0 && textOf(spans.slice(-1)).trim() === "") spans.pop();
  return spans;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
