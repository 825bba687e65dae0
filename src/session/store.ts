// Writing the session log. A session goes into the chain in three steps, so that a crash between any two is finished by the
// next writer and nothing is lost: its file is written aside; the head names it; it is moved to its place.
import { createHash } from "node:crypto";
import type { LogFiles } from "../io/log-files.ts";
import type { Session } from "../model/session.ts";
import { formatBounded } from "./bound.ts";
import { addLink, emptyChain, formatHead, previousOf, type ChainEnd } from "./chain.ts";
import { findDeadJournals, journalPath, writeJournal } from "./journal.ts";
import { dayFolder, headPath, pendingFolder, sessionPath } from "./layout.ts";
import { withLock } from "./lock.ts";
import type { Witness } from "./owner.ts";
import { locateSession, pendingPath, readHead, readSessionLog, type SessionReader } from "./read.ts";
import { mapSessionTexts } from "./session-texts.ts";
import { lastClaim, scanSession, scanSessions } from "./walk.ts";
import { formatSession } from "./yaml.ts";

export type SessionLogInput = {
  readonly files: LogFiles;
  readonly witness: Witness;
  /** Every text passes it before it is written, and before it is cut. */
  readonly redact: (text: string) => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** How long to wait for another writer; a minute unless said. */
  readonly lockTimeoutMs?: number;
};

export type SessionLog = SessionReader & {
  /**
   * Puts a session at the end of the chain and removes its journal.
   * @returns its file, relative to the log's folder.
   * @throws where the sid is recorded already or is no UUID, or the folder cannot be written.
   */
  append(session: Session): Promise<string>;
  /** Writes the journal of an apply that starts, or writes it again with what has happened since. `append` removes it. */
  begin(session: Session): Promise<void>;
  /** What opening the log found of processes that died. */
  readonly recovered: Recovery;
};

export type Recovery = {
  /** Files of the sessions that were added for them. */
  readonly interrupted: readonly string[];
  /** Journals that cannot be read. */
  readonly unreadable: readonly string[];
};

const defaultLockTimeoutMs = 60_000;

/** Opens the log for writing, and first records the applies of processes that died. The folder need not exist. */
export async function openSessionLog(input: SessionLogInput): Promise<SessionLog> {
  const { files, witness } = input;
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const lock = { files, witness, pause: input.pause, timeoutMs: input.lockTimeoutMs ?? defaultLockTimeoutMs };
    const run = last.then(() => withLock(lock, work));
    last = run.catch(() => undefined);
    return run;
  };
  const recovered = await recover(input, exclusively);
  return {
    ...readSessionLog(files),
    recovered,
    async append(session) {
      sessionPath(session);
      return exclusively(() => appendToChain(input, session));
    },
    async begin(session) {
      sessionPath(session);
      await writeJournal({ files, witness, sid: session.sid, text: sessionText(input, session) });
    },
  };
}

async function recover(input: SessionLogInput, exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>): Promise<Recovery> {
  const { files, witness } = input;
  const { dead, unreadable } = await findDeadJournals(files, witness);
  const hasPending = (await files.list(pendingFolder)).length > 0;
  if (dead.length === 0 && !hasPending) return { interrupted: [], unreadable };
  return exclusively(async () => {
    await settle(files);
    const interrupted: string[] = [];
    // Once more under the lock: another process may have recorded them meanwhile.
    for (const { path, session } of (await findDeadJournals(files, witness)).dead) {
      if ((await locateSession(files, session.sid)) === null) interrupted.push(await appendToChain(input, session));
      else await files.remove(path);
    }
    return { interrupted, unreadable };
  });
}

/** Under the lock. */
async function appendToChain(input: SessionLogInput, session: Session): Promise<string> {
  const { files } = input;
  const path = sessionPath(session);
  const previous = await settle(files);
  if ((await scanSession(files, path)) !== null)
    throw new Error(`the session ${session.sid} is recorded already, in ${path}; a session is written once`);
  const text = addLink(sessionText(input, { ...session, previous: previousOf(previous) }), previous);
  const end: ChainEnd = { number: previous.number + 1, file: path, sha256: createHash("sha256").update(text).digest("hex") };
  await files.ensureFolder(pendingFolder);
  await files.ensureFolder(dayFolder(session.started_at));
  await files.write(pendingPath(path), text);
  const pendingHead = `${pendingFolder}/${headPath}`;
  await files.write(pendingHead, formatHead(end));
  await files.rename(pendingHead, headPath);
  await files.rename(pendingPath(path), path);
  await files.remove(journalPath(session.sid));
  return path;
}

function sessionText(input: SessionLogInput, session: Session): string {
  const masked = mapSessionTexts(session, (text) => input.redact(text).toWellFormed());
  return formatBounded(masked, formatSession);
}

/**
 * Finishes or clears away what a writer that died left aside, and finds the end of the chain. Under the lock.
 * Where the head names a file that is neither in its place nor aside, the chain goes on behind it: `verify` keeps saying that it is lost.
 */
async function settle(files: LogFiles): Promise<ChainEnd> {
  const head = await readHead(files);
  for (const { name, kind } of await files.list(pendingFolder)) {
    if (kind !== "file") continue;
    const path = `${pendingFolder}/${name}`;
    if (head !== null && path === pendingPath(head.file) && (await isMissingFrom(files, head, path))) await files.rename(path, head.file);
    else await files.remove(path);
  }
  return head ?? lastClaim((await scanSessions(files)).scanned) ?? emptyChain;
}

async function isMissingFrom(files: LogFiles, head: ChainEnd, pending: string): Promise<boolean> {
  const aside = await scanSession(files, pending);
  if (aside?.sha256 !== head.sha256 || (await scanSession(files, head.file)) !== null) return false;
  await files.ensureFolder(head.file.slice(0, head.file.lastIndexOf("/")));
  return true;
}
