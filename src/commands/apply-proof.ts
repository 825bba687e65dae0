// What a transaction of an apply has to have reached before its COMMIT, and whether it would still be the same. Pure.
import { ProofError } from "../apply/run-batch.ts";
import { placeOf } from "../diff/observed-entries.ts";
import type { Batch } from "../model/batch.ts";
import { partKey, schemaOf } from "../model/change.ts";
import type { BulkKind } from "../model/object-ref.ts";
import type { DatabaseCatalog, Observed } from "../model/observed.ts";
import type { RolePlan } from "../model/plan.ts";
import { statementsOf, type Proof, type Residue } from "../reconcile.ts";

/** Revoking is quadratic in the tables of one transaction before 15, and a transaction should stay short where there are many. */
const splitBelowVersion = 150_000;
const largeSchemaTables = 5_000;

/** Statements of a residue that are named. */
const maximumNamed = 5;

/**
 * @param before what the plan under the lock was made from.
 * @throws ProofError
 */
export function requireReached(batch: Batch, { left, catalog }: Residue, before: Observed | null): void {
  const moved = catalog === null ? [] : movedSchemas(batch, { catalog, before });
  if (moved.length > 0)
    throw new ProofError(`tables, sequences or routines came or went in ${moved.join(", ")} after the plan was reviewed`, true);
  if (left.length > 0)
    throw new ProofError(`the result was not what was planned; it would still take: ${left.slice(0, maximumNamed).join("; ")}`, false);
}

/** What of its part a batch answers for. */
export function proofOf(batch: Batch, plans: readonly RolePlan[]): Proof {
  const own = batch.schema;
  // Another database may have a schema of the same name.
  const here = plans.flatMap(({ statements }) => statements.filter(({ part }) => partKey(part) === partKey(batch.part)));
  const split = new Set(here.map(({ change }) => schemaOf(change)));
  return {
    part: batch.part,
    roles: new Set(plans.map((plan) => plan.roleName)),
    withheld: new Set(plans.flatMap(({ withheld }) => [...(withheld ?? [])])),
    kept: new Set(plans.filter(({ blockers }) => blockers.length > 0).map(({ roleName }) => roleName)),
    // What others can run is a revocation.
    granters: new Set(plans.filter(({ blockers }) => blockers.some(({ sql }) => sql.length > 0)).map(({ roleName }) => roleName)),
    // A batch of one schema answers for that one; the batch of the rest must not answer for schemas that have their own.
    schemas:
      own === null
        ? (schema) => batch.statements.some(({ change }) => schemaOf(change) === schema) || !split.has(schema)
        : (schema) => schema === own,
  };
}

/** Whether a schema gets its own transaction. */
export function isSplit(observed: Observed | null, database: string, schema: string): boolean {
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

/** Whether a batch would be planned again as it was: the same statements, from the same observations of what it is about. */
export function isSameBatch(batch: Batch, plans: readonly RolePlan[], fresh: readonly RolePlan[]): boolean {
  const proof = proofOf(batch, plans);
  const byRole = new Map(fresh.map((plan) => [plan.roleName, plan]));
  return plans.every((planned) => {
    const again = byRole.get(planned.roleName);
    return again !== undefined && textOf(again, proof) === textOf(planned, proof);
  });
}

/** What this run has committed already, in other schemas of the database or before a role goes, is no change by somebody else. */
function textOf(plan: RolePlan, proof: Proof): string {
  const { part, schemas } = proof;
  const database = part.phase === "database" ? part.database : null;
  const isObserved = part.phase === "cluster" || part.phase === "database";
  const observed = plan.observed.filter((entry) => {
    const place = placeOf(entry);
    return isObserved && place.database === database && schemas(place.schema);
  });
  return JSON.stringify([statementsOf(plan, proof), observed]);
}
