// The connection that batches run on, one after the other. It is asked for anew each time, since a transaction may lose it.
import type { Connection } from "../io/postgres.ts";

export type BatchSession = {
  /** @throws whatever the attempt to connect ended with; again at once from then on, so that nobody waits twice for a server that is away. */
  readonly connection: () => Promise<Connection>;
  /** Ends a connection that was lost, which gives its place to the next one. */
  readonly discard: () => Promise<void>;
};

/** The lock belongs to its connection: another one in its place would hold nothing. */
export function lockSession(lock: Connection): BatchSession {
  return { connection: () => Promise.resolve(lock), discard: () => Promise.resolve() };
}

/** One connection for all the transactions of a database, opened for the first of them, and another one after it was lost. */
export class DatabaseSession implements BatchSession, AsyncDisposable {
  readonly #open: () => Promise<Connection>;
  #opening: Promise<Connection> | undefined;

  constructor(open: () => Promise<Connection>) {
    this.#open = open;
  }

  connection(): Promise<Connection> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async discard(): Promise<void> {
    const lost = await this.#opening?.catch(() => undefined);
    if (lost === undefined) return; // An attempt that failed is remembered.
    this.#opening = undefined;
    await lost.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}
