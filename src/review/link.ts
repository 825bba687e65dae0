// Links: to files of the access repository, to commits, to runs. An address that is not plainly http(s) becomes plain text.
import type { SourceLocation } from "../model/diagnostic.ts";
import { code } from "./markdown.ts";

export type Link = { readonly label: string; readonly url: string };

/** Where the host of the access repository shows things; "" where nothing is to be linked. */
export type Places = {
  /** Before a path: `https://github.com/acme/access/blob/<head>`. */
  readonly files: string;
  /** Before a commit: `https://github.com/acme/access/commit`. */
  readonly commits: string;
};

const maximumUrl = 500;

/** The address as it may stand in a link, or `null`: not http(s), with a user in it, or longer than an address should be. */
export function safeUrl(url: string): string | null {
  if (url === "" || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (!["http:", "https:"].includes(parsed.protocol) || parsed.username !== "" || parsed.password !== "") return null;
  // What Markdown, a table or an attribute could take for its own.
  const address = parsed.href.replace(/[^A-Za-z0-9\-._~:/?#@!&+,;=%]/gu, encodeCharacter);
  return address.length > maximumUrl ? null : address;
}

/** `[…](url)` around text that is markup already; the text alone where the address will not do. */
export function link(markup: string, url: string): string {
  const address = safeUrl(url);
  return address === null ? markup : `[${markup}](${address})`;
}

/** A link whose words may come from anywhere. */
export function namedLink({ label, url }: Link): string {
  return link(code(label, 60), url);
}

/** `roles.yaml:14`, linked to the line. */
export function fileLink(at: SourceLocation, places: Places): string {
  const text = code(`${at.file}:${at.line}`, 200);
  const segments = at.file.split("/");
  if (places.files === "" || segments.some((segment) => ["", ".", ".."].includes(segment))) return text;
  const path = segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join("/");
  return link(text, `${places.files}/${path}#L${at.line}`);
}

/** The first seven digits, linked. */
export function commitLink(commit: string, places: Places): string {
  const text = code(commit.slice(0, 7));
  return places.commits === "" || !/^[0-9a-f]{7,64}$/u.test(commit) ? text : link(text, `${places.commits}/${commit}`);
}

function encodeCharacter(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
