// What renderers hand to a terminal: lines of spans. Colour is a word here; only io/terminal.ts writes escape sequences,
// and it escapes the text of every span, so that no value can smuggle one in.
import { escapeInvisible, hexadecimal } from "./invisible.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export type Span = { readonly text: string; readonly style: Style };

/** One line of output, without its newline. */
export type Line = string | readonly (string | Span)[];

/** Writes what a terminal would obey or hide as `\u001b`, so that a hostile name can neither move the cursor nor look like another. */
export function printable(text: string): string {
  return escapeInvisible(text, (code) => (code > 0xffff ? `\\u{${hexadecimal(code, 0)}}` : `\\u${hexadecimal(code, 4)}`));
}

/** The spans of a line; a plain string is one span without style. */
export function spansOf(line: Line): readonly (string | Span)[] {
  return typeof line === "string" ? [line] : line;
}

/** The bare text of a line, as it is: not escaped. */
export function textOf(line: Line): string {
  return spansOf(line)
    .map((span) => (typeof span === "string" ? span : span.text))
    .join("");
}
