// What apply needs of the other stages, for one resource.
import { setTimeout as pause } from "node:timers/promises";
import type { ApplyPort } from "../apply/apply.ts";
import { identityCheck } from "../apply/identity.ts";
import { ProofError, type Batch } from "../apply/run-batch.ts";
import type { Connection } from "../io/postgres.ts";
import { withTransaction } from "../io/transaction.ts";
import { partKey, schemaOf, type Part } from "../model/change.ts";
import type { BulkKind } from "../model/object-ref.ts";
import type { DatabaseCatalog, Observed } from "../model/observed.ts";
import type { RolePlan } from "../model/plan.ts";
import { batchesOf } from "../plan/merge.ts";
import { observe, planObserved, planPart, residue, withoutRotations, type Goal, type Proof } from "../reconcile.ts";
import { preflight } from "../apply/preflight.ts";
import type { Connector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import { createCredentialPort } from "./credential-port.ts";
import type { Workspace } from "./workspace.ts";

/** Revoking is quadratic in the tables of one transaction before 15, and a transaction should stay short where there are many. */
const splitBelowVersion = 150_000;
const largeSchemaTables = 5_000;

export function createApplyPort(input: {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly connector: Connector;
  readonly goal: Goal;
  readonly report: (text: string) => void;
}): ApplyPort {
  const { context, connector, goal } = input;
  const { resource } = goal;
  const check = identityCheck(`resource ${JSON.stringify(resource.name)} at ${resource.host}:${resource.port}`);
  const open = async (database: string): Promise<Connection> => check(await connector.open(resource, database));
  let before: Observed | null = null;

  async function plan({ isProof }: { readonly isProof: boolean }): Promise<readonly RolePlan[]> {
    input.report(isProof ? "proving that nothing is left" : "planning again");
    const observed = await observe(goal, open);
    before ??= observed;
    return planObserved(isProof ? withoutRotations(goal) : goal, observed);
  }

  async function prove(transaction: Connection, batch: Batch, plans: readonly RolePlan[]): Promise<void> {
    const { left, catalog } = await residue(goal, proofOf(batch, plans), transaction);
    const moved = catalog === null ? [] : movedSchemas(batch, { catalog, before });
    if (moved.length > 0)
      throw new ProofError(`tables, sequences or routines came or went in ${moved.join(", ")} after the plan was reviewed`, true);
    if (left.length > 0)
      throw new ProofError(`the result was not what was planned; it would still take: ${left.slice(0, 5).join("; ")}`, false);
  }

  return {
    openMaintenance: async () => check(await connector.openHeld(resource, resource.maintenanceDatabase)),
    maintenanceDatabase: resource.maintenanceDatabase,
    open,
    plan,
    prove,
    preflight: (connection, plans) => preflight({ connection, open, plans }),
    ...createCredentialPort(input),
    batches: (plans) => batchesOf(plans, (database, schema) => isSplit(before, database, schema)),
    // On the connection of the batch: whoever holds one place and waits for another may wait for ever.
    isUnchanged: async (connection, batch, plans) => {
      const fresh = await withTransaction(connection, { isolation: "repeatable read", readOnly: true }, (db) =>
        planPart(goal, batch.part, db),
      );
      return plans.every((planned) => isSamePart(planned, fresh.plans, batch.part));
    },
    signal: context.signal,
    lockWaitSeconds: goal.settings.timeouts.connectSeconds * 3,
    now: () => performance.now(),
    sleep: (milliseconds) => pause(milliseconds),
    random: () => (context.randomBytes(1)[0] ?? 0) / 256,
    progress: input.report,
  };
}

function proofOf(batch: Batch, plans: readonly RolePlan[]): Proof {
  const own = batch.schema;
  const split = new Set(plans.flatMap((plan) => plan.statements.map((statement) => schemaOf(statement.change))));
  return {
    part: batch.part,
    roles: new Set(plans.map((plan) => plan.roleName)),
    // A batch of one schema answers for that one; the batch of the rest must not answer for schemas that have their own.
    schemas:
      own === null
        ? (schema) => batch.statements.some(({ change }) => schemaOf(change) === schema) || !split.has(schema)
        : (schema) => schema === own,
  };
}

function isSplit(observed: Observed | null, database: string, schema: string): boolean {
  if (observed === null) return false;
  const catalog = observed.databases.get(database);
  const tables = catalog && "schemas" in catalog ? (catalog.schemas.find(({ name }) => name === schema)?.tables ?? 0) : 0;
  return observed.cluster.server.version < splitBelowVersion ? tables > 0 : tables > largeSchemaTables;
}

/** Schemas that the batch touches and whose relations are not those that the plan was made for. */
function movedSchemas(
  batch: Batch,
  { catalog, before }: { readonly catalog: DatabaseCatalog; readonly before: Observed | null },
): readonly string[] {
  const planned = before?.databases.get(catalog.name);
  if (!planned || !("schemas" in planned)) return [];
  const kinds: readonly BulkKind[] = ["tables", "sequences", "routines"];
  const touched = new Set(batch.statements.map(({ change }) => schemaOf(change)).filter((schema) => schema !== null));
  return catalog.schemas
    .filter(({ name }) => touched.has(name))
    .filter((schema) => {
      const then = planned.schemas.find(({ name }) => name === schema.name);
      return kinds.some((kind) => then?.digests[kind] !== schema.digests[kind]);
    })
    .map(({ name }) => `${catalog.name}.${name}`);
}

/** The same statements for a part, from the same observations of it. */
function isSamePart(planned: RolePlan, fresh: readonly RolePlan[], part: Part): boolean {
  const again = fresh.find((plan) => plan.roleName === planned.roleName);
  return again !== undefined && partText(again, part) === partText(planned, part);
}

function partText(plan: RolePlan, part: Part): string {
  const prefix = part.phase === "database" ? `database ${JSON.stringify(part.database)}:` : null;
  const statements = plan.statements.filter((statement) => partKey(statement.part) === partKey(part)).map((statement) => statement.sql);
  const observed = plan.observed.filter((line) => (prefix === null ? !line.startsWith("database ") : line.startsWith(prefix)));
  return JSON.stringify([statements, observed]);
}
