// A session log in a temporary folder, with the clock and the processes in the test's hands.
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openLogFiles, type LogFiles } from "../../../../src/io/log-files.ts";
import { isProcessAlive } from "../../../../src/io/processes.ts";
import { openSessionLog, type SessionLog, type SessionLogInput } from "../../../../src/session/store.ts";
import { sessionOf, sidOf } from "./sessions.ts";

const token = randomUUID();

/** The input of this process; parts can be replaced. */
export function inputFor(directory: string, changes: Partial<SessionLogInput> = {}): SessionLogInput {
  return {
    files: openLogFiles({ path: directory, within: null }),
    witness: { self: { pid: process.pid, host: "here", token }, now: () => new Date(), isProcessAlive },
    redact: (text) => text,
    pause: (milliseconds) => sleep(milliseconds),
    ...changes,
  };
}

export type TemporaryLog = AsyncDisposable & {
  readonly directory: string;
  readonly files: LogFiles;
  open(changes?: Partial<SessionLogInput>): Promise<SessionLog>;
  path(file: string): string;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
};

export async function temporaryLog(): Promise<TemporaryLog> {
  const directory = await mkdtemp(join(tmpdir(), "rolewright-sessions-"));
  const path = (file: string): string => join(directory, file);
  return {
    directory,
    files: openLogFiles({ path: directory, within: null }),
    open: (changes) => openSessionLog(inputFor(directory, changes)),
    path,
    read: (file) => readFile(path(file), "utf8"),
    write: (file, text) => writeFile(path(file), text),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Appends sessions 1 to `count`, two a day. Returns their files. */
export async function fill(log: SessionLog, count: number): Promise<string[]> {
  const files: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const day = String(10 + Math.floor(number / 2)).padStart(2, "0");
    files.push(await log.append(sessionOf({ sid: sidOf(number), started_at: `2026-11-${day}T10:00:0${number % 10}.000Z` })));
  }
  return files;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
