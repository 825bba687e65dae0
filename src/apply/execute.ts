// The batches of one resource: the shared catalogs first, then every database, then what retires roles for good.
import type { Connection } from "../io/postgres.ts";
import type { Batch } from "../model/batch.ts";
import { partKey } from "../model/change.ts";
import { messageOf } from "../model/error-message.ts";
import type { RolePlan } from "../model/plan.ts";
import { QueryError } from "../model/query-error.ts";
import { rolesOf } from "./batch-roles.ts";
import { DatabaseSession, lockSession, type BatchSession } from "./batch-session.ts";
import { describeBlocker } from "./blocked-by.ts";
import type { Ledger } from "./ledger.ts";
import { LockError, type LockCheck } from "./lock.ts";
import { resolveDoubt } from "./lost-commit.ts";
import { attemptsFor, backoff, isLockTimeout, isPassing } from "./retry.ts";
import { notBegun, ProofError, runBatch, type BatchResult } from "./run-batch.ts";

export type ExecutePort = {
  /** A connection to a primary of the cluster that is being applied to. */
  readonly open: (database: string) => Promise<Connection>;
  readonly batches: (plans: readonly RolePlan[]) => readonly Batch[];
  /** Reads the batch's part inside its transaction; throws ProofError where it is not as planned. */
  readonly prove: (transaction: Connection, batch: Batch, plans: readonly RolePlan[]) => Promise<void>;
  /** Plans the batch again, on its own connection, after an error that passes. @returns whether it would still be the same. */
  readonly isUnchanged: (connection: Connection, batch: Batch, plans: readonly RolePlan[]) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly progress: (message: string) => void;
};

type Run = {
  /** Holds the lock, and runs what belongs to the shared catalogs. */
  readonly lock: Connection;
  readonly checkLock: LockCheck;
  readonly maintenanceDatabase: string;
  /** Where the batches at hand run. */
  readonly session: BatchSession;
  readonly ledger: Ledger;
  readonly plans: readonly RolePlan[];
  readonly verifiers: ReadonlyMap<string, string>;
};

/** Runs everything that can be run; what became of it stands in the ledger. Throws nothing that a server does. */
export async function executeBatches(port: ExecutePort, run: Omit<Run, "session">): Promise<void> {
  const batches = port.batches(run.plans);
  const onLock = { ...run, session: lockSession(run.lock) };
  for (const phase of ["cluster", "terminate"]) {
    for (const batch of batches.filter(({ part }) => part.phase === phase)) await runForHealthy(port, onLock, batch);
  }
  const databases = Map.groupBy(
    batches.filter(({ part }) => part.phase === "database"),
    ({ part }) => partKey(part),
  );
  // REASSIGN and DROP OWNED change shared rows from every database: at once they would be in each other's way.
  const { alone = [], together = [] } = Object.groupBy(databases.values(), (group) => (group.some(isReassigning) ? "alone" : "together"));
  await Promise.all(together.map((group) => runDatabase(port, onLock, group)));
  for (const group of alone) await runDatabase(port, onLock, group);
  for (const batch of batches.filter(({ part }) => part.phase === "retire")) await runForHealthy(port, onLock, batch);
  for (const batch of batches) run.ledger.finish(batch);
}

function isReassigning(batch: Batch): boolean {
  return ownersIn(batch).length > 0;
}

/** Whoever owns something that the batch gives to others. */
function ownersIn({ statements }: Batch): readonly string[] {
  return statements.flatMap(({ change }) => (change.kind === "reassignOwned" ? [change.role] : []));
}

async function runDatabase(port: ExecutePort, run: Run, batches: readonly Batch[]): Promise<void> {
  const part = batches[0]?.part;
  if (part?.phase !== "database") return;
  await using session = new DatabaseSession(() => port.open(part.database));
  for (const batch of batches) await runForHealthy(port, { ...run, session }, batch);
}

/** A role that failed gets no further statement in the same database; where a shared transaction fails, each of its roles is tried alone. */
async function runForHealthy(port: ExecutePort, run: Run, whole: Batch): Promise<void> {
  const roles = rolesOf([whole]).filter((role) => run.ledger.mayRun(role, whole.part));
  if (roles.length === 0) return;
  if (port.signal.aborted) return cancelled(port, run, [whole]);
  const batch = restrict(port, run, whole, roles);
  const result = await runWithRetries(port, run, batch);
  // Neither a lost connection nor a lost lock comes back for the roles one by one.
  const isOver = isLost(result.error) || result.error instanceof LockError || port.signal.aborted;
  if (roles.length === 1 || result.outcome !== "rolled-back" || isOver) {
    return settle(port, run, batch, result);
  }
  for (const role of roles) {
    const own = restrict(port, run, whole, [role]);
    if (port.signal.aborted) cancelled(port, run, [own]);
    // Whoever has waited for all of them together waits for each of them once only.
    else settle(port, run, own, await runWithRetries(port, run, own, isLockTimeout(result.error) ? 1 : undefined));
  }
}

const verbs = { "rolled-back": "rolled back: ", "in-doubt": "in doubt: ", "not-run": "" } as const;

