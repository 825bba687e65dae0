// Finishing what a writer that died has begun.
import type { LogFiles } from "../io/log-files.ts";
import { emptyChain, type ChainEnd } from "./chain.ts";
import { pendingFolder } from "./layout.ts";
import { pendingPath, readHead } from "./read.ts";
import type { ChainFile } from "./verify-chain.ts";
import { lastClaim, scanSession, scanSessions } from "./walk.ts";

/** How many sessions go into the chain together: their texts are held in memory, and other writers wait. */
export const sessionsAtOnce = 64;

/**
 * Finishes or clears away what a writer that died left aside, and finds the end of the chain. Under the lock.
 * Where there are sessions and no head, somebody has taken it, and maybe the last sessions along, since no writer that dies leaves it so:
 * the next session says it for good. Where the head names a file that is neither in its place nor aside, the chain goes on behind it: `verify` keeps saying that it is lost.
 */
export async function settle(files: LogFiles): Promise<ChainEnd> {
  const head = await readHead(files);
  const aside = (await files.list(pendingFolder)).filter(({ kind }) => kind === "file").map(({ name }) => `${pendingFolder}/${name}`);
  const unmoved = head === null || aside.length === 0 ? [] : await unmovedFiles(files, head);
  const wanted = new Set(unmoved.map(pendingPath));
  for (const path of aside) if (!wanted.has(path)) await files.remove(path);
  // From the oldest, as a writer moves them.
  for (const file of unmoved.toReversed()) {
    await files.ensureFolder(file.slice(0, file.lastIndexOf("/")));
    await files.rename(pendingPath(file), file);
  }
  if (head !== null) return head;
  const last = lastClaim((await scanSessions(files)).scanned);
  return last === null ? emptyChain : { ...last, headWasLost: true };
}

/** The files of the chain's last sessions that are still aside, newest first. */
async function unmovedFiles(files: LogFiles, head: ChainEnd): Promise<readonly string[]> {
  const unmoved: string[] = [];
  let at: ChainEnd | null = head;
  // No writer leaves more aside, and the whole chain may be long.
  for (let step = 0; step < sessionsAtOnce && at !== null && at.number > 0; step += 1) {
    const { file, sha256 }: ChainEnd = at;
    const inPlace: ChainFile | null = await scanSession(files, file);
    const found: ChainFile | null = inPlace ?? (await scanSession(files, pendingPath(file)));
    if (found?.sha256 !== sha256) break;
    if (inPlace === null) unmoved.push(file);
    at = found.link;
  }
  return unmoved;
}
