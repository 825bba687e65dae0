// The loop on one screen: observe what is, compare it with what is wanted, plan the way from one to the other.
// Read this file first. Apply runs the same loop under a lock, and once more inside each transaction before its COMMIT.
import { messageOf } from "./model/error-message.ts";
import { diff } from "./diff/diff.ts";
import { interestsOf } from "./diff/interest.ts";
import { introspectCluster } from "./introspect/cluster.ts";
import { introspectDatabase } from "./introspect/database.ts";
import { isNameError, withAdvice } from "./introspect/name-error.ts";
import type { Connection } from "./io/postgres.ts";
import { withTransaction } from "./io/transaction.ts";
import { leavesTrace, partKey, schemaOf, type Part } from "./model/change.ts";
import type { DatabaseInterest } from "./model/interest.ts";
import { markersOf } from "./model/marker.ts";
import { isUndecoded } from "./model/name.ts";
import type { ClusterCatalog, DatabaseCatalog, Observed, Unreachable } from "./model/observed.ts";
import type { RolePlan } from "./model/plan.ts";
import type { Queryable } from "./model/queryable.ts";
import type { Resource } from "./model/resource.ts";
import type { RoleSpec } from "./model/role-spec.ts";
import type { Settings } from "./model/settings.ts";
import { planRole } from "./plan/plan.ts";

/** What one resource is reconciled with. */
export type Goal = {
  readonly resource: Resource;
  /** Every declared role spec of the resource: no declared role is an orphan, and one spec may need what another makes. */
  readonly specs: readonly RoleSpec[];
  /** Names of the roles to plan in this run; with orphans, where an apply was given plans of such. */
  readonly planned: ReadonlySet<string>;
  /** Of the planned ones and the orphans, those to compare; all of them unless it says so. The others are as they are. */
  readonly compared?: ReadonlySet<string>;
  /** Of the planned ones, those that no file of the repository declares: they come from flags, or from a file of their own. */
  readonly undeclared?: ReadonlySet<string>;
  /** What is declared for other resources, by role name: two resources of an inventory may be one cluster. */
  readonly declaredElsewhere?: ReadonlyMap<string, RoleSpec>;
  /** Roles whose plan was blocked, where it is made again from only a part of the databases. */
  readonly kept?: ReadonlySet<string>;
  /** Of those, the roles that have granted something onwards. */
  readonly granters?: ReadonlySet<string>;
  /** What was planned has been done, and is proved. */
  readonly isDone?: boolean;
  /** False where a person asked for certain role specs only. */
  readonly withOrphans: boolean;
  readonly settings: Settings;
};

/** Opens a connection to one database of the resource, within the run's bounds. */
export type OpenDatabase = (database: string) => Promise<Connection>;

/** Reads, compares, plans: one plan for each role spec, then one for each orphan. */
export async function planResource(goal: Goal, open: OpenDatabase): Promise<readonly RolePlan[]> {
  return planObserved(goal, await observe(goal, open));
}

/** One connection for the cluster, then one for each database: D + 1 for any number of roles. */
export async function observe(goal: Goal, open: OpenDatabase): Promise<Observed> {
  const { cluster, isPooled } = await reading(open, goal.resource.maintenanceDatabase, async (connection) => {
    return { cluster: await observeCluster(goal, connection), isPooled: connection.isPooled };
  });
  const databases = await Promise.all(interestsOf(goal, cluster).map((interest) => observeDatabase(interest, open)));
  const unreachable = databases.filter((database) => "unreachable" in database).map((database) => database.name);
  return {
    cluster: unreachable.length === 0 ? cluster : { ...cluster, footprints: await footprintsIn(unreachable, goal, open) },
    databases: new Map(databases.map((database) => [database.name, database])),
    isPooled,
  };
}

/**
 * A declared database is looked into anyway, so that nobody asks beforehand who holds something there. Where it could not be read,
 * roles that do not declare it may hold something in it, too: they are not in sync either.
 */
async function footprintsIn(unreachable: readonly string[], goal: Goal, open: OpenDatabase): Promise<ClusterCatalog["footprints"]> {
  const { footprints } = await reading(open, goal.resource.maintenanceDatabase, (db) => observeCluster(goal, db, new Set(unreachable)));
  return footprints;
}

/** Pure: the same goal and the same catalogs give the same plans. */
export function planObserved(goal: Goal, observed: Observed): readonly RolePlan[] {
  const { resource } = goal;
  const target = {
    resource: resource.name,
    host: resource.host,
    port: resource.port,
    system_identifier: observed.cluster.server.systemIdentifier,
  };
  return diff({ ...goal, observed }).map((input) => planRole(input, target, resource.maintenanceDatabase));
}

