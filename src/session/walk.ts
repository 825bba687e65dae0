// Walks the folders of the session log, newest day first, and only those of the days that are asked for.
import type { FolderEntry } from "../io/files.ts";
import { messageOf } from "../model/error-message.ts";
import type { LogFiles } from "../io/log-files.ts";
import { linkTailBytes, readLink, type ChainEnd } from "./chain.ts";
import { sidOfFileName } from "./layout.ts";
import type { ChainFile, ChainProblem } from "./verify-chain.ts";

/** Enough to keep the disk busy; each has one buffer of at most 64 kB. */
const scansAtOnce = 32;

/** Day folders as `2026/11/21`; both ends belong to it. */
export type Days = { readonly since?: string; readonly until?: string };

/**
 * The day folders within `days`, newest first.
 * @throws where a symbolic link stands in the place of a folder: all that is behind it would be missing.
 */
export async function* dayFolders(files: LogFiles, days: Days = {}): AsyncGenerator<string> {
  yield* walkDays(files, days, (path) => {
    throw new Error(`${path} in the session log is a symbolic link, which is not followed: replace it by a folder`);
  });
}

async function* walkDays(files: LogFiles, days: Days, onLink: (path: string) => void): AsyncGenerator<string> {
  const within = (prefix: string): boolean =>
    (days.since === undefined || prefix >= days.since.slice(0, prefix.length)) &&
    (days.until === undefined || prefix <= days.until.slice(0, prefix.length));
  const foldersIn = async (parent: string, pattern: RegExp): Promise<readonly string[]> => {
    const entries = (await entriesOf(files, parent, pattern)).filter(({ path }) => within(path));
    for (const { kind, path } of entries) if (kind === "link") onLink(path);
    return foldersAmong(entries);
  };
  for (const year of await foldersIn("", /^\d{4}$/u)) {
    for (const month of await foldersIn(year, /^(?:0[1-9]|1[0-2])$/u)) yield* await foldersIn(month, /^(?:0[1-9]|[12]\d|3[01])$/u);
  }
}

type Entry = { readonly path: string; readonly kind: FolderEntry["kind"] };

async function entriesOf(files: LogFiles, parent: string, pattern: RegExp): Promise<readonly Entry[]> {
  const entries = await files.list(parent);
  return entries
    .filter(({ name }) => pattern.test(name))
    .map(({ name, kind }) => ({ kind, path: parent === "" ? name : `${parent}/${name}` }));
}

/** Newest first. */
function foldersAmong(entries: readonly Entry[]): readonly string[] {
  return entries
    .filter(({ kind }) => kind === "folder")
    .map(({ path }) => path)
    .toSorted()
    .toReversed();
}

/** The session files of a day, by path; other files are left out. A link in the place of one is among them, and cannot be read. */
export async function sessionFilesOf(files: LogFiles, day: string): Promise<readonly string[]> {
  const entries = await files.list(day);
  return entries
    .filter(({ name, kind }) => (kind === "file" || kind === "link") && sidOfFileName(name) !== null)
    .map(({ name }) => `${day}/${name}`);
}

/** Hashes one session file without holding it in memory; `null` where it is missing. */
export async function scanSession(files: LogFiles, path: string): Promise<ChainFile | null> {
  const scanned = await files.scan(path, linkTailBytes);
  return scanned === null ? null : { sha256: scanned.sha256, link: readLink(scanned.tail) };
}

/**
 * Hashes every session file.
 * @returns hash and link per path, about 0.5 kB each, and what cannot be a session file.
 */
export async function scanSessions(files: LogFiles): Promise<{
  readonly scanned: Map<string, ChainFile>;
  readonly problems: readonly ChainProblem[];
}> {
  const scanned = new Map<string, ChainFile>();
  const problems: ChainProblem[] = await linksAmongFolders(files);
  for await (const day of walkDays(files, {}, () => undefined)) {
    const paths: string[] = [];
    for (const { name, kind } of await files.list(day)) {
      const path = `${day}/${name}`;
      if (kind === "link") problems.push({ kind: "unreadable", file: path, message: "it is a symbolic link, which is not followed" });
      else if (kind !== "file") problems.push({ kind: "unreadable", file: path, message: "it is not a file" });
      else if (sidOfFileName(name) === null) problems.push({ kind: "added", file: path, message: "it is not named like a session file" });
      else paths.push(path);
    }
    problems.push(...(await scanInto(scanned, files, paths)));
  }
  return { scanned, problems };
}

async function scanInto(scanned: Map<string, ChainFile>, files: LogFiles, paths: readonly string[]): Promise<readonly ChainProblem[]> {
  const problems: ChainProblem[] = [];
  const scan = async (path: string): Promise<void> => {
    try {
      const file = await scanSession(files, path);
      if (file !== null) scanned.set(path, file);
    } catch (error) {
      problems.push({ kind: "unreadable", file: path, message: messageOf(error) });
    }
  };
  for (let start = 0; start < paths.length; start += scansAtOnce) await Promise.all(paths.slice(start, start + scansAtOnce).map(scan));
  return problems;
}

/** Symbolic links where years, months and days belong would hide all that is behind them. */
async function linksAmongFolders(files: LogFiles): Promise<ChainProblem[]> {
  const problems: ChainProblem[] = [];
  const lookInto = async (parent: string): Promise<readonly Entry[]> => {
    const entries = await entriesOf(files, parent, /(?:)/u);
    for (const { path, kind } of entries)
      if (kind === "link") problems.push({ kind: "unreadable", file: path, message: "it is a symbolic link, which is not followed" });
    return entries;
  };
  const years = foldersAmong(await lookInto("")).filter((path) => /^\d{4}$/u.test(path));
  for (const year of years) for (const month of foldersAmong(await lookInto(year))) if (/\/\d\d$/u.test(month)) await lookInto(month);
  return problems;
}

/** The highest place that any file claims: the end of the chain where the head file is lost. */
export function lastClaim(scanned: ReadonlyMap<string, ChainFile>): ChainEnd | null {
  let last: ChainEnd | null = null;
  for (const [file, { sha256, link }] of scanned) {
    if (link !== null && link.number + 1 > (last?.number ?? 0)) last = { number: link.number + 1, file, sha256 };
  }
  return last;
}
