// The comment on a pull request: what a reviewer approves. Short at the top, everything in folded blocks below, and the checksum
// over all of it, shown or not. Layout and bounds: reference/action.md §1.5 and §7.
import { hasErrors } from "../model/diagnostic.ts";
import { alert } from "./comment-alert.ts";
import { detailLevels } from "./comment-detail.ts";
import { diagnosticsBlock } from "./comment-diagnostics.ts";
import { evidenceTable } from "./comment-evidence.ts";
import type { CommentInput, CommentState } from "./comment-input.ts";
import { inventoryBlock } from "./comment-inventory.ts";
import { formatMarker, parseMarker } from "./comment-marker.ts";
import { omissionSentence } from "./comment-omission.ts";
import { resourceBlock } from "./comment-resource.ts";
import { resourceTable } from "./comment-table.ts";
import { closingLine, planWords, stateClosing, stateWords, titleLine } from "./comment-title.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { clip, paragraphs } from "./markdown.ts";
import { factsOf, type ResourceFacts } from "./resource-facts.ts";
import { byLevel, commentBytes, shrink, type Part } from "./shrink.ts";

export type RenderedComment = {
  readonly body: string;
  /** Of the full plan; "" where none was made. */
  readonly checksum: string;
  /** False where something of the plan is left out. */
  readonly isComplete: boolean;
};

/** Rows of the table of resources, from all to fewest. */
const tableRows = [Infinity, 500, 200, 100, 50, 20, 5];

/** The sentence that says what is left out. */
const omissionBytes = 4_000;

/**
 * Renders a plan as a comment of at most {@link commentBytes} bytes, and so of no more UTF-16 units. The same input gives the same bytes.
 * @throws RangeError for an environment whose name has more than 255 characters.
 */
export function renderComment(input: CommentInput): RenderedComment {
  const marker = formatMarker(markerOf(input));
  const { text, isComplete } = renderPlanMarkdown(input, commentBytes - marker.length - 2);
  return { body: `${text}\n\n${marker}`, checksum: checksumOf(input), isComplete };
}

/** The same Markdown without a marker, within any bound from 30,000 bytes. */
export function renderPlanMarkdown(input: CommentInput, bytes: number): { readonly text: string; readonly isComplete: boolean } {
  const facts = factsOf(input);
  const frame = frameOf(input, facts);
  const blocks = blocksOf(input, facts);
  const table: Part = { alternatives: tableRows.map((rows) => () => resourceTable(facts, rows)) };
  const parts = [table, ...blocks];
  const fixed = Buffer.byteLength(paragraphs(Object.values(frame))) + 2;
  const steps = [
    ...byLevel(
      [...blocks.keys()].map((index) => index + 1),
      detailLevels.length + 1,
    ),
    ...tableRows.map(() => 0),
  ];
  const { texts, levels } = shrink(parts, steps, bytes - fixed - omissionBytes);
  const [tableText = "", ...blockTexts] = texts;
  const omission = omissionSentence({ levels: levels.slice(1), tableLevel: levels[0] ?? 0, whole: input.whole });
  return {
    text: paragraphs([frame.title, frame.alert, omission, tableText, ...blockTexts, frame.evidence, frame.closing]),
    isComplete: omission === "",
  };
}

/**
 * Gives a comment that stands another state, without its plan: the first line and the last paragraph change.
 * @returns the new body, or `null` where this is no comment of ours.
 */
export function restateComment(body: string, state: Exclude<CommentState, { readonly kind: "planned" | "validated-only" }>): string | null {
  const text = body.replaceAll("\r\n", "\n").trimEnd();
  const marker = parseMarker(text);
  const words = stateWords(state);
  const closing = stateClosing(state);
  if (marker === null || words === null || closing === null) return null;
  const blocks = text.split("\n\n");
  if (blocks.length < 3) return null;
  return [titleLine(marker.env, words), ...blocks.slice(1, -2), closing, blocks.at(-1) ?? ""].join("\n\n");
}

function frameOf(
  input: CommentInput,
  facts: readonly ResourceFacts[],
): Readonly<Record<"title" | "alert" | "evidence" | "closing", string>> {
  return {
    title: titleLine(input.environment, stateWords(input.state) ?? planWords(input)),
    alert: alert(facts),
    evidence: evidenceTable(input, fingerprints(input)),
    closing: closingLine(input),
  };
}

/** What can be told in less: what is wrong with the files, the inventory, then the resources in the order of the table. */
function blocksOf(input: CommentInput, facts: readonly ResourceFacts[]): readonly Part[] {
  const { places, diagnostics, inventory } = input;
  const isOnly = facts.filter(({ verdict }) => verdict !== "in-sync").length === 1;
  const levels = detailLevels.map((detail) => ({ places, detail, isOnly }));
  const part = (render: (level: (typeof levels)[number]) => string): Part => ({
    alternatives: [...levels.map((level) => (): string => render(level)), (): string => ""],
  });
  return [
    part(({ detail }) => diagnosticsBlock(diagnostics, places, detail)),
    part(({ detail }) => inventoryBlock(inventory, places, detail)),
    ...facts.map((each) => part((level) => resourceBlock(each, level))),
  ];
}

function checksumOf({ plan, diagnostics, state }: CommentInput): string {
  return hasErrors(diagnostics) || state.kind === "validated-only" ? "" : plan.checksum;
}

function fingerprints(input: CommentInput): ReturnType<typeof fingerprintsOf> {
  return fingerprintsOf(input.plan.roles, checksumOf(input));
}

function markerOf(input: CommentInput): Parameters<typeof formatMarker>[0] {
  const { environment: env, pullRequest: pr, head, mac } = input;
  return { env, pr, head: clip(head, 128), ...fingerprints(input), ...(mac === undefined ? {} : { mac }) };
}
