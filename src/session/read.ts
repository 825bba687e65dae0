// Reading the session log. Nothing here writes, so that it works on a checkout that belongs to someone else.
import type { Diagnostic } from "../model/diagnostic.ts";
import { messageOf } from "../model/error-message.ts";
import type { Session, SessionKind, SessionStatus } from "../model/session.ts";
import type { LogFiles } from "../io/log-files.ts";
import { maximumSessionBytes } from "./bound.ts";
import { parseHead, type ChainEnd } from "./chain.ts";
import { dayFolder, headPath, isSid, pendingFolder, requireSid, sessionPath, sidOfFileName } from "./layout.ts";
import { verifyChain, type ChainFile, type ChainProblem } from "./verify-chain.ts";
import { dayFolders, scanSession, scanSessions, sessionFilesOf } from "./walk.ts";
import { parseSession } from "./session-file.ts";

export type SessionFilter = {
  readonly resource?: string;
  /** The label or the PostgreSQL name of the role. */
  readonly role?: string;
  readonly kind?: SessionKind;
  readonly status?: SessionStatus;
  /** RFC 3339 instants in UTC, both inclusive, held against `started_at`. */
  readonly since?: string;
  readonly until?: string;
  /** At most so many, the newest. */
  readonly limit?: number;
};

export type SessionList = {
  /** Newest first. */
  readonly sessions: readonly Session[];
  /** Files that could not be read; they do not stand in the way of the others. */
  readonly diagnostics: readonly Diagnostic[];
};

export type Verification = {
  readonly problems: readonly ChainProblem[];
  /** Sessions that are exactly what the chain says. */
  readonly sound: number;
};

export type FoundSession = { readonly session: Session; readonly file: string };

export type SessionReader = {
  /**
   * @returns the session and its file, problems where its file cannot be read, or `null` where there is none.
   * @throws where `sid` is no UUID.
   */
  find(sid: string): Promise<FoundSession | { readonly diagnostics: readonly Diagnostic[] } | null>;
  /**
   * The session that the log has in the place where this one belongs, for whoever was given a copy of it; otherwise as {@link find}.
   * @throws where `sid` is no UUID or `started_at` no instant.
   */
  original(copy: { readonly sid: string; readonly started_at: string }): ReturnType<SessionReader["find"]>;
  /** The ids that begin with a text, newest day first. */
  startingWith(prefix: string): Promise<readonly string[]>;
  list(filter: SessionFilter): Promise<SessionList>;
  /** Holds every file against the chain. */
  verify(): Promise<Verification>;
};

/** Escapes and a hand-made file may be larger than what is written; this is what is still read. */
const readableBytes = 4 * maximumSessionBytes;

/** Opens the log for reading only. */
export function readSessionLog(files: LogFiles): SessionReader {
  return {
    async find(sid) {
      const file = await locateSession(files, sid);
      return file === null ? null : foundSession(files, file);
    },
    async original(copy) {
      const file = sessionPath(copy);
      return (await scanSession(files, file)) === null ? null : foundSession(files, file);
    },
    startingWith: (prefix) => sidsStartingWith(files, prefix),
    list: (filter) => listSessions(files, filter),
    verify: () => verifyLog(files),
  };
}

async function foundSession(files: LogFiles, file: string): Promise<FoundSession | { readonly diagnostics: readonly Diagnostic[] }> {
  const reading = await readSession(files, file);
  return "diagnostics" in reading ? reading : { session: reading.value, file };
}

/** The path of a session's file. Its sid does not tell the day, so the newest days are asked first. */
export async function locateSession(files: LogFiles, sid: string): Promise<string | null> {
  const name = `${requireSid(sid)}.yaml`;
  for await (const day of dayFolders(files)) {
    const path = `${day}/${name}`;
    if ((await sessionFilesOf(files, day)).includes(path)) return path;
  }
  return null;
}

async function sidsStartingWith(files: LogFiles, prefix: string): Promise<readonly string[]> {
  const whole = isSid(prefix) ? await locateSession(files, prefix) : undefined;
  if (whole !== undefined) return whole === null ? [] : [prefix];
  const sids = new Set<string>();
  for await (const day of dayFolders(files)) {
    for (const path of await sessionFilesOf(files, day)) {
      const sid = sidOfFileName(path.slice(day.length + 1));
      if (sid?.startsWith(prefix) === true) sids.add(sid);
    }
  }
  return [...sids];
}

