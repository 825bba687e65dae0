// The journal of a running apply: its session as far as it has come, so that an apply that dies leaves a record (F73).
import type { LogFiles } from "../io/log-files.ts";
import type { Session } from "../model/session.ts";
import { runningFolder, sidOfFileName } from "./layout.ts";
import { formatOwner, isOwnerAlive, parseOwner, type Owner, type Witness } from "./owner.ts";
import { parseSession } from "./session-file.ts";

/** What the session of a dead process says. */
export const interruptedMessage = "interrupted: the process that ran this apply died; plan again, and apply that";

/** No apply runs for longer: a journal of another machine that was silent for this long has been left behind. */
const foreignPatienceMs = 24 * 3_600_000;

/** A temporary file of a journal is renamed within moments. */
const temporaryPatienceMs = 3_600_000;

const maximumJournalBytes = 32 * 1_048_576;

const headerPattern = /^# running: (\S+), last seen (\S+)\n/u;

/** Writes the journal of `session`, whole. `text` is the session's text. */
export async function writeJournal(input: {
  readonly files: LogFiles;
  readonly witness: Witness;
  readonly sid: string;
  readonly text: string;
}): Promise<void> {
  const { files, witness, sid } = input;
  const temporary = `${runningFolder}/${sid}.tmp`;
  await files.ensureFolder(runningFolder);
  await files.write(temporary, `# running: ${formatOwner(witness.self)}, last seen ${witness.now().toISOString()}\n${input.text}`);
  await files.rename(temporary, journalPath(sid));
}

export function journalPath(sid: string): string {
  return `${runningFolder}/${sid}.yaml`;
}

export type DeadJournal = { readonly path: string; readonly session: Session };

export type JournalScan = {
  /** Sessions of processes that are gone, as they are to be recorded, oldest first. */
  readonly dead: readonly DeadJournal[];
  /** Files that cannot be read; they stay where they are. */
  readonly unreadable: readonly string[];
};

/** Looks for journals whose process is gone, and clears their temporary files away. */
export async function findDeadJournals(files: LogFiles, witness: Witness): Promise<JournalScan> {
  const dead: DeadJournal[] = [];
  const unreadable: string[] = [];
  for (const { name } of await files.list(runningFolder)) {
    const path = `${runningFolder}/${name}`;
    const sid = sidOfFileName(name);
    if (sid === null) await removeOldTemporary(files, witness, path);
    else {
      const journal = await readJournal(files, path, sid);
      if (journal === "unreadable") unreadable.push(path);
      else if (journal !== null && !isOwnerAlive({ ...journal, patienceMs: foreignPatienceMs, witness }))
        dead.push({ path, session: interrupted(journal) });
    }
  }
  return { dead: dead.toSorted((a, b) => (a.session.started_at < b.session.started_at ? -1 : 1)), unreadable };
}

type Journal = { readonly owner: Owner; readonly lastSeen: number; readonly session: Session };

async function readJournal(files: LogFiles, path: string, sid: string): Promise<Journal | "unreadable" | null> {
  const text = await files.read(path, maximumJournalBytes).catch(() => "");
  if (text === null) return null;
  const [, word, instant] = headerPattern.exec(text) ?? [];
  const owner = parseOwner(word ?? "");
  const lastSeen = Date.parse(instant ?? "");
  const reading = parseSession(text, path);
  if (owner === null || Number.isNaN(lastSeen) || "diagnostics" in reading || reading.value.sid !== sid) return "unreadable";
  return { owner, lastSeen, session: reading.value };
}

/** Its databases stay as the journal says: what was begun and not reported is `in-doubt` there already. */
function interrupted({ session, lastSeen }: Journal): Session {
  return { ...session, status: "failed", message: interruptedMessage, ended_at: new Date(lastSeen).toISOString() };
}

async function removeOldTemporary(files: LogFiles, witness: Witness, path: string): Promise<void> {
  const modifiedAt = await files.modifiedAt(path);
  if (modifiedAt !== null && witness.now().getTime() - modifiedAt > temporaryPatienceMs) await files.remove(path);
}