/** What a transaction has to have reached before it may commit. */
export type Proof = {
  readonly part: Part;
  /** Where a database's work is split by schema: whether a schema, or what belongs to none, is looked at. */
  readonly schemas: (schema: string | null) => boolean;
  readonly roles: ReadonlySet<string>;
  /** Roles whose plan was blocked, by something that may be in another part. */
  readonly kept: ReadonlySet<string>;
  /** Of those, the roles that have granted something onwards: the transaction may have revoked it itself. */
  readonly granters: ReadonlySet<string>;
  /** SQL of statements that were left out, since the account that applies may not run them. */
  readonly withheld: ReadonlySet<string>;
};

export type Residue = {
  /** Statements that would still be needed, and reasons why none can be planned. */
  readonly left: readonly string[];
  readonly catalog: DatabaseCatalog | null;
};

/** The same goal without rotations: a password cannot be read back, so it is never "in sync". */
export function withoutRotations(goal: Goal): Goal {
  return { ...goal, specs: goal.specs.map((spec) => ({ ...spec, rotatePassword: false })) };
}

/** Reads one part again, inside the transaction that has changed it; nothing is left where all is as planned. */
export async function residue(goal: Goal, proof: Proof, transaction: Queryable): Promise<Residue> {
  const { plans, catalog } = await planPart({ ...withoutRotations(goal), isDone: true }, proof, transaction);
  const left = plans.flatMap((plan) => (plan.status === "failed" ? [plan.message] : statementsOf(plan, proof)));
  return { left, catalog };
}

/**
 * Plans some roles from what one connection sees: the shared catalogs and, for a database's part, that database. What is said of others
 * is void.
 */
export async function planPart(
  goal: Goal,
  { part, roles, kept, granters }: Pick<Proof, "part" | "roles" | "kept" | "granters">,
  db: Queryable,
): Promise<{ readonly plans: readonly RolePlan[]; readonly catalog: DatabaseCatalog | null }> {
  const cluster = await observeCluster(goal, db);
  const [interest] = part.phase === "database" ? interestsOf(goal, cluster, part.database) : [];
  const catalog = interest ? await withAdvice(introspectDatabase(db, interest)) : null;
  const observed = { cluster, databases: new Map(catalog ? [[catalog.name, catalog]] : []) };
  return { plans: planSeen(goal, { roles, kept, granters }, observed), catalog };
}

/** Pure: plans some roles from what was seen of one part. */
export function planSeen(
  goal: Goal,
  { roles, kept, granters }: Pick<Proof, "roles" | "kept" | "granters">,
  seen: Observed,
): readonly RolePlan[] {
  return planObserved({ ...goal, compared: roles, kept, granters }, seen);
}

/** Those of a plan that a transaction answers for. */
export function statementsOf(plan: RolePlan, { part, schemas, withheld }: Proof): readonly string[] {
  return plan.statements
    .filter(({ part: at, change }) => partKey(at) === partKey(part) && schemas(schemaOf(change)) && leavesTrace(change))
    .map(({ sql }) => sql)
    .filter((sql) => !withheld.has(sql));
}

/** @param unread declared databases whose holders are asked for as those of undeclared ones are. */
function observeCluster(
  { specs, planned, settings }: Goal,
  db: Queryable,
  unread: ReadonlySet<string> = new Set(),
): Promise<ClusterCatalog> {
  const declared = new Set(specs.flatMap((spec) => spec.scopes.map((scope) => scope.database)));
  const reading = introspectCluster(db, {
    // A planned orphan that has lost its marker is not gone.
    targets: [...new Set([...specs.map((spec) => spec.roleName), ...planned])],
    // The heir of dropped orphans has to exist, too.
    sources: [
      ...specs.flatMap((spec) => spec.sourceRole ?? []),
      ...(settings.orphans.action === "drop" ? [settings.orphans.reassignTo] : []),
    ],
    declaredDatabases: [...declared.difference(unread)],
    markers: markersOf(settings.repository),
  });
  return withAdvice(reading);
}

/** One unreachable database fails its own role specs, not the run (F47). */
async function observeDatabase(interest: DatabaseInterest, open: OpenDatabase): Promise<DatabaseCatalog | Unreachable> {
  // It may be another database of a like name that opens.
  if (isUndecoded(interest.database)) {
    const unreachable = "its name is not UTF-8; rename it, on a connection to a database in the encoding of that name";
    return { name: interest.database, unreachable, isByName: true };
  }
  try {
    return await reading(open, interest.database, (db) => withAdvice(introspectDatabase(db, interest)));
  } catch (error) {
    return { name: interest.database, unreachable: messageOf(error), ...(isNameError(error) && { isByName: true }) };
  }
}

async function reading<Result>(open: OpenDatabase, database: string, read: (db: Connection) => Promise<Result>): Promise<Result> {
  await using connection = await open(database);
  return await withTransaction(connection, { isolation: "repeatable read", readOnly: true }, read);
}
