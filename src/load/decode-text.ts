// Bytes of a file → text, or why it is none.
import { indexLines } from "./line-index.ts";

export type TextProblem = {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly line: number;
  readonly column: number;
};

/** @returns the text without its byte order mark. A column counts characters, also where a byte of the line is not UTF-8. */
export function decodeText(bytes: Uint8Array): { readonly text: string } | TextProblem {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = hasMark ? bytes.subarray(3) : bytes;
  const zero = content.indexOf(0);
  if (zero >= 0) {
    const wide = content[0] === 0 || content[1] === 0 || (content[0] ?? 0) >= 0xfe;
    const hint = wide ? "save the file as UTF-8; it looks like UTF-16" : "remove it; a text file holds none";
    return { code: "nul-byte", message: "the file holds a NUL byte", hint, ...positionOf(content, zero) };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content) };
  } catch {
    const offset = firstBadByte(content);
    return { code: "not-utf-8", message: "the file is not UTF-8", hint: "save the file as UTF-8", ...positionOf(content, offset) };
  }
}

/** Where the text that can be read ends: halving finds it, since a prefix of good text is good but for its last character. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isReadable(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  // What is left over at the end of the good part is the start of the character that goes wrong.
  return startOfCharacter(bytes, good);
}

/** A prefix may end inside a character; `stream` tells that from a wrong byte. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function startOfCharacter(bytes: Uint8Array, end: number): number {
  for (let start = end; start >= Math.max(0, end - 3); start -= 1) {
    try {
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, start));
      return start;
    } catch {
      // The prefix ends inside a character: look further back.
    }
  }
  return end;
}

function positionOf(bytes: Uint8Array, offset: number): { readonly line: number; readonly column: number } {
  const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, offset));
  return indexLines(before)(before.length);
}
