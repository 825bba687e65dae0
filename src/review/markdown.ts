// GitHub Flavored Markdown in which no foreign text is ever markup: whatever a person, a file or a server wrote stands in a code
// span, in `<code>` or in a fence. That also stops mentions, issue links, closing words, autolinks and e-mail links.
// https://github.github.com/gfm/#code-spans, #fenced-code-blocks, #tables-extension-
import { printable } from "../model/display.ts";

// What fonts show as nothing, as a blank or as they like, and `printable` leaves: fillers, joiners, selectors, odd spaces, private use.
const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** The text with everything that a reviewer could not see, or that would reorder what is seen, as `\u202e`. One line. */
export function visible(text: string): string {
  // Nearly all text; the classes of Unicode cost ten times as much.
  if (/^[ -~]*$/u.test(text)) return text;
  return printable(text).replace(unseen, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point > 0xffff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`;
  });
}

/** {@link visible}, line by line: newlines and tabs stay. */
export function visibleLines(text: string): string {
  return /^[ -~\n\t]*$/u.test(text) ? text : text.replace(/[^\n\t]+/gu, visible);
}

/** At most `length` code points, the last of them `…` where something was cut. */
export function clip(text: string, length: number): string {
  // A code point is at most two units, so that the cut cannot fall short of what is needed.
  if (text.length <= length) return text;
  const points = Array.from(text.slice(0, length * 2 + 2));
  return points.length <= length ? text : `${points.slice(0, length - 1).join("")}…`;
}

/** A code span: its fence is longer than every run of backticks inside. Where it stands in a table, {@link tableRow} sees to pipes. */
export function code(text: string, length = Infinity): string {
  const content = clip(visible(text), length);
  if (content === "") return "(empty)";
  const fence = "`".repeat(longestRun(content) + 1);
  const padding = /^[` ]|[` ]$/u.test(content) ? " " : "";
  return `${fence}${padding}${content}${padding}${fence}`;
}

/** Code inside `<summary>` and other lines of HTML, where Markdown does not apply. */
export function htmlCode(text: string, length = Infinity): string {
  return `<code>${escapeHtml(clip(visible(text), length))}</code>`;
}

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** A fenced block that its content cannot end. @param language one of our own words. */
export function fence(language: "sql" | "diff" | "text", content: string): string {
  const lines = visibleLines(content).replace(/\n+$/u, "");
  const marks = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${marks}${language}\n${lines}\n${marks}`;
}

/** A row of a table. Pipes occur in code spans only; engines differ on `\\|`, so that a pipe after a backslash is written out. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(" | ")} |`;
}

function cell(markup: string): string {
  if (!markup.includes("|")) return markup;
  return markup.replace(/(?<=\\)\|/gu, String.raw`\u007c`).replaceAll("|", String.raw`\|`);
}

/** A folded block. @param summary HTML of our own, with foreign text in {@link htmlCode}. */
export function details(summary: string, content: string, isOpen = false): string {
  return `<details${isOpen ? " open" : ""}><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** Parts that have something in them, a blank line between. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
