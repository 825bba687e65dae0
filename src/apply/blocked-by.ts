// Who stood in the way of a statement that waited for a row until lock_timeout, and on which object (F9).
import type { Connection } from "../io/postgres.ts";
import { QueryError } from "../model/query-error.ts";

/** What a row of a catalog is called. Roles and their memberships are left out: not everybody may read those catalogs. */
const names: ReadonlyMap<string, string> = new Map([
  ["pg_class", "t.oid::pg_catalog.regclass::text"],
  ["pg_proc", "t.oid::pg_catalog.regprocedure::text"],
  ["pg_namespace", "pg_catalog.format('schema %I', t.nspname)"],
  ["pg_database", "pg_catalog.format('database %I', t.datname)"],
]);

const holder =
  "pg_catalog.format('process %s (%s, user %s), in a transaction since %s', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), a.usename, a.xact_start)";

/**
 * The error's context names the row (`while updating tuple (3,7) in relation "pg_class"`), and the row names the transaction that
 * changes it. Only numbers and a known name are taken from it, which every translation of the message has.
 * @param connection on which the statement failed, after its ROLLBACK.
 * @param owners roles whose objects the statements give to others: REASSIGN OWNED waits for whoever uses one, and no context says so.
 * @returns words for people, or `null` where nothing is known.
 */
export async function describeBlocker(connection: Connection, error: QueryError, owners: readonly string[]): Promise<string | null> {
  try {
    return (await blockerOfRow(connection, error)) ?? (owners.length > 0 ? await blockerOfOwned(connection, owners) : null);
  } catch (cause) {
    if (cause instanceof QueryError) return null; // Only the explanation is lost.
    throw cause;
  }
}

async function blockerOfRow(connection: Connection, error: QueryError): Promise<string | null> {
  const [, page, item, catalog] = /\((\d+),(\d+)\)[^"]*"(pg_\w+)"/u.exec(error.where ?? "") ?? [];
  const name = names.get(catalog ?? "");
  if (page === undefined || item === undefined || catalog === undefined || name === undefined) return null;
  const { rows } = await connection.query<{ object: string; holder: string | null }>(
    `SELECT ${name} AS object, (SELECT ${holder} FROM pg_catalog.pg_stat_activity a WHERE a.backend_xid = t.xmax LIMIT 1) AS holder
     FROM pg_catalog.${catalog} t WHERE t.ctid = '(${page},${item})'::pg_catalog.tid`,
  );
  const [row] = rows;
  return row === undefined
    ? null
    : `${row.object} is being changed by ${row.holder ?? "another session"}; plan again when that is done, and apply that`;
}

async function blockerOfOwned(connection: Connection, owners: readonly string[]): Promise<string | null> {
  const { rows } = await connection.query<{ object: string; holder: string; isOwner: boolean }>(
    `SELECT t.oid::pg_catalog.regclass::text AS object, ${holder} AS holder, a.usename::text = ANY ($1::text[]) AS "isOwner"
     FROM pg_catalog.pg_locks l
     JOIN pg_catalog.pg_class t ON t.oid = l.relation
     JOIN pg_catalog.pg_roles r ON r.oid = t.relowner
     JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
     WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid() AND r.rolname::text = ANY ($1::text[])
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
     ORDER BY a.xact_start, t.oid LIMIT 1`,
    [owners],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const advice = row.isOwner
    ? "set terminate_sessions under orphans, or plan again when that is done, and apply that"
    : "plan again when that is done, and apply that";
  return `${row.object} is in use by ${row.holder}; ${advice}`;
}
