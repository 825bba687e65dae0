// One apply at a time on a cluster. The lock belongs to a session, so it goes with the process that held it, however that ended (F5).
import { QueryError } from "../model/query-error.ts";
import type { Connection } from "../io/postgres.ts";

/**
 * The key is computed on the server, from nothing that has two names for one cluster (F3). Advisory locks are per database, so it is
 * always taken in the maintenance database: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
const lockKey = "pg_catalog.hashtextextended('rolewright apply', 0)";

export class LockError extends Error {
  override readonly name = "LockError";
}

/** Throws LockError unless the session that holds the lock is alive. May be called by several at once. */
export type LockCheck = () => Promise<void>;

/**
 * Takes the lock; it is held until the connection closes.
 * @param waitSeconds how long to wait for another run.
 * @throws LockError that names the holder, or says that a pooler stands in between (F4).
 */
export async function takeLock(connection: Connection, waitSeconds: number): Promise<LockCheck> {
  refusePooler(connection);
  try {
    // The wait has a bound of its own, which a shorter statement_timeout must not cut with an error that names nobody (F7).
    await connection.query(
      `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '${Math.round(waitSeconds * 1000)}ms'; SELECT pg_catalog.pg_advisory_lock(${lockKey}); COMMIT`,
    );
  } catch (error) {
    await connection.query("ROLLBACK").catch(() => {}); // A lost connection has nothing to roll back.
    if (error instanceof QueryError && error.code === "55P03")
      throw new LockError(await describeHolder(connection, waitSeconds), { cause: error });
    throw error;
  }
  await refuseRival(connection);
  return lockCheck(connection);
}

/** Another name of this cluster in the inventory may have another maintenance database, where the same key is another lock. */
async function refuseRival(connection: Connection): Promise<void> {
  const rival = await findHolder(connection, "<>");
  if (rival !== null)
    throw new LockError(
      `another rolewright apply works on this cluster under another maintenance_database: ${rival}; nothing was changed: run again when it is done`,
    );
}

/** A connection runs one statement at a time, so that callers from several databases wait for each other. */
function lockCheck(connection: Connection): LockCheck {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const check = last.then(() => connection.query("SELECT 1"));
    last = check.catch(() => {});
    return check.then(
      () => {},
      (cause: unknown) => {
        throw new LockError("the connection that holds the lock of this cluster was lost; run again", { cause });
      },
    );
  };
}

/** A pooler may give each transaction another backend, so that a session's lock would be held by nobody or by everybody. */
function refusePooler({ isPooled }: Connection): void {
  if (!isPooled) return;
  throw new LockError(
    "a connection pooler stands between here and PostgreSQL, which would lose the lock; give the resource the address of the server itself",
  );
}

async function describeHolder(connection: Connection, waitSeconds: number): Promise<string> {
  const holder = (await findHolder(connection, "=")) ?? "it has just ended";
  return `another rolewright apply holds the lock of this cluster: ${holder}; waited ${waitSeconds} s. Nothing was changed: run again when it is done`;
}

/** @param comparison `=`: in the database of the connection; `<>`: in the others. */
async function findHolder(connection: Connection, comparison: "=" | "<>"): Promise<string | null> {
  const { rows } = await connection.query<{ holder: string }>(
    `SELECT pg_catalog.format('%s from %s, process %s, since %s', a.application_name, coalesce(a.client_addr::text, 'an address that this login may not see'), a.pid,
              coalesce(a.backend_start::text, 'a time that it may not see')) AS holder
     FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database ${comparison} (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}`,
  );
  return rows[0]?.holder ?? null;
}
