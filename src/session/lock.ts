// One writer at a time, across processes. Each announces itself by a file of its own name, then looks for others: of two that
// announce at once, the later sees the earlier and steps back. A dead owner's file is removed by name, so that
// two that find it dead can never remove a living one's, as they could with one shared lock file.
import { createHash } from "node:crypto";
import type { LogFiles } from "../io/log-files.ts";
import { lockFolder } from "./layout.ts";
import { formatOwner, isOwnerAlive, parseOwner, type Owner, type Witness } from "./owner.ts";

/** Another process holds the log for longer than any write takes. */
export class SessionLogLockedError extends Error {
  override readonly name = "SessionLogLockedError";
}

export type LockOptions = {
  readonly files: LogFiles;
  readonly witness: Witness;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly timeoutMs: number;
};

/** No write holds the lock for anything near this long: a lock of another machine that is older was left behind. */
const foreignPatienceMs = 10 * 60_000;

/**
 * Runs `work` while no other process writes.
 * @throws SessionLogLockedError after `timeoutMs`, naming the holder.
 */
export async function withLock<Result>(options: LockOptions, work: () => Promise<Result>): Promise<Result> {
  const own = `${lockFolder}/${formatOwner(options.witness.self)}`;
  await options.files.ensureFolder(lockFolder);
  await acquire(options, own);
  try {
    return await work();
  } finally {
    await options.files.remove(own);
  }
}

async function acquire(options: LockOptions, own: string): Promise<void> {
  const deadline = options.witness.now().getTime() + options.timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    let holder = await otherHolder(options);
    if (holder === null) {
      if (await options.files.create(own)) {
        holder = await otherHolder(options).catch(async (error: unknown) => {
          await options.files.remove(own);
          throw error;
        });
        if (holder === null) return;
        await options.files.remove(own);
      } else holder = options.witness.self;
    }
    if (options.witness.now().getTime() > deadline) throw lockedError(holder);
    await options.pause(backoff(options.witness.self, attempt));
  }
}

/** The living owner of another lock, if any. Clears dead owners' locks away. */
async function otherHolder(options: LockOptions): Promise<Owner | null> {
  const { files, witness } = options;
  for (const { name } of await files.list(lockFolder)) {
    const owner = parseOwner(name);
    if (owner === null || name === formatOwner(witness.self)) continue;
    const path = `${lockFolder}/${name}`;
    const lastSeen = await files.modifiedAt(path);
    if (lastSeen === null) continue;
    if (isOwnerAlive({ owner, lastSeen, patienceMs: foreignPatienceMs, witness })) return owner;
    await files.remove(path);
  }
  return null;
}

function lockedError(holder: Owner): SessionLogLockedError {
  return new SessionLogLockedError(
    `the session log is held by process ${holder.pid} on ${holder.host}; if that process is gone, remove ${lockFolder}/${formatOwner(holder)} from the log's folder`,
  );
}

/** 2 to 30 ms, different for each process and attempt, so that two that met do not meet again. */
function backoff(self: Owner, attempt: number): number {
  const seed = createHash("sha256")
    .update(`${formatOwner(self)} ${attempt}`)
    .digest()
    .readUInt32BE(0);
  return 2 + (seed % Math.min(28, 8 + attempt));
}
