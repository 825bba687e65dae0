// What became of a transaction whose COMMIT got no answer: the server remembers.
import type { Connection } from "../io/postgres.ts";
import { QueryError } from "../model/query-error.ts";

/** Between two looks; a server that crashed needs some seconds to come back. */
const pauses: readonly number[] = [100, 200, 400, 800, 1600, 3200, 5000];

/**
 * Asks by the transaction's id, because the catalog does not show a changed password:
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 * @param open a connection to any database of the cluster.
 * @returns `null` where it cannot be found out.
 */
export async function fateOf(
  transactionId: string,
  port: {
    readonly open: () => Promise<Connection>;
    readonly sleep: (milliseconds: number) => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<"committed" | "aborted" | null> {
  for (const pause of pauses) {
    if (port.signal.aborted) return null;
    await port.sleep(pause);
    const status = await ask(transactionId, port.open).catch(statusOfError);
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
