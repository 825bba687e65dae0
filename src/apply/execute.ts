// The batches of one resource: the shared catalogs first, then every database, then what retires roles for good.
import { messageOf } from "../model/error-message.ts";
import type { Connection } from "../io/postgres.ts";
import { partKey } from "../model/change.ts";
import type { RolePlan } from "../model/plan.ts";
import type { Ledger } from "./ledger.ts";
import { isPassing, maximumAttempts, backoff } from "./retry.ts";
import { ProofError, runBatch, type Batch, type BatchResult } from "./run-batch.ts";

export type ExecutePort = {
  readonly open: (database: string) => Promise<Connection>;
  readonly batches: (plans: readonly RolePlan[]) => readonly Batch[];
  /** Reads the batch's part inside its transaction; throws ProofError where it is not as planned. */
  readonly prove: (transaction: Connection, batch: Batch, plans: readonly RolePlan[]) => Promise<void>;
  /** Plans again after an error that passes. @returns whether the batch would still be the same. */
  readonly isUnchanged: (batch: Batch, plans: readonly RolePlan[]) => Promise<boolean>;
  /** Looks whether a transaction was committed whose COMMIT got no answer. */
  readonly wasCommitted: (batch: Batch, plans: readonly RolePlan[]) => Promise<boolean>;
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
  /** Where the batches at hand run. */
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly plans: readonly RolePlan[];
  readonly verifiers: ReadonlyMap<string, string>;
};

/** Runs everything that can be run; what became of it stands in the ledger. */
export async function executeBatches(port: ExecutePort, run: Run): Promise<void> {
  const batches = port.batches(run.plans);
  for (const batch of batches.filter(({ part }) => part.phase === "cluster")) await runForHealthy(port, run, batch);
  const databases = Map.groupBy(
    batches.filter(({ part }) => part.phase === "database"),
    ({ part }) => partKey(part),
  );
  await Promise.all([...databases.values()].map((group) => runDatabase(port, run, group)));
  for (const batch of batches.filter(({ part }) => part.phase === "retire")) await runForHealthy(port, run, batch);
}

/** One connection for all the transactions of a database. */
async function runDatabase(port: ExecutePort, run: Run, batches: readonly Batch[]): Promise<void> {
  const [first] = batches;
  if (first?.part.phase !== "database" || port.signal.aborted) return cancelled(port, run, batches);
  const roles = rolesOf(batches).filter((role) => run.ledger.isHealthy(role));
  if (roles.length === 0) return;
  let connection: Connection;
  try {
    connection = await port.open(first.part.database);
  } catch (error) {
    return run.ledger.fail(roles, messageOf(error));
  }
  await using opened = connection;
  for (const batch of batches) await runForHealthy(port, { ...run, connection: opened }, batch);
}

/** A role that failed gets no further statement; where a shared transaction fails, each of its roles is tried alone. */
async function runForHealthy(port: ExecutePort, run: Run, whole: Batch): Promise<void> {
  const roles = rolesOf([whole]).filter((role) => run.ledger.isHealthy(role));
  if (roles.length === 0) return;
  if (port.signal.aborted) return cancelled(port, run, [whole]);
  const batch = restrict(port, run, whole, roles);
  const result = await runWithRetries(port, run, batch);
  const isAlone = roles.length === 1 || result.outcome !== "rolled-back" || port.signal.aborted;
  if (isAlone) return settle(port, run, batch, result);
  for (const role of roles) {
    const own = restrict(port, run, whole, [role]);
    settle(port, run, own, await runWithRetries(port, run, own));
  }
}

function settle(port: ExecutePort, { ledger }: Run, batch: Batch, result: BatchResult): void {
  ledger.record(batch, result);
  if (result.outcome === "applied") return;
  const where = batch.part.phase === "database" ? `database ${JSON.stringify(batch.part.database)}` : "shared catalogs";
  const verb = result.outcome === "in-doubt" ? "in doubt" : "rolled back";
  const reason = port.signal.aborted ? "cancelled" : messageOf(result.error);
  ledger.fail(rolesOf([batch]), `${where}: ${verb}: ${reason}`, result.error instanceof ProofError && result.error.isStale);
}

/** Only the statements of some roles, rendered for them alone. */
function restrict(port: ExecutePort, { plans }: Run, whole: Batch, roles: readonly string[]): Batch {
  if (rolesOf([whole]).length === roles.length) return whole;
  const chosen = plans.filter((plan) => roles.includes(plan.roleName));
  const same = port.batches(chosen).find((batch) => partKey(batch.part) === partKey(whole.part) && batch.schema === whole.schema);
  return same ?? { ...whole, statements: [] };
}

async function runWithRetries(port: ExecutePort, run: Run, batch: Batch): Promise<BatchResult> {
  const plans = run.plans.filter((plan) => rolesOf([batch]).includes(plan.roleName));
  for (let attempt = 1; ; attempt += 1) {
    port.progress(batch.part.phase === "database" ? `applying in ${batch.part.database}` : "applying to the shared catalogs");
    const result = await runBatch({
      connection: run.connection,
      batch,
      verifierOf: (role) => verifierOf(run, role),
      prove: async (transaction) => {
        await port.prove(transaction, batch, plans);
        await run.lock.query("SELECT 1"); // Without the lock, another run may have looked at the same catalogs.
      },
      now: port.now,
    });
    if (result.outcome === "in-doubt") return lookAgain(port, run, { batch, plans, result });
    if (result.outcome === "applied" || !isPassing(result.error) || attempt >= maximumAttempts || port.signal.aborted) return result;
    await port.sleep(backoff(attempt, port.random()));
    if (!(await port.isUnchanged(batch, plans))) {
      return { ...result, error: new ProofError("the catalog changed while another session was in the way; plan again", true) };
    }
  }
}

/** An empty password would lock the role out, so a missing verifier is never sent as one (F75). */
function verifierOf({ verifiers }: Run, role: string): string {
  const verifier = verifiers.get(role);
  if (verifier === undefined) throw new Error(`no password was made for ${role}`);
  return verifier;
}

/** The connection was lost at COMMIT: only the catalog knows. Where it cannot be asked, the outcome stays in doubt. */
async function lookAgain(
  port: ExecutePort,
  { lock, connection, ledger }: Run,
  { batch, plans, result }: { readonly batch: Batch; readonly plans: readonly RolePlan[]; readonly result: BatchResult },
): Promise<BatchResult> {
  try {
    const outcome = (await port.wasCommitted(batch, plans)) ? "applied" : "rolled-back";
    if (outcome === "applied" && connection === lock)
      ledger.fail(rolesOf([batch]), "the connection that holds the lock was lost; run again to go on");
    return { ...result, outcome, records: result.records.map((record) => ({ ...record, outcome })) };
  } catch {
    return result;
  }
}

function cancelled(port: ExecutePort, { ledger }: Run, batches: readonly Batch[]): void {
  if (port.signal.aborted) ledger.fail(rolesOf(batches), "cancelled before it was done; run again to go on");
}

function rolesOf(batches: readonly Batch[]): readonly string[] {
  return [...new Set(batches.flatMap((batch) => batch.statements.flatMap((statement) => statement.roles)))];
}
