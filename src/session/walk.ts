// Walks the folders of the session log, newest day first, and only those of the days that are asked for.
import { messageOf } from "../model/error-message.ts";
import type { LogFiles } from "../io/log-files.ts";
import { linkTailBytes, readLink, type ChainEnd } from "./chain.ts";
import { sidOfFileName } from "./layout.ts";
import type { ChainFile, ChainProblem } from "./verify-chain.ts";

/** Enough to keep the disk busy; each has one buffer of at most 64 kB. */
const scansAtOnce = 32;

/** Day folders as `2026/11/21`; both ends belong to it. */
export type Days = { readonly since?: string; readonly until?: string };

/** The day folders within `days`, newest first. A link in the place of a folder is not one. */
export async function* dayFolders(files: LogFiles, days: Days = {}): AsyncGenerator<string> {
  const within = (prefix: string): boolean =>
    (days.since === undefined || prefix >= days.since.slice(0, prefix.length)) &&
    (days.until === undefined || prefix <= days.until.slice(0, prefix.length));
  for (const year of await folders(files, "", /^\d{4}$/u)) {
    if (!within(year)) continue;
    for (const month of await folders(files, year, /^(?:0[1-9]|1[0-2])$/u)) {
      if (!within(month)) continue;
      for (const day of await folders(files, month, /^(?:0[1-9]|[12]\d|3[01])$/u)) if (within(day)) yield day;
    }
  }
}

async function folders(files: LogFiles, parent: string, pattern: RegExp): Promise<readonly string[]> {
  const entries = await files.list(parent);
  return entries
    .filter(({ name, kind }) => kind === "folder" && pattern.test(name))
    .map(({ name }) => (parent === "" ? name : `${parent}/${name}`))
    .toSorted()
    .toReversed();
}

/** The session files of a day, by path; other files are left out. */
export async function sessionFilesOf(files: LogFiles, day: string): Promise<readonly string[]> {
  const entries = await files.list(day);
  return entries.filter(({ name, kind }) => kind === "file" && sidOfFileName(name) !== null).map(({ name }) => `${day}/${name}`);
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
  for await (const day of dayFolders(files)) {
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
  const years = await folders(files, "", /^\d{4}$/u);
  const months = (await Promise.all(years.map((year) => folders(files, year, /^\d\d$/u)))).flat();
  for (const parent of ["", ...years, ...months]) {
    for (const { name, kind } of await files.list(parent)) {
      if (kind !== "link") continue;
      problems.push({
        kind: "unreadable",
        file: parent === "" ? name : `${parent}/${name}`,
        message: "it is a symbolic link, which is not followed",
      });
    }
  }
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
