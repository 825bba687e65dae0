// The comment on a pull request: what a reviewer approves. Short at the top, everything in folded blocks below, and the checksum
// over all of it, shown or not. Layout and bounds: reference/action.md §1.5 and §7.
import { hasErrors } from "../model/diagnostic.ts";
import { alert } from "./comment-alert.ts";
import type { Detail } from "./comment-detail.ts";
import { diagnosticsBlock } from "./comment-diagnostics.ts";
import { fitDocument } from "./document.ts";
import { evidenceTable } from "./comment-evidence.ts";
import type { CommentInput, CommentState } from "./comment-input.ts";
import { inventoryBlock } from "./comment-inventory.ts";
import { formatMarker, parseMarker } from "./comment-marker.ts";
import { resourceBlock } from "./comment-resource.ts";
import { storeChange } from "./comment-store.ts";
import { resourceTable } from "./comment-table.ts";
import { closingLine, planWords, stateClosing, stateWords, titleLine } from "./comment-title.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { clip } from "./markdown.ts";
import { factsOf, type ResourceFacts } from "./resource-facts.ts";
import { commentBytes } from "./shrink.ts";

export type RenderedComment = {
  readonly body: string;
  /** Of the full plan; "" where none was made. */
  readonly checksum: string;
  /** False where something of the plan is left out. */
  readonly isComplete: boolean;
};

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
  const document = {
    head: [titleLine(input.environment, stateWords(input.state) ?? planWords(input)), alert(facts), storeChange(input)],
    table: (rows: number): string => resourceTable(facts, rows),
    blocks: blocksOf(input, facts),
    foot: [evidenceTable(input, fingerprints(input)), closingLine(input)],
    whole: input.whole,
  };
  return fitDocument(document, bytes);
}

/**
 * Gives a comment that stands another state, without its plan: the first line and the last paragraph change.
 * @returns the new body, or `null` where this is no comment of ours.
 */
export function restateComment(
  body: string,
  state: Exclude<CommentState, { readonly kind: "planned" | "planned-by-hand" | "validated-only" }>,
): string | null {
  const text = body.replaceAll("\r\n", "\n").trimEnd();
  const marker = parseMarker(text);
  const words = stateWords(state);
  const closing = stateClosing(state);
  if (marker === null || words === null || closing === null) return null;
  const blocks = text.split("\n\n");
  if (blocks.length < 3) return null;
  return [titleLine(marker.env, words), ...blocks.slice(1, -2), closing, blocks.at(-1) ?? ""].join("\n\n");
}

/** What can be told in less: what is wrong with the files, the inventory, then the resources in the order of the table. */
function blocksOf(input: CommentInput, facts: readonly ResourceFacts[]): readonly ((detail: Detail) => string)[] {
  const { places, diagnostics, inventory } = input;
  const isOnly = facts.filter(({ verdict }) => verdict !== "in-sync").length === 1;
  return [
    (detail): string => diagnosticsBlock(diagnostics, places, detail),
    (detail): string => inventoryBlock(inventory, places, detail),
    ...facts.map(
      (each) =>
        (detail: Detail): string =>
          resourceBlock(each, { places, detail, isOnly }),
    ),
  ];
}

function checksumOf({ plan, diagnostics, state }: CommentInput): string {
  return hasErrors(diagnostics) || state.kind === "validated-only" ? "" : plan.checksum;
}

function fingerprints(input: CommentInput): ReturnType<typeof fingerprintsOf> {
  const checksum = checksumOf(input);
  return input.fingerprints === undefined ? fingerprintsOf(input.plan.roles, checksum) : { ...input.fingerprints, checksum };
}

function markerOf(input: CommentInput): Parameters<typeof formatMarker>[0] {
  const { environment: env, pullRequest: pr, head, seal } = input;
  return { env, pr, head: clip(head, 128), ...fingerprints(input), ...(seal === undefined ? {} : { seal }) };
}
