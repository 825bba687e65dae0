// Who writes: locks and journals carry it, so that what a dead process left can be told from what a living one holds.

export type Owner = {
  readonly pid: number;
  readonly host: string;
  /** Random, one per process: tells this process from an older one with the same pid, as containers have. */
  readonly token: string;
};

/** The clock and the view of other processes that judging an owner takes. */
export type Witness = {
  readonly self: Owner;
  readonly now: () => Date;
  /** Of this machine only. */
  readonly isProcessAlive: (pid: number) => boolean;
};

const ownerPattern = /^(\d{1,10})\.([0-9A-Za-z]+)\.([0-9A-Za-z_-]*)$/u;

/** One word, fit for a file name; {@link parseOwner} reads it. */
export function formatOwner(owner: Owner): string {
  return `${owner.pid}.${owner.token.replace(/[^0-9A-Za-z]/gu, "") || "0"}.${hostWord(owner.host)}`;
}

/** `null` for any other word. */
export function parseOwner(word: string): Owner | null {
  const [, pid, token, host] = ownerPattern.exec(word) ?? [];
  return pid === undefined || token === undefined || host === undefined ? null : { pid: Number(pid), token, host };
}

/**
 * Whether what an owner left is still in use.
 * @param input.owner as parsed.
 * @param input.lastSeen milliseconds since 1970 of its last sign of life.
 * @param input.patienceMs how long the owner may be silent where it cannot be asked, because it is on another machine.
 */
export function isOwnerAlive(input: {
  readonly owner: Owner;
  readonly lastSeen: number;
  readonly patienceMs: number;
  readonly witness: Witness;
}): boolean {
  const { owner, witness } = input;
  if (owner.host !== hostWord(witness.self.host)) return witness.now().getTime() - input.lastSeen < input.patienceMs;
  if (owner.pid === witness.self.pid) return formatOwner(owner) === formatOwner(witness.self);
  return witness.isProcessAlive(owner.pid);
}

function hostWord(host: string): string {
  return host.replace(/[^0-9A-Za-z-]/gu, "_").slice(0, 64);
}
