// One transaction of an apply: its statements, the proof, COMMIT; or nothing.
import type { Connection } from "../io/postgres.ts";
import { withTransaction } from "../io/transaction.ts";
import type { Batch, SharedStatement } from "../model/batch.ts";
import { setsPassword } from "../model/makes-password.ts";
import { passwordPlaceholder } from "../model/plan.ts";
import { CommitInDoubtError, QueryError } from "../model/query-error.ts";
import type { StatementOutcome, StatementRecord } from "../model/session.ts";

export type BatchResult = {
  readonly outcome: StatementOutcome;
  /** In the order of the batch's statements. */
  readonly records: readonly StatementRecord[];
  readonly error: unknown;
  /** The transaction's id, once all but COMMIT was done: whoever lost the answer to COMMIT can ask what became of it. */
  readonly transactionId: string | null;
};

/** The transaction did not reach what was planned, and was rolled back. */
export class ProofError extends Error {
  override readonly name = "ProofError";
  /** True where somebody changed the catalog meanwhile; false where our own statements did not do what they should. */
  readonly isStale: boolean;

  constructor(message: string, isStale: boolean) {
    super(message);
    this.isStale = isStale;
  }
}

/** A statement that PostgreSQL let pass although it did nothing. */
class NoEffectError extends Error {
  override readonly name = "NoEffectError";
}

/**
 * Runs a batch in one transaction.
 * @param verifierOf the SCRAM verifier that takes the placeholder's place for a role.
 * @param prove reads the part again inside the transaction; throws ProofError where it is not as planned.
 * @param now milliseconds of a monotonic clock.
 * @returns how it ended; never throws for what a statement did.
 */
export async function runBatch(input: {
  readonly connection: Connection;
  readonly batch: Batch;
  readonly verifierOf: (role: string) => string;
  readonly prove: (transaction: Connection) => Promise<void>;
  readonly now: () => number;
}): Promise<BatchResult> {
  const { connection, batch } = input;
  const durations: (number | null)[] = [];
  let transactionId: string | null = null;
  const resultOf = (outcome: StatementOutcome, error: unknown): BatchResult => {
    return { outcome, records: recordsOf(batch, durations, outcome), error, transactionId };
  };
  try {
    await withTransaction(connection, {}, async (transaction) => {
      for (const [index, statement] of batch.statements.entries()) {
        durations[index] = null; // Sent, whatever comes of it.
        durations[index] = await runStatement(transaction, statement, input);
      }
      await input.prove(transaction);
      transactionId = await idOf(transaction);
    });
    return resultOf("applied", null);
  } catch (error) {
    return resultOf(error instanceof CommitInDoubtError ? "in-doubt" : "rolled-back", error);
  }
}

/** The result of a batch for which there was no connection. */
export function notBegun(batch: Batch, error: unknown): BatchResult {
  return { outcome: "not-run", records: recordsOf(batch, [], "not-run"), error, transactionId: null };
}

async function idOf(transaction: Connection): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>("SELECT pg_catalog.pg_current_xact_id()::text AS id");
  return rows[0]?.id ?? null;
}

/** Statements as the session keeps them: with the placeholder, never the verifier. One that failed was run and undone. */
function recordsOf(batch: Batch, durations: readonly (number | null)[], outcome: StatementOutcome): readonly StatementRecord[] {
  const database = batch.part.phase === "database" ? batch.part.database : null;
  return batch.statements.map((statement, index) => {
    return { sql: statement.sql, database, outcome: index < durations.length ? outcome : "not-run", duration_ms: durations[index] ?? null };
  });
}

async function runStatement(
  transaction: Connection,
  statement: SharedStatement,
  { verifierOf, now }: { readonly verifierOf: (role: string) => string; readonly now: () => number },
): Promise<number> {
  const started = now();
  const [role] = statement.roles;
  const sql =
    setsPassword(statement) && role !== undefined
      ? statement.sql.replace(`'${passwordPlaceholder}'`, () => `'${verifierOf(role)}'`)
      : statement.sql;
  try {
    await transaction.query(sql);
  } catch (error) {
    throw error instanceof QueryError ? failedStatement(statement, error) : error;
  }
  refuseEmptySuccess(transaction, statement);
  return Math.round(now() - started);
}

/** An ACL has to fit a page with the rest of its row; "row is too big" is all that PostgreSQL says (F70). */
function aclIsFull({ change }: SharedStatement, { code }: QueryError): boolean {
  return code === "54000" && change.kind === "grant";
}

const aclAdvice =
  ": too many roles hold something on this object; give the privileges to one managed role, and declare the others as external roles with that one as their source_role";

/** Says which statement failed; keeps the SQLSTATE, by which the caller decides whether to try again. */
function failedStatement(statement: SharedStatement, error: QueryError): QueryError {
  const detail = error.detail === undefined ? "" : ` (${error.detail})`;
  const { code, where, hint, isConnectionLost } = error;
  const message = `${error.message}${detail}${aclIsFull(statement, error) ? aclAdvice : ""}, at: ${shorten(statement.sql)}`;
  return new QueryError({ message, code, where, hint, isConnectionLost, cause: error });
}

/** 01007 "no privileges were granted", 01006 "not revoked", and 01000 for memberships: success that changed nothing is a failure. */
function refuseEmptySuccess(transaction: Connection, statement: SharedStatement): void {
  const warning = transaction
    .takeNotices()
    .find(
      (notice) =>
        notice.code === "01007" ||
        notice.code === "01006" ||
        (notice.code === "01000" && /has not been granted membership/u.test(notice.message)),
    );
  if (warning) throw new NoEffectError(`the statement changed nothing (${warning.message}), at: ${shorten(statement.sql)}`);
}

/** On one line, since a message for people is one. */
function shorten(sql: string): string {
  const line = sql.replaceAll("\n", " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
