// Job summaries: what the comments say, with room for a megabyte. The runner shows nothing at all of a longer one.
import { renderApplyMarkdown, type ApplyCommentInput } from "./apply-comment.ts";
import type { CommentInput } from "./comment-input.ts";
import { renderPlanMarkdown, type RenderedComment } from "./comment.ts";
import { renderDriftMarkdown, type DriftInput } from "./drift-issue.ts";
import { driftFactsOf, driftWords } from "./drift-facts.ts";
import { code } from "./markdown.ts";

/** The runner's bound is 1,048,576 for all of a step. */
export const summaryBytes = 1_000_000;

/** For a second document of the same step. */
export const moreBytes = 40_000;

/** A plan. `whole` of the input should lead to the plan's file. */
export function renderPlanSummary(input: CommentInput): Omit<RenderedComment, "checksum"> {
  const { text, isComplete } = renderPlanMarkdown(input, summaryBytes);
  return { body: text, isComplete };
}

/** What came of an apply. @param bytes {@link moreBytes} beside another document. */
export function renderApplySummary(input: ApplyCommentInput, bytes = summaryBytes): Omit<RenderedComment, "checksum"> {
  const { text, isComplete } = renderApplyMarkdown(input, bytes);
  return { body: text, isComplete };
}

/** What the issue about drift says, below a title. */
export function renderDriftSummary(input: DriftInput): Omit<RenderedComment, "checksum"> {
  const facts = driftFactsOf(input);
  const title = `### PostgreSQL access drift · ${code(input.environment, 255)} · ${driftWords(facts)}`;
  const { text, isComplete } = renderDriftMarkdown(input, facts, summaryBytes - Buffer.byteLength(title) - 2);
  return { body: `${title}\n\n${text}`, isComplete };
}
