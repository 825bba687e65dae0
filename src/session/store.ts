// Writing the session log. Sessions go into the chain in three steps, so that a crash between any two is finished by the next
// writer and nothing is lost: their files are written aside; the head names the last of them; they are moved to their places.
import { createHash } from "node:crypto";
import type { LogFiles } from "../io/log-files.ts";
import type { Session } from "../model/session.ts";
import { boundToFit } from "./bound.ts";
import { addLink, formatHead, previousOf, type ChainEnd } from "./chain.ts";
import { findDeadJournals, journalPath, writeJournal } from "./journal.ts";
import { dayFolder, headPath, pendingFolder, sessionPath } from "./layout.ts";
import { withLock } from "./lock.ts";
import type { Witness } from "./owner.ts";
import { locateSession, pendingPath, readSessionLog, type SessionReader } from "./read.ts";
import { mapSessionTexts } from "./session-texts.ts";
import { sessionsAtOnce, settle } from "./settle.ts";
import { scanSession } from "./walk.ts";
import { formatSession } from "./session-file.ts";

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
  /** The same for many, in their order: the disk is flushed once for a number of them. */
  appendAll(sessions: readonly Session[]): Promise<readonly string[]>;
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
    async appendAll(sessions) {
      for (const session of sessions) sessionPath(session);
      const paths: string[] = [];
      for (let start = 0; start < sessions.length; start += sessionsAtOnce) {
        const some = sessions.slice(start, start + sessionsAtOnce);
        paths.push(...(await exclusively(() => appendAllToChain(input, some))));
      }
      return paths;
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
  await appendAllToChain(input, [session]);
  return sessionPath(session);
}

/** Under the lock. At most {@link sessionsAtOnce}. */
async function appendAllToChain(input: SessionLogInput, sessions: readonly Session[]): Promise<readonly string[]> {
  const { files } = input;
  const previous = await settle(files);
  await refuseKnown(files, sessions);
  const links = linkAll(input, sessions, previous);
  const last = links.at(-1);
  if (last === undefined) return [];
  await files.ensureFolder(pendingFolder);
  for (const folder of new Set(sessions.map((session) => dayFolder(session.started_at)))) await files.ensureFolder(folder);
  await Promise.all(links.map(({ end, text }) => files.write(pendingPath(end.file), text)));
  const pendingHead = `${pendingFolder}/${headPath}`;
  await files.write(pendingHead, formatHead(last.end));
  await files.rename(pendingHead, headPath);
  // From the oldest: who verifies meanwhile walks back from the head over what is still aside.
  await files.renameAll(links.map(({ end: { file } }) => ({ from: pendingPath(file), to: file })));
  for (const { sid } of sessions) await files.remove(journalPath(sid));
  return links.map(({ end }) => end.file);
}

async function refuseKnown(files: LogFiles, sessions: readonly Session[]): Promise<void> {
  const seen = new Set<string>();
  for (const session of sessions) {
    const path = sessionPath(session);
    if (seen.has(path) || (await scanSession(files, path)) !== null)
      throw new Error(`the session ${session.sid} is recorded already, in ${path}; a session is written once`);
    seen.add(path);
  }
}

type Link = { readonly end: ChainEnd; readonly text: string };

/** The texts of the sessions, each naming the one before it. */
function linkAll(input: SessionLogInput, sessions: readonly Session[], first: ChainEnd): readonly Link[] {
  let previous = first;
  return sessions.map((session): Link => {
    const text = addLink(sessionText(input, { ...session, previous: previousOf(previous) }), previous);
    const sha256 = createHash("sha256").update(text).digest("hex");
    previous = { number: previous.number + 1, file: sessionPath(session), sha256 };
    return { end: previous, text };
  });
}

function sessionText(input: SessionLogInput, session: Session): string {
  const masked = mapSessionTexts(session, (text) => input.redact(text).toWellFormed());
  return boundToFit(masked, formatSession).text;
}
