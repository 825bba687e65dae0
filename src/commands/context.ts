// What every command gets from the entry point, and what it gives back. Commands take time, chance and environment only from here.
import type { Output } from "../io/terminal.ts";

/** 0 done, 1 error, 2 changes pending (asked for by flag), 3 refused as stale, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

export type CommandContext = {
  /** Absolute path of the access repository. */
  readonly repositoryDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  /** Aborted by the first Ctrl-C: cancel what runs, roll back, write the session, return 130. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly randomUuid: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** The command prints one document with `output.json` and nothing by `output.line`. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** `--sessions`, absolute; without it the settings decide. */
  readonly sessionsDirectory?: string;
  /** `--concurrency`: connections in all; without it the settings decide. */
  readonly concurrency?: number;
  readonly toolVersion: string;
  /** How to call rolewright again with the same repository and sessions, for next steps: `["rolewright", "-C", "access"]`. */
  readonly invocation: readonly string[];
  /** From now on this text is masked in everything that is written. Call it before a secret is used. */
  readonly addSecret: (secret: string) => void;
  /** Masks every secret known so far. */
  readonly redact: (text: string) => string;
};

/** The command line itself is wrong: exit code 1, with a hint and without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
