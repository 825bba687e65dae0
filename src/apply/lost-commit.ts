// What became of a transaction whose COMMIT got no answer: the server remembers.
import type { Connection } from "../io/postgres.ts";

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
    const status = await ask(transactionId, port.open).catch(() => "in progress");
    if (status !== "in progress") return status === "committed" || status === "aborted" ? status : null;
  }
  return null;
}

async function ask(transactionId: string, open: () => Promise<Connection>): Promise<string | null> {
  await using connection = await open();
  const { rows } = await connection.query<{ status: string | null }>("SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8) AS status", [
    transactionId,
  ]);
  return rows[0]?.status ?? null;
}
