// Says what is wrong with one key of one entry, at its place, in the words of its format.
import type { SourceLocation } from "../model/diagnostic.ts";
import type { Report } from "./report.ts";
import type { Item } from "./source.ts";

export type ItemProblem = {
  readonly key: string;
  /** Of the entry in a list. */
  readonly index?: number;
  readonly code: string;
  /** What follows the name of the key. */
  readonly message: string;
  readonly hint: string;
  readonly related?: readonly SourceLocation[];
};

/** Reports `<name of the key>: <message>`. */
export function itemError(item: Item, report: Report, problem: ItemProblem): void {
  report.error(toProblem(item, problem));
}

/** The same, where the load may go on. */
export function itemWarning(item: Item, report: Report, problem: ItemProblem): void {
  report.warn(toProblem(item, problem));
}

function toProblem(item: Item, { key, index, message, ...rest }: ItemProblem): Parameters<Report["error"]>[0] {
  const path = [...item.path, key, ...(index === undefined ? [] : [index])];
  return { ...rest, message: `${item.source.nameOf(key)}: ${message}`, at: item.source.locate(path) };
}
