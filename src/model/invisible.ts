// Characters that a terminal obeys, a reader does not see, or a line ends with: never written as they are, neither to people nor in SQL.
// Nobody may declare a text with one, and no comment of ours keeps one; what is in the catalogs is named all the same: see quote.ts.

// Cc: control characters with ESC, CR and newline. Cf: bidi overrides, which make one name read as another
// (https://www.unicode.org/reports/tr36/), zero-width characters, tags. Cs: lone surrogates. Zl, Zp: line breaks.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const everyInvisible = new RegExp(invisible, "gu");

export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/** @param escape what stands for a character, which it gets as a code point. */
export function escapeInvisible(text: string, escape: (codePoint: number) => string): string {
  return text.replace(everyInvisible, (character) => escape(character.codePointAt(0) ?? 0));
}

/** A code point in hexadecimal digits, with zeros in front up to a width. */
export function hexadecimal(codePoint: number, width: number): string {
  return codePoint.toString(16).padStart(width, "0");
}
