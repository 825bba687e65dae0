// How a message quotes what a file says. Files are hostile: control characters are escaped, long text is cut, and a password
// inside a connection string is not repeated.
import { printable } from "../model/display.ts";
import { hidePasswords } from "./passwords.ts";

const longest = 60;

/** @returns the text in double quotes, on one line, at most about 60 characters of it. */
export function show(text: string): string {
  const safe = hidePasswords(text);
  return `"${printable(safe.length > longest ? `${safe.slice(0, longest)}…` : safe)}"`;
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