async function readSession(files: LogFiles, file: string): Promise<ReturnType<typeof parseSession>> {
  const problem = (message: string): Diagnostic => ({
    severity: "error",
    code: "unreadable-session",
    message,
    at: { file, line: 1, column: 1 },
  });
  try {
    const text = await files.read(file, readableBytes);
    return text === null ? { diagnostics: [problem("the session has been removed meanwhile")] } : parseSession(text, file);
  } catch (error) {
    return { diagnostics: [problem(`the session cannot be read: ${messageOf(error)}`)] };
  }
}

async function listSessions(files: LogFiles, filter: SessionFilter): Promise<SessionList> {
  const limit = filter.limit ?? Number.POSITIVE_INFINITY;
  const sessions: Session[] = [];
  const diagnostics: Diagnostic[] = [];
  const days = {
    ...(filter.since === undefined ? {} : { since: dayFolder(filter.since) }),
    ...(filter.until === undefined ? {} : { until: dayFolder(filter.until) }),
  };
  for await (const day of dayFolders(files, days)) {
    if (sessions.length >= limit) break;
    const ofDay: Session[] = [];
    for (const file of await sessionFilesOf(files, day)) {
      const reading = await readSession(files, file);
      if ("diagnostics" in reading) diagnostics.push(...reading.diagnostics);
      else if (matches(reading.value, filter)) ofDay.push(reading.value);
    }
    sessions.push(...ofDay.toSorted(newestFirst));
  }
  return { sessions: sessions.slice(0, limit), diagnostics };
}

function matches(session: Session, filter: SessionFilter): boolean {
  const started = Date.parse(session.started_at);
  return (
    (filter.resource === undefined || session.resource_name === filter.resource) &&
    (filter.role === undefined || session.label === filter.role || session.config.role_name === filter.role) &&
    (filter.kind === undefined || session.kind === filter.kind) &&
    (filter.status === undefined || session.status === filter.status) &&
    (filter.since === undefined || started >= Date.parse(filter.since)) &&
    (filter.until === undefined || started <= Date.parse(filter.until))
  );
}

function newestFirst(a: Session, b: Session): number {
  return Date.parse(b.started_at) - Date.parse(a.started_at) || (a.sid < b.sid ? 1 : -1);
}

async function verifyLog(files: LogFiles): Promise<Verification> {
  const { scanned, problems } = await scanSessions(files);
  // The head is read after the files, and so names at least every file that was seen: others may write meanwhile.
  const head = await readHead(files);
  const newer = head === null ? null : await scanNewer(files, head, scanned).then(() => null, messageOf);
  const unread: readonly ChainProblem[] = newer === null ? [] : [{ kind: "unreadable", file: head?.file ?? "", message: newer }];
  const chain = verifyChain({ head, files: scanned });
  return { problems: [...problems, ...unread, ...chain.problems], sound: chain.sound };
}

/** `null` where the head file is missing or is no head file. */
export async function readHead(files: LogFiles): Promise<ChainEnd | null> {
  const text = await files.read(headPath, 4_096);
  return text === null ? null : parseHead(text);
}

/** Adds what was written after the scan, down to the first file that was seen. */
async function scanNewer(files: LogFiles, head: ChainEnd, scanned: Map<string, ChainFile>): Promise<void> {
  let at: ChainEnd | null = head;
  while (at !== null && at.number > 0 && !scanned.has(at.file)) {
    const file: ChainFile | null = (await scanPending(files, at)) ?? (await scanSession(files, at.file));
    if (file === null) return;
    scanned.set(at.file, file);
    at = file.link;
  }
}

/** A file that the head names already and that is still on its way: the next writer finishes the move. */
async function scanPending(files: LogFiles, end: ChainEnd): Promise<ChainFile | null> {
  const file = await scanSession(files, pendingPath(end.file));
  return file?.sha256 === end.sha256 ? file : null;
}

/** Where a session file waits before it is moved to its place. */
export function pendingPath(sessionFile: string): string {
  return `${pendingFolder}/${sessionFile.slice(sessionFile.lastIndexOf("/") + 1)}`;
}
