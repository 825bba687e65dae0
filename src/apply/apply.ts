// Apply for one resource: lock, plan again, gate, execute, prove, settle credentials, plan once more.
import { messageOf } from "../model/error-message.ts";
import type { Connection } from "../io/postgres.ts";
import type { AppliedRole, ApplyOutcome } from "../model/apply-outcome.ts";
import { leavesTrace } from "../model/change.ts";
import { makesPassword } from "../model/makes-password.ts";
import type { RolePlan } from "../model/plan.ts";
import { blockedMessage, gate, type Decision, type ReviewedPlan } from "./gate.ts";
import { Ledger } from "./ledger.ts";
import type { Shortfall } from "./preflight.ts";
import { takeLock, type LockCheck } from "./lock.ts";
import { executeBatches, type ExecutePort } from "./execute.ts";

/** Everything that apply needs of the outside and of the other stages. */
export type ApplyPort = ExecutePort & {
  /** A connection to the maintenance database, to a primary and to the planned cluster; the lock lives on it. */
  readonly openMaintenance: () => Promise<Connection>;
  /** Plans the role specs of this apply from the live catalogs. `isProof`: without rotations, which are never "in sync". */
  readonly plan: (options: { readonly isProof: boolean }) => Promise<readonly RolePlan[]>;
  /** Puts down what these plans are about to change, before anything is; throws where that is not possible. */
  readonly begin: (plans: readonly RolePlan[]) => Promise<void>;
  /** Asked under the lock, before anything is executed. @returns why nothing is to be, or `null`. */
  readonly objection: () => Promise<string | null>;
  /** @returns what the admin lacks for these plans, by role name, with the SQL that would give it. */
  readonly preflight: (connection: Connection, plans: readonly RolePlan[]) => Promise<ReadonlyMap<string, Shortfall>>;
  /** Makes a password, puts it into its store as pending and returns its verifier. */
  readonly preparePassword: (plan: RolePlan) => Promise<string>;
  /**
   * Checks the pending credential of a role by a real login and promotes it.
   * @param isCommitted this run made it and the server has its verifier for certain. @returns what is wrong, or `null`.
   */
  readonly settleCredential: (plan: RolePlan, isCommitted: boolean) => Promise<string | null>;
  readonly lockWaitSeconds: number;
  readonly maintenanceDatabase: string;
};

/** Of those that would still be needed, as many are named. */
const maximumStatements = 5;

type Candidate = { readonly reviewed: ReviewedPlan; readonly plan: RolePlan | null; readonly decision: Decision };
type Accepted = Candidate & { readonly plan: RolePlan };

/**
 * @param reviewed the approved plans of one resource.
 * @returns one outcome for each, in the same order, with the plan that was made under the lock, where there is one. Roles fail alone.
 * @throws LockError, ConnectionError: nothing was changed.
 */
export async function applyResource(port: ApplyPort, reviewed: readonly ReviewedPlan[]): Promise<readonly AppliedRole[]> {
  await using connection = await port.openMaintenance();
  const checkLock = await takeLock(connection, port.lockWaitSeconds);
  const fresh = await port.plan({ isProof: false });
  const byRole = new Map(fresh.map((plan) => [plan.roleName, plan]));
  const candidates = reviewed.map((review) => candidateOf(review, byRole.get(review.roleName) ?? null));
  const accepted = candidates.filter(hasPlan).filter(({ decision }) => decision.kind === "proceed");
  await port.begin(accepted.map(({ plan }) => plan));
  const ledger = new Ledger(candidates.filter(hasPlan).map(({ plan }) => plan));
  await execute(port, { connection, checkLock, ledger, accepted: accepted.map(({ plan }) => plan) });
  // From here on the servers have changed, so that nothing may throw and take the truth about them along.
  await settleCredentials(port, ledger, candidates.filter(hasPlan));
  const applied = accepted.map(({ plan }) => plan);
  const after = await prove(port, ledger, applied);
  for (const plan of applied) {
    tellBlocked(plan, after.get(plan.roleName) ?? plan, ledger);
    ledger.failForWithheld(plan.roleName);
  }
  return candidates.map((candidate) => ({ plan: candidate.plan ?? candidate.reviewed.recorded, outcome: outcomeOf(candidate, ledger) }));
}

function candidateOf(reviewed: ReviewedPlan, plan: RolePlan | null): Candidate {
  return { reviewed, plan, decision: gate(reviewed, plan) };
}

function hasPlan(candidate: Candidate): candidate is Accepted {
  return candidate.plan !== null;
}

async function execute(
  port: ApplyPort,
  run: { readonly connection: Connection; readonly checkLock: LockCheck; readonly ledger: Ledger; readonly accepted: readonly RolePlan[] },
): Promise<void> {
  const { connection, checkLock, ledger, accepted } = run;
  if (accepted.length === 0) return;
  const objection = await port.objection();
  if (objection !== null) {
    const roles = accepted.map(({ roleName }) => roleName);
    return ledger.fail(roles, objection, { isStale: true });
  }
  for (const [role, shortfall] of await port.preflight(connection, accepted)) {
    if (shortfall.withheld.size > 0) ledger.withhold(role, shortfall);
    else ledger.fail([role], shortfall.message);
  }
  const verifiers = new Map<string, string>();
  for (const plan of accepted) {
    if (!ledger.isHealthy(plan.roleName) || !makesPassword(plan)) continue;
    try {
      verifiers.set(plan.roleName, await port.preparePassword(plan));
    } catch (error) {
      ledger.fail([plan.roleName], `the credential could not be stored, so nothing was changed: ${messageOf(error)}`);
    }
  }
  const ready = accepted.filter((plan) => ledger.isHealthy(plan.roleName)).map((plan) => withoutWithheld(plan, ledger));
  await executeBatches(port, {
    lock: connection,
    checkLock,
    maintenanceDatabase: port.maintenanceDatabase,
    ledger,
    plans: ready,
    verifiers,
  });
}

