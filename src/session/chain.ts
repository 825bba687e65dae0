// The chain: each session file names the SHA-256 of the bytes of the one before it, and the head names the last.
// A comment on the same line says which file that is and how many there were, so that a break can be told precisely.
import { isSessionPath } from "./layout.ts";

/** A place in the chain. The place before the first has number 0 and no file. */
export type ChainEnd = {
  readonly number: number;
  readonly file: string;
  readonly sha256: string;
  /** No head named it when the chain went on behind it: there may have been sessions in between, which nobody knows of any more. */
  readonly headWasLost?: true;
};

export const emptyChain: ChainEnd = { number: 0, file: "", sha256: "" };

/** Enough of the end of a file to hold its link. */
export const linkTailBytes = 256;

const lostHead = " (head.yaml was lost)";

const linkPattern =
  /(?:^|\n)previous: (?:""|sha256:([0-9a-f]{64})) # (?:(the first session)|session (\d{1,15}), (\S+)( \(head\.yaml was lost\))?)\n$/u;

/** What a session's `previous` says. */
export function previousOf(end: ChainEnd): string {
  return end.number === 0 ? "" : `sha256:${end.sha256}`;
}

/** @param text of a session file without a link, whose last line is that of `previous`. */
export function addLink(text: string, previous: ChainEnd): string {
  const { number, file, headWasLost } = previous;
  const comment = number === 0 ? "the first session" : `session ${number}, ${file}${headWasLost === true ? lostHead : ""}`;
  return `${text.trimEnd()} # ${comment}\n`;
}

/**
 * A session file's text in another place of a chain: all but the link, its last line, stays as it is.
 * @throws where it ends with no link.
 */
export function relink(text: string, previous: ChainEnd): string {
  const link = readLink(text);
  if (link === null) throw new Error("the text does not end with the link of a session file");
  const body = text.slice(0, text.lastIndexOf("\nprevious: ") + 1);
  const place: ChainEnd = link.headWasLost === true ? { ...previous, headWasLost: true } : previous;
  return addLink(`${body}previous: ${previous.number === 0 ? '""' : previousOf(previous)}`, place);
}

/** Reads the link at the end of a file: the place before it; `null` where there is none. */
export function readLink(tail: string): ChainEnd | null {
  const [whole, sha256, first, number, file, lost] = linkPattern.exec(tail) ?? [];
  if (whole === undefined) return null;
  if (first !== undefined) return sha256 === undefined ? emptyChain : null;
  if (sha256 === undefined || number === undefined || file === undefined || !isSessionPath(file) || Number(number) < 1) return null;
  // Copies: a slice would keep the whole tail in memory for each of 100,000 files.
  const place = { number: Number(number), file: Buffer.from(file).toString(), sha256: Buffer.from(sha256).toString() };
  return lost === undefined ? place : { ...place, headWasLost: true };
}

const headPattern = /^(?:#.*\n)*file: (\S+)\nsha256: ([0-9a-f]{64})\ncount: (\d{1,15})\n$/u;

/** The text of the head file. */
export function formatHead(end: ChainEnd): string {
  return `# The end of the chain of sessions; \`rolewright sessions verify\` checks it.\nfile: ${end.file}\nsha256: ${end.sha256}\ncount: ${end.number}\n`;
}

/** `null` where the text is no head file. */
export function parseHead(text: string): ChainEnd | null {
  const [, file, sha256, count] = headPattern.exec(text) ?? [];
  if (file === undefined || sha256 === undefined || !isSessionPath(file) || Number(count) < 1) return null;
  return { number: Number(count), file, sha256 };
}
