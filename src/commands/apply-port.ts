// What apply needs of the other stages, for one resource.
import { setTimeout as pause } from "node:timers/promises";
import type { ApplyPort } from "../apply/apply.ts";
import { identityCheck } from "../apply/identity.ts";
import type { Connection } from "../io/postgres.ts";
import { withTransaction } from "../io/transaction.ts";
import type { Observed } from "../model/observed.ts";
import type { RolePlan } from "../model/plan.ts";
import { batchesOf } from "../plan/batches.ts";
import { observe, planObserved, planPart, residue, withoutRotations, type Goal, type Proof } from "../reconcile.ts";
import { preflight } from "../apply/preflight.ts";
import { isSameBatch, isSplit, proofOf, requireReached } from "./apply-proof.ts";
import type { Connector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import { createCredentialPort } from "./credential-port.ts";
import type { Workspace } from "./workspace.ts";

export function createApplyPort(input: {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly connector: Connector;
  readonly goal: Goal;
  readonly report: (text: string) => void;
  /** Called with the plans that are about to be carried out. */
  readonly begin?: ApplyPort["begin"];
}): ApplyPort {
  const { context, workspace, connector, goal } = input;
  const { resource, settings } = goal;
  const check = identityCheck(`resource ${JSON.stringify(resource.name)} at ${resource.host}:${resource.port}`);
  const open = async (database: string): Promise<Connection> => check(await connector.open(resource, database));
  let before: Observed | null = null;

  async function plan({ isProof }: { readonly isProof: boolean }): Promise<readonly RolePlan[]> {
    input.report(isProof ? "proving that nothing is left" : "planning again");
    const observed = await observe(goal, open);
    before ??= observed;
    return planObserved(isProof ? withoutRotations(goal) : goal, observed);
  }

  return {
    openMaintenance: async () => check(await connector.openHeld(resource, resource.maintenanceDatabase)),
    maintenanceDatabase: resource.maintenanceDatabase,
    open,
    plan,
    begin: input.begin ?? (() => Promise.resolve()),
    prove: async (transaction, batch, plans) => requireReached(batch, await residue(goal, proofOf(batch, plans), transaction), before),
    objection: async () => (await workspace.objection?.()) ?? null,
    preflight: (connection, plans) => preflight({ connection, open, plans }),
    ...createCredentialPort(input),
    batches: (plans) => batchesOf(plans, (database, schema) => isSplit(before, database, schema)),
    isUnchanged: async (connection, batch, plans) => isSameBatch(batch, plans, await planAgain(goal, proofOf(batch, plans), connection)),
    signal: context.signal,
    lockWaitSeconds: settings.timeouts.connectSeconds * 3,
    now: () => performance.now(),
    // Whoever cancels does not wait for the end of a pause.
    sleep: (milliseconds) => pause(milliseconds, undefined, { signal: context.signal }).catch(() => undefined),
    random: () => (context.randomBytes(1)[0] ?? 0) / 256,
    progress: input.report,
  };
}

/** On the connection of the batch: whoever holds one place and waits for another may wait for ever. */
async function planAgain(goal: Goal, proof: Proof, connection: Connection): Promise<readonly RolePlan[]> {
  const options = { isolation: "repeatable read", readOnly: true } as const;
  return (await withTransaction(connection, options, (db) => planPart(goal, proof, db))).plans;
}