function withoutWithheld(plan: RolePlan, ledger: Ledger): RolePlan {
  const withheld = ledger.withheld(plan.roleName);
  return withheld.size === 0 ? plan : { ...plan, statements: plan.statements.filter(({ sql }) => !withheld.has(sql)), withheld };
}

/**
 * Promotes credentials, of this run and of one that was interrupted. A password that the server has is delivered, too, where a
 * database failed later (F40).
 */
async function settleCredentials(port: ApplyPort, ledger: Ledger, candidates: readonly Accepted[]): Promise<void> {
  for (const { plan, decision } of candidates) {
    const isCommitted = decision.kind === "proceed" && makesPassword(plan) && ledger.sharedOutcome(plan.roleName) === "applied";
    const isDone = isCommitted || decision.kind === "skip" || (decision.kind === "proceed" && ledger.isHealthy(plan.roleName));
    if (!isDone || port.signal.aborted || plan.config.type === "orphaned") continue;
    const problem = await port.settleCredential(plan, isCommitted).catch(messageOf);
    if (problem !== null) ledger.fail([plan.roleName], problem);
  }
}

/** Plans once more: nothing may be left of what was applied. @returns these plans by role name, where there are any. */
async function prove(port: ApplyPort, ledger: Ledger, accepted: readonly RolePlan[]): Promise<ReadonlyMap<string, RolePlan>> {
  const applied = accepted.filter(({ roleName }) => ledger.isHealthy(roleName));
  if (applied.length === 0) return new Map();
  const plans = await port.plan({ isProof: true }).catch(messageOf);
  if (typeof plans === "string") {
    const names = applied.map(({ roleName }) => roleName);
    const problem = port.signal.aborted
      ? "applied, and cancelled before that was proved; plan again"
      : `applied, but it could not be proved: ${plans}`;
    ledger.fail(names, problem);
    return new Map();
  }
  const after = new Map(plans.map((plan) => [plan.roleName, plan]));
  for (const planned of applied) {
    const { roleName } = planned;
    const left = after.get(roleName);
    if (left === undefined || left.status === "in-sync" || isOnlyBlocked(withoutTraceless(withoutWithheld(left, ledger)), planned))
      continue;
    const statements = left.statements.slice(0, maximumStatements).map((statement) => statement.sql);
    if (isLessBlocked(left, planned)) {
      ledger.fail([roleName], "applied, and part of what stood in its way is gone since: plan and apply again");
      continue;
    }
    const more = left.statements.length > statements.length ? [`and ${left.statements.length - statements.length} more`] : [];
    ledger.fail([roleName], `applied, but it does not stay: the next plan says ${[left.message, ...statements, ...more].join("; ")}`);
  }
  return after;
}

function withoutTraceless(plan: RolePlan): RolePlan {
  return { ...plan, statements: plan.statements.filter(({ change }) => leavesTrace(change)) };
}

/** Whether nothing is left but what was blocked, or left out, from the beginning. */
function isOnlyBlocked(left: RolePlan, planned: RolePlan): boolean {
  const known = new Set(planned.blockers.map(({ message }) => message));
  return left.status === "out-of-sync" && left.statements.length === 0 && left.blockers.every(({ message }) => known.has(message));
}

/** Something of it was granted to another role that this very apply took it from, or was revoked meanwhile. */
function isLessBlocked(left: RolePlan, planned: RolePlan): boolean {
  const still = new Set(left.blockers.map(({ message }) => message));
  return left.status === "out-of-sync" && planned.blockers.some(({ message }) => !still.has(message));
}

/**
 * The role is not as it is to be, whatever else was done.
 * @param after the plan made since: what this very apply has cleared away is in nobody's way any more. One that failed knows nothing of that.
 */
function tellBlocked(planned: RolePlan, after: RolePlan, ledger: Ledger): void {
  const { roleName, blockers } = after.status === "failed" ? planned : after;
  if (blockers.length === 0) return;
  const done = ledger.isHealthy(roleName) ? "; everything else was applied" : "";
  ledger.fail([roleName], [`${blockedMessage(blockers)}${done}`, ...blockers.flatMap(({ sql }) => sql)].join("\n"));
}

function outcomeOf({ reviewed, plan, decision }: Candidate, ledger: Ledger): ApplyOutcome {
  const role = reviewed.roleName;
  const nothing = { planSid: reviewed.sid, statements: [], databases: {} };
  switch (decision.kind) {
    case "skip": {
      const problems = ledger.problems(role);
      return {
        ...nothing,
        status: problems.length === 0 ? "skipped" : "failed",
        message: [decision.message, ...problems].join("; "),
        output: "",
      };
    }
    case "refuse":
      return { ...nothing, status: "refused", message: decision.staleness.message, output: "" };
    case "fail":
      return {
        ...nothing,
        status: "failed",
        message: decision.message,
        output: plan?.blockers.flatMap(({ sql }) => sql.map((line) => `${line}\n`)).join("") ?? "",
      };
    case "proceed": {
      const problems = ledger.problems(role);
      const isRefused = ledger.isStale(role) && !ledger.isTouched(role);
      return {
        planSid: reviewed.sid,
        status: problems.length === 0 ? "success" : isRefused ? "refused" : "failed",
        message: problems.length === 0 ? `applied: ${plan?.message ?? ""}` : problems.map(firstLine).join("; "),
        output: problems.map((problem) => `${problem}\n`).join(""),
        statements: ledger.statements(role),
        databases: ledger.databases(role),
      };
    }
  }
}

/** What follows it, such as SQL to run, is for the output. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
