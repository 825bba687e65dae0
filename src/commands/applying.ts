// Applying reviewed plans for whoever was asked to: the command line and the Action. Plans again under a lock, refuses what differs,
// applies the rest and records a session for each.
import { messageOf } from "../model/error-message.ts";
import { applyResource } from "../apply/apply.ts";
import type { AppliedRole, ApplyOutcome } from "../model/apply-outcome.ts";
import { textOf } from "../model/display.ts";
import { basisOfPlan } from "../model/plan-basis.ts";
import { checksumVersion, type RolePlan, type Statement } from "../model/plan.ts";
import { parseScope } from "../model/scope.ts";
import type { Session } from "../model/session.ts";
import type { Goal } from "../reconcile.ts";
import { basisOfSession, renderStale } from "../review/stale-text.ts";
import { applySession, type SessionInput } from "../session/record.ts";
import type { SessionLog } from "../session/store.ts";
import { createApplyPort } from "./apply-port.ts";
import type { Connector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import { pendingCredentials } from "./credential-port.ts";
import { recordSessions } from "./record-sessions.ts";
import { recorded, unrecordedNote, type Provenance } from "./provenance.ts";
import { recordedPlan } from "./recorded-plan.ts";
import { applyGoals, reviewedPlan, type ApplyGoal } from "./reviewed.ts";
import type { Workspace } from "./workspace.ts";

type Run = {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly log: SessionLog;
  readonly connector: Connector;
  readonly provenance: Provenance;
};

export type AppliedRun = {
  readonly sessions: readonly Session[];
  /** Reviewed plans that have nothing to send to PostgreSQL. */
  readonly leftOut: number;
};

/**
 * @param input.reviewed plan sessions. @param input.provenance where they do not come from this session log. @returns one apply session for each that had something to do; all are recorded.
 */
export async function applyReviewed(
  context: CommandContext,
  workspace: Workspace,
  input: {
    readonly reviewed: readonly Session[];
    readonly log: SessionLog;
    readonly connector: Connector;
    readonly provenance?: Provenance;
  },
): Promise<AppliedRun> {
  const open = await openPlans(context, workspace, input.reviewed);
  const { log, connector, provenance = recorded } = input;
  const run = { context, workspace, log, connector, provenance };
  const progress = context.output.progress();
  const oneByOne = createTurns();
  const goals = applyGoals(workspace, open, provenance.altered).map((goal) =>
    oneByOne(addressOf(goal), () => applyGoal(run, goal, (text) => progress.set(goal.resource, text))),
  );
  // A log that cannot be written for one resource must not end the process while others are in the middle of a transaction.
  const settled = await Promise.allSettled(goals);
  progress.end();
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  const sessions = settled.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  return { sessions, leftOut: input.reviewed.length - open.length };
}

/**
 * What was in sync or could not be planned has nothing to send to PostgreSQL; but a role may be in sync while the credential that an
 * interrupted run has made for it still waits.
 */
async function openPlans(context: CommandContext, workspace: Workspace, reviewed: readonly Session[]): Promise<readonly Session[]> {
  const open: Session[] = [];
  const isPending = pendingCredentials(context, workspace);
  for (const session of reviewed) {
    const key = { resource: session.resource_name, label: session.label };
    const isOpen =
      session.status === "out-of-sync" || (session.status === "in-sync" && session.source !== "orphan" && (await isPending(key)));
    if (isOpen) open.push(session);
  }
  return open;
}

/** Resources of one server would wait for each other's lock, and not for as long as an apply may take. */
function addressOf({ goal, resource }: ApplyGoal): string {
  return goal === null ? resource : `${goal.resource.host}:${goal.resource.port}`;
}

/** Work for one address begins when what was given before it has ended; others go on meanwhile. */
function createTurns(): <Result>(address: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (address, work) => {
    const turn = (last.get(address) ?? Promise.resolve()).then(work);
    last.set(
      address,
      turn.catch(() => {}),
    );
    return turn;
  };
}

async function applyGoal(run: Run, { goal, sessions, refused }: ApplyGoal, report: (text: string) => void): Promise<readonly Session[]> {
  const startedAt = run.context.now();
  const begun = sessions.map((reviewed): Begun => ({ reviewed, startedAt, sid: run.context.randomUuid() }));
  for (const one of begun) await beginSession(run, one);
  const applied = goal === null ? [] : await applySessions(run, goal, { begun, report });
  const outcomes = [
    ...refused.map(({ session, reason }) => ({
      begun: { reviewed: session, startedAt, sid: run.context.randomUuid() },
      applied: unplanned(session, "refused", reason),
    })),
    ...applied.flatMap((outcome, index) => {
      const one = begun[index];
      return one === undefined ? [] : [{ begun: one, applied: outcome }];
    }),
  ];
  const ended = outcomes.map((outcome) => sessionOf(run, outcome.begun, outcome.applied));
  await recordSessions(run.log, ended);
  return ended;
}

async function applySessions(
  run: Run,
  goal: Goal,
  { begun, report }: { readonly begun: readonly Begun[]; readonly report: (text: string) => void },
): Promise<readonly AppliedRole[]> {
  if (begun.length === 0) return [];
  const sessions = begun.map(({ reviewed }) => reviewed);
  try {
    report("waiting for the lock");
    const port = createApplyPort({ ...run, goal, report, begin: (plans) => widenJournals(run, begun, plans) });
    const applied = await applyResource(
      port,
      sessions.map((session) => reviewedPlan(session, run.provenance)),
    );
    return applied.map(({ plan, outcome }, index) => ({ plan, outcome: withDifference(outcome, plan, sessions[index]) }));
  } catch (error) {
    const message = run.context.signal.aborted ? "cancelled; nothing was changed" : messageOf(error);
    return sessions.map((session) => unplanned(session, "failed", message));
  }
}

/** A refusal says what has changed. */
function withDifference(outcome: ApplyOutcome, plan: AppliedRole["plan"], session: Session | undefined): ApplyOutcome {
  if (outcome.status !== "refused" || session === undefined) return outcome;
  // Another version reads other things; and what came in the way later is said already.
  if ((session.checksum_version ?? 1) !== checksumVersion || session.sql_plan_checksum === plan.checksum) return outcome;
  const lines = renderStale(basisOfSession(session), basisOfPlan(plan));
  return { ...outcome, output: `${outcome.output}${lines.map((line) => `${textOf(line)}\n`).join("")}` };
}

function unplanned(session: Session, status: "refused" | "failed", message: string): AppliedRole {
  return {
    plan: recordedPlan(session, { status: "failed", message }),
    outcome: { status, message, output: "", planSid: session.sid, statements: [], databases: {} },
  };
}

/** An apply that runs: the plan that was reviewed, and what its own session will be called. */
type Begun = { readonly reviewed: Session; readonly startedAt: Date; readonly sid: string };

/**
 * The journal: should this process die, the next one records that nobody knows how far it came.
 * @param databases those that it may have changed.
 */
async function beginSession(
  { context, workspace, log }: Run,
  { reviewed, startedAt, sid }: Begun,
  databases = databasesInScope(reviewed),
): Promise<void> {
  const inDoubt = Object.fromEntries(["", ...databases].map((name) => [name, "in-doubt" as const]));
  const outcome: ApplyOutcome = {
    status: "failed",
    message: "running",
    output: "",
    planSid: reviewed.sid,
    statements: [],
    databases: inDoubt,
  };
  const input: SessionInput = {
    sid,
    startedAt,
    endedAt: context.now(),
    run: workspace.run,
    plan: recordedPlan(reviewed, { status: "failed", message: "running" }),
    source: reviewed.source,
  };
  await log.begin(applySession({ ...input, outcome }));
}

/** Plans change databases that are out of scope, too: what a role holds there is revoked. The session of a plan does not list them. */
async function widenJournals(run: Run, begun: readonly Begun[], plans: readonly RolePlan[]): Promise<void> {
  const byRole = new Map(plans.map((plan) => [plan.roleName, plan]));
  for (const one of begun) {
    const scope = databasesInScope(one.reviewed);
    const changed = databasesOf(byRole.get(one.reviewed.config.role_name)?.statements ?? []);
    if (changed.difference(scope).size > 0) await beginSession(run, one, scope.union(changed));
  }
}

function databasesInScope({ config }: Session): ReadonlySet<string> {
  return new Set(config.scopes.map(parseScope).flatMap((scope) => ("database" in scope ? [scope.database] : [])));
}

function databasesOf(statements: readonly Statement[]): ReadonlySet<string> {
  return new Set(statements.flatMap(({ part }) => (part.phase === "database" ? [part.database] : [])));
}

function sessionOf({ context, workspace, provenance }: Run, { reviewed, startedAt, sid }: Begun, applied: AppliedRole): Session {
  const input: SessionInput = { sid, startedAt, endedAt: context.now(), run: workspace.run, plan: applied.plan, source: reviewed.source };
  const note = provenance.unrecorded.has(reviewed.sid) ? unrecordedNote(reviewed.sid) : "";
  return applySession({ ...input, outcome: { ...applied.outcome, output: `${note}${applied.outcome.output}` } });
}
