// What became of a transaction whose COMMIT got no answer: the server remembers.
import type { Connection } from "../io/postgres.ts";
import { QueryError } from "../model/query-error.ts";
import type { BatchResult } from "./run-batch.ts";

/** Between two looks; a server that crashed needs some seconds to come back. */
const pauses: readonly number[] = [100, 200, 400, 800, 1600, 3200, 5000];

type Inquiry = {
  /** A connection to the database of the transaction. */
  readonly open: () => Promise<Connection>;
  /** Reads the part of the transaction; throws where it is not as planned. */
  readonly prove: (connection: Connection) => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
};

/** @returns the result with what the server says; where it cannot be asked, the outcome stays in doubt. */
export async function resolveDoubt(result: BatchResult, inquiry: Inquiry): Promise<BatchResult> {
  const fate = result.transactionId === null ? null : await fateOf(result.transactionId, inquiry);
  // A server that crashed may have given the id of a lost transaction to another one: the catalog has to agree.
  if (fate === null || (fate === "committed" && !(await isReached(inquiry)))) return result;
  const outcome = fate === "committed" ? "applied" : "rolled-back";
  const records = result.records.map((record) => ({ ...record, outcome: record.outcome === "in-doubt" ? outcome : record.outcome }));
  const message = "the connection was lost at COMMIT, and the server says that it did not commit; plan again, and apply that";
  return { ...result, outcome, records, error: new QueryError({ message, code: "08006", isConnectionLost: true, cause: result.error }) };
}

async function isReached({ open, prove }: Inquiry): Promise<boolean> {
  try {
    await using connection = await open();
    await prove(connection);
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks by the transaction's id, because the catalog does not show a changed password:
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 * @returns `null` where it cannot be found out.
 */
async function fateOf(transactionId: string, { open, sleep, signal }: Inquiry): Promise<"committed" | "aborted" | null> {
  for (const pause of pauses) {
    if (signal.aborted) return null;
    await sleep(pause);
    const status = await ask(transactionId, open).catch(statusOfError);
    if (status !== "in progress") return status === "committed" || status === "aborted" ? status : null;
  }
  return null;
}

/** A server that crashed has forgotten the ids that it had given out and not written down: to it, ours lies in the future. */
function statusOfError(error: unknown): string {
  return error instanceof QueryError && error.code === "22023" ? "aborted" : "in progress";
}

async function ask(transactionId: string, open: () => Promise<Connection>): Promise<string | null> {
  await using connection = await open();
  const { rows } = await connection.query<{ status: string | null }>("SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8) AS status", [
    transactionId,
  ]);
  return rows[0]?.status ?? null;
}
