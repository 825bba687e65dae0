// A Markdown document with a table and folded blocks that give way until all of it fits.
import { detailLevels, type Detail } from "./comment-detail.ts";
import { omissionSentence } from "./comment-omission.ts";
import type { Link } from "./link.ts";
import { paragraphs } from "./markdown.ts";
import { byLevel, shrink, type Part } from "./shrink.ts";

export type MarkdownDocument = {
  /** Always whole: a title, an alert. */
  readonly head: readonly string[];
  /** The table with at most so many rows. */
  readonly table: (maximumRows: number) => string;
  /** In the order of their weight: the last give way first. "" for nothing. */
  readonly blocks: readonly ((detail: Detail) => string)[];
  /** Always whole. */
  readonly foot: readonly string[];
  readonly whole: readonly Link[];
};

/** Rows of the table, from all to fewest. */
const tableRows = [Infinity, 500, 200, 100, 50, 20, 5];

/** Room for the sentence that says what is left out. */
const omissionBytes = 2_000;

/** @param bytes at least 30,000. */
export function fitDocument(document: MarkdownDocument, bytes: number): { readonly text: string; readonly isComplete: boolean } {
  const { head, table, blocks, foot, whole } = document;
  const parts: readonly Part[] = [
    { alternatives: tableRows.map((rows) => () => table(rows)) },
    ...blocks.map((block) => ({ alternatives: [...detailLevels.map((detail) => () => block(detail)), () => ""] })),
  ];
  const steps = [
    ...byLevel(
      [...blocks.keys()].map((index) => index + 1),
      detailLevels.length + 1,
    ),
    ...tableRows.map(() => 0),
  ];
  const fixed = Buffer.byteLength(paragraphs([...head, ...foot])) + 2;
  const { texts, levels } = shrink(parts, steps, bytes - fixed - omissionBytes);
  const omission = omissionSentence({ levels: levels.slice(1), tableLevel: levels[0] ?? 0, whole });
  return { text: paragraphs([...head, omission, ...texts, ...foot]), isComplete: omission === "" };
}
