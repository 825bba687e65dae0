// BEGIN and COMMIT around a function, with the truth about how it ended.
import { CommitInDoubtError, QueryError } from "../model/query-error.ts";
import type { Connection } from "./postgres.ts";

export type TransactionOptions = {
  /** `read committed` unless said. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  readonly readOnly?: boolean;
};

/**
 * Runs a function in a transaction: COMMIT when it returns, ROLLBACK when it throws, and its error goes on.
 * @throws CommitInDoubtError where the connection was lost at COMMIT.
 * @throws QueryError with code 25P02 where a statement had failed, unnoticed by the function, so that COMMIT rolled back.
 */
export async function withTransaction<Result>(
  connection: Connection,
  options: TransactionOptions,
  work: (transaction: Connection) => Promise<Result>,
): Promise<Result> {
  const isolation = (options.isolation ?? "read committed").toUpperCase();
  await connection.query(`BEGIN ISOLATION LEVEL ${isolation} ${options.readOnly === true ? "READ ONLY" : "READ WRITE"}`);
  let result: Result;
  try {
    for (const text of connection.localSettings) await connection.query(text);
    result = await work(connection);
  } catch (error) {
    await connection.query("ROLLBACK").catch(() => {}); // A lost connection rolls back by itself.
    throw error;
  }
  await commit(connection);
  return result;
}

async function commit(connection: Connection): Promise<void> {
  let command: string;
  try {
    ({ command } = await connection.query("COMMIT"));
  } catch (error) {
    if (error instanceof QueryError && error.isConnectionLost) throw new CommitInDoubtError(error);
    throw error;
  }
  if (command !== "COMMIT") {
    throw new QueryError({
      message: "the transaction was rolled back because a statement in it had failed",
      code: "25P02",
      isConnectionLost: false,
    });
  }
}