function settle(port: ExecutePort, run: Run, batch: Batch, result: BatchResult): void {
  const { ledger } = run;
  ledger.record(batch, result);
  if (result.outcome === "applied") return;
  if (result.outcome === "not-run" && port.signal.aborted) return cancelled(port, run, [batch]);
  const where = batch.part.phase === "database" ? `database ${JSON.stringify(batch.part.database)}` : "shared catalogs";
  const reason = port.signal.aborted && result.outcome !== "in-doubt" ? "cancelled; plan again, and apply that" : messageOf(result.error);
  ledger.fail(rolesOf([batch]), `${where}: ${verbs[result.outcome]}${reason}`, {
    part: batch.part,
    isStale: result.error instanceof ProofError && result.error.isStale,
  });
}

/** Only the statements of some roles, rendered for them alone. */
function restrict(port: ExecutePort, { plans }: Run, whole: Batch, roles: readonly string[]): Batch {
  if (rolesOf([whole]).length === roles.length) return whole;
  const wanted = new Set(roles);
  const chosen = plans.filter((plan) => wanted.has(plan.roleName));
  const same = port.batches(chosen).find((batch) => partKey(batch.part) === partKey(whole.part) && batch.schema === whole.schema);
  return same ?? { ...whole, statements: [] };
}

async function runWithRetries(port: ExecutePort, run: Run, batch: Batch, maximum = Number.POSITIVE_INFINITY): Promise<BatchResult> {
  const roles = new Set(rolesOf([batch]));
  const plans = run.plans.filter((plan) => roles.has(plan.roleName));
  for (let attempt = 1; ; attempt += 1) {
    port.progress(batch.part.phase === "database" ? `applying in ${batch.part.database}` : "applying to the shared catalogs");
    const result = await runOnce(port, run, { batch, plans });
    if (result.outcome === "in-doubt") return lookAgain(port, run, { batch, plans, result });
    if (result.outcome === "applied" || port.signal.aborted) return result;
    if (attempt >= Math.min(attemptsFor(result.error), maximum))
      return { ...result, error: await explain(run.session, batch, result.error) };
    await port.sleep(backoff(attempt, port.random()));
    const change = await findChange(port, run, batch, plans);
    if (change !== null) return { ...result, error: change };
  }
}

async function runOnce(
  port: ExecutePort,
  run: Run,
  { batch, plans }: { readonly batch: Batch; readonly plans: readonly RolePlan[] },
): Promise<BatchResult> {
  let connection: Connection;
  try {
    connection = await run.session.connection();
  } catch (error) {
    return notBegun(batch, error);
  }
  const result = await runBatch({
    connection,
    batch,
    verifierOf: (role) => verifierOf(run, role),
    prove: async (transaction) => {
      await port.prove(transaction, batch, plans);
      await run.checkLock(); // Without the lock, another run may have looked at the same catalogs.
    },
    now: port.now,
  });
  if (result.outcome === "in-doubt" || isLost(result.error)) await run.session.discard();
  return result;
}

/** @returns why the transaction is not tried again, or `null`. */
async function findChange(port: ExecutePort, { session }: Run, batch: Batch, plans: readonly RolePlan[]): Promise<unknown> {
  try {
    if (await port.isUnchanged(await session.connection(), batch, plans)) return null;
    return new ProofError("the catalog changed while another session was in the way; plan again", true);
  } catch (error) {
    return error;
  }
}

/** A lock timeout says neither whom it waited for nor on what; a collision says nothing that helps. */
async function explain(session: BatchSession, batch: Batch, error: unknown): Promise<unknown> {
  if (!(error instanceof QueryError) || error.isConnectionLost) return error;
  const { code, isConnectionLost } = error;
  if (isLockTimeout(error)) {
    const blocker = await describeBlocker(await session.connection(), error, ownersIn(batch));
    return blocker === null ? error : new QueryError({ message: `${error.message}: ${blocker}`, code, isConnectionLost, cause: error });
  }
  if (!isPassing(error)) return error;
  const message = `other sessions kept changing the same rows of the catalog, ${attemptsFor(error)} times in a row; plan again when they are done, and apply that (${error.message})`;
  return new QueryError({ message, code, isConnectionLost, cause: error });
}

/** An empty password would lock the role out, so a missing verifier is never sent as one (F75). */
function verifierOf({ verifiers }: Run, role: string): string {
  const verifier = verifiers.get(role);
  if (verifier === undefined) throw new Error(`no password was made for ${role}`);
  return verifier;
}

/** The connection was lost at COMMIT: only the server knows. */
async function lookAgain(
  port: ExecutePort,
  run: Run,
  { batch, plans, result }: { readonly batch: Batch; readonly plans: readonly RolePlan[]; readonly result: BatchResult },
): Promise<BatchResult> {
  const { part } = batch;
  const resolved = await resolveDoubt(result, {
    ...port,
    open: () => port.open(part.phase === "database" ? part.database : run.maintenanceDatabase),
    prove: (connection) => port.prove(connection, batch, plans),
  });
  if (resolved.outcome === "applied" && part.phase !== "database")
    run.ledger.fail(rolesOf([batch]), "the connection that holds the lock was lost; plan again, and apply that");
  return resolved;
}

function cancelled(port: ExecutePort, { ledger }: Run, batches: readonly Batch[]): void {
  if (port.signal.aborted) ledger.fail(rolesOf(batches), "cancelled before it was done; plan again, and apply that");
}

function isLost(error: unknown): boolean {
  return error instanceof QueryError && error.isConnectionLost;
}
