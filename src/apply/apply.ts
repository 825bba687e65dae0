// Apply for one resource: lock, plan again, gate, execute, prove, settle credentials, plan once more.
import { messageOf } from "../model/error-message.ts";
import type { Connection } from "../io/postgres.ts";
import type { AppliedRole, ApplyOutcome } from "../model/apply-outcome.ts";
import type { RolePlan } from "../model/plan.ts";
import { gate, type Decision, type ReviewedPlan } from "./gate.ts";
import { Ledger } from "./ledger.ts";
import { takeLock } from "./lock.ts";
import { executeBatches, type ExecutePort } from "./execute.ts";

/** Everything that apply needs of the outside and of the other stages. */
export type ApplyPort = ExecutePort & {
  /** A connection to the maintenance database, to a primary and to the planned cluster; the lock lives on it. */
  readonly openMaintenance: () => Promise<Connection>;
  /** Plans the role specs of this apply from the live catalogs. `isProof`: without rotations, which are never "in sync". */
  readonly plan: (options: { readonly isProof: boolean }) => Promise<readonly RolePlan[]>;
  /** @returns what the admin lacks for these plans, by role name, with the SQL that would give it. */
  readonly preflight: (connection: Connection, plans: readonly RolePlan[]) => Promise<ReadonlyMap<string, string>>;
  /** Makes a password, puts it into its store as pending and returns its verifier. */
  readonly preparePassword: (plan: RolePlan) => Promise<string>;
  /** Checks the pending credential of a role by a real login and promotes it. @returns what is wrong, or `null`. */
  readonly settleCredential: (plan: RolePlan) => Promise<string | null>;
  readonly lockWaitSeconds: number;
};

type Candidate = { readonly reviewed: ReviewedPlan; readonly plan: RolePlan; readonly decision: Decision };

/**
 * @param reviewed the approved plans of one resource.
 * @returns one outcome for each, in the same order. Roles fail alone; what fails for all throws.
 * @throws LockError, ConnectionError: nothing was changed.
 */
export async function applyResource(port: ApplyPort, reviewed: readonly ReviewedPlan[]): Promise<readonly AppliedRole[]> {
  await using connection = await port.openMaintenance();
  await takeLock(connection, port.lockWaitSeconds);
  const fresh = await port.plan({ isProof: false });
  const candidates = reviewed.map((review) => candidateOf(review, fresh));
  const accepted = candidates.filter(({ decision }) => decision.kind === "proceed").map(({ plan }) => plan);
  const ledger = new Ledger(accepted);
  await execute(port, { connection, ledger, accepted });
  await settle(port, ledger, candidates);
  return candidates.map((candidate) => ({ plan: candidate.plan, outcome: outcomeOf(candidate, ledger) }));
}

function candidateOf(reviewed: ReviewedPlan, fresh: readonly RolePlan[]): Candidate {
  const plan = fresh.find(({ roleName }) => roleName === reviewed.roleName);
  if (!plan) throw new Error(`no plan was made for ${reviewed.roleName}`);
  return { reviewed, plan, decision: gate(reviewed, plan) };
}

async function execute(
  port: ApplyPort,
  { connection, ledger, accepted }: { readonly connection: Connection; readonly ledger: Ledger; readonly accepted: readonly RolePlan[] },
): Promise<void> {
  if (accepted.length === 0) return;
  for (const [role, problem] of await port.preflight(connection, accepted)) ledger.fail([role], problem);
  const verifiers = new Map<string, string>();
  for (const plan of accepted) {
    if (!ledger.isHealthy(plan.roleName) || !needsPassword(plan)) continue;
    try {
      verifiers.set(plan.roleName, await port.preparePassword(plan));
    } catch (error) {
      ledger.fail([plan.roleName], `the credential could not be stored, so nothing was changed: ${messageOf(error)}`);
    }
  }
  const ready = accepted.filter((plan) => ledger.isHealthy(plan.roleName));
  await executeBatches(port, { lock: connection, connection, ledger, plans: ready, verifiers });
}

function needsPassword(plan: RolePlan): boolean {
  return plan.statements.some(({ change }) => change.kind === "createRole" || change.kind === "setPassword");
}

/** Promotes credentials, of this run and of one that was interrupted, and proves that nothing is left to do. */
async function settle(port: ApplyPort, ledger: Ledger, candidates: readonly Candidate[]): Promise<void> {
  for (const { plan, decision } of candidates) {
    const isDone = decision.kind === "proceed" ? ledger.isHealthy(plan.roleName) : decision.kind === "skip";
    if (!isDone || port.signal.aborted || plan.config.type === "orphaned") continue;
    const problem = await port.settleCredential(plan).catch(messageOf);
    if (problem !== null) ledger.fail([plan.roleName], problem);
  }
  const applied = candidates.filter(({ plan, decision }) => decision.kind === "proceed" && ledger.isHealthy(plan.roleName));
  if (applied.length === 0) return;
  const after = await port.plan({ isProof: true });
  for (const { plan } of applied) {
    const left = after.find(({ roleName }) => roleName === plan.roleName);
    if (left === undefined || left.status === "in-sync") continue;
    const statements = left.statements.map((statement) => statement.sql).join("; ");
    ledger.fail(
      [plan.roleName],
      `applied, but it does not stay: the next plan says ${left.message}${statements === "" ? "" : `: ${statements}`}`,
    );
  }
}

function outcomeOf({ reviewed, plan, decision }: Candidate, ledger: Ledger): ApplyOutcome {
  const role = plan.roleName;
  const nothing = { planSid: reviewed.sid, statements: [], databases: {} };
  switch (decision.kind) {
    case "skip": {
      const problems = ledger.problems(role);
      return { ...nothing, status: "skipped", message: [decision.message, ...problems].join("; "), output: "" };
    }
    case "refuse":
      return { ...nothing, status: "refused", message: decision.staleness.message, output: "" };
    case "fail":
      return { ...nothing, status: "failed", message: decision.message, output: "" };
    case "proceed": {
      const problems = ledger.problems(role);
      const isRefused = ledger.isStale(role) && !ledger.isTouched(role);
      return {
        planSid: reviewed.sid,
        status: problems.length === 0 ? "success" : isRefused ? "refused" : "failed",
        message: problems.length === 0 ? `applied: ${plan.message}` : problems.join("; "),
        output: problems.map((problem) => `${problem}\n`).join(""),
        statements: ledger.statements(role),
        databases: ledger.databases(role),
      };
    }
  }
}
