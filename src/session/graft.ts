// Taking the sessions of one log into the chain of another: their files stay as they are but for the link at the end, and keep their order.
import { createHash } from "node:crypto";
import type { LogFiles } from "../io/log-files.ts";
import { maximumSessionBytes } from "./bound.ts";
import { relink, type ChainEnd } from "./chain.ts";
import { readHead } from "./read.ts";
import type { ChainFile } from "./verify-chain.ts";
import { scanSession } from "./walk.ts";

/**
 * The places of a log's chain, the oldest first; none where there is no log.
 * @throws where a file is not what the chain says: what somebody has changed is not passed on as if it were whole.
 */
export async function chainPlaces(files: LogFiles): Promise<readonly ChainEnd[]> {
  const places: ChainEnd[] = [];
  for (let at = await readHead(files); at !== null && at.number > 0;) {
    const file: ChainFile | null = await scanSession(files, at.file);
    if (file?.sha256 !== at.sha256 || file.link?.number !== at.number - 1)
      throw new Error(`the session ${at.file} of this run is not what was recorded`);
    places.push(at);
    at = file.link;
  }
  return places.toReversed();
}

export type GraftedFile = { readonly text: string; readonly end: ChainEnd };

/**
 * The files of `places` as they go on from `onto`, one after the other; `end` of the last is what the other log's head has to name.
 * One text at a time is in memory.
 */
export async function* graft(files: LogFiles, places: readonly ChainEnd[], onto: ChainEnd): AsyncGenerator<GraftedFile> {
  let previous = onto;
  for (const { file } of places) {
    const old = await files.read(file, maximumSessionBytes);
    if (old === null) throw new Error(`the session ${file} of this run has been removed`);
    const text = relink(old, previous);
    previous = { number: previous.number + 1, file, sha256: createHash("sha256").update(text).digest("hex") };
    yield { text, end: previous };
  }
}
