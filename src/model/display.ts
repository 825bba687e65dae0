// What renderers hand to a terminal: lines of spans. Colour is a word here; only io/terminal.ts writes escape sequences,
// and it escapes the text of every span, so that no value can smuggle one in.

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export type Span = { readonly text: string; readonly style: Style };

/** One line of output, without its newline. */
export type Line = string | readonly (string | Span)[];

// Cc: control characters with ESC, CR and newline. Cf: bidi overrides, zero-width characters, tags. Cs: lone surrogates. Zl, Zp: line breaks.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Writes what a terminal would obey or hide as `\u001b`, so that a hostile name can neither move the cursor nor look like another. */
export function printable(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
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
