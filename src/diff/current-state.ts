// The hub's snapshot of one role: for people and for its session. What the checksum covers is in observed-entries.ts.
import type { CurrentState, ScopeState, ScopeStatus } from "../model/plan.ts";
import type { BulkException, BulkGrant, SchemaInfo } from "../model/observed.ts";
import { formatScope } from "../model/scope.ts";
import { compareNames } from "../model/name.ts";
import type { DatabaseContext } from "./database-context.ts";
import { observedRole, type RoleContext } from "./role-context.ts";

export function currentState(input: {
  readonly role: RoleContext;
  readonly databases: readonly DatabaseContext[];
  readonly requiresMigration: boolean;
}): CurrentState {
  const { role, databases, requiresMigration } = input;
  const observed = observedRole(role);
  return {
    role: role.spec.roleName,
    requires_migration: requiresMigration,
    exists: observed !== undefined,
    attributes: observed ? attributesOf(observed.attributes) : {},
    memberships: role.observed.cluster.memberships.map((membership) => membership.role).toSorted(compareNames),
    scope_states: Object.fromEntries(databases.flatMap(scopeStates)),
  };
}

/** NULLs are left out: the hub's file shows what is set. */
function attributesOf(attributes: object): CurrentState["attributes"] {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

/** The schemas in scope, and those where the role holds something although they are not. */
function scopeStates(context: DatabaseContext): readonly (readonly [string, ScopeState])[] {
  const { catalog, inScope } = context;
  const held = Map.groupBy(catalog.bulkGrants, (grant) => grant.schema);
  const exceptions = Map.groupBy(catalog.exceptions, (exception) => exception.schema);
  return catalog.schemas
    .filter(({ name }) => inScope.has(name) || held.has(name))
    .map((schema) => {
      const state = scopeState(context, schema, { held: held.get(schema.name) ?? [], exceptions: exceptions.get(schema.name) ?? [] });
      return [formatScope({ database: catalog.name, schema: schema.name }), state] as const;
    });
}

/** @param rows those of the schema. */
function scopeState(
  context: DatabaseContext,
  schema: SchemaInfo,
  rows: { readonly held: readonly BulkGrant[]; readonly exceptions: readonly BulkException[] },
): ScopeState {
  const grants = rows.held.filter((grant) => grant.kind === "tables");
  const wanted: readonly string[] = context.inScope.has(schema.name) ? context.wanted.tables : [];
  const bulk = grants.filter((grant) => schema.tables > 0 && grant.held === schema.tables).map((grant) => grant.privilege);
  const missing = namesByTable(rows.exceptions, "missing");
  const extra = namesByTable(rows.exceptions, "extra");
  return {
    bulk_privileges: bulk,
    table_count: schema.tables,
    status: statusOf({ schema, grants: grants.length, bulk, wanted, hasExtra: Object.keys(extra).length > 0 }),
    exceptions: { missing, extra },
  };
}

function statusOf(input: {
  readonly schema: SchemaInfo;
  readonly grants: number;
  readonly bulk: readonly string[];
  readonly wanted: readonly string[];
  readonly hasExtra: boolean;
}): ScopeStatus {
  const { schema, grants, bulk, wanted, hasExtra } = input;
  if (schema.tables === 0 && grants === 0) return "empty-schema";
  if (grants === 0 && wanted.length > 0) return "out-of-sync/unprovisioned";
  const isExact = wanted.every((privilege) => bulk.includes(privilege)) && bulk.every((privilege) => wanted.includes(privilege));
  return isExact && !hasExtra ? "in-sync" : "out-of-sync/drifted";
}

function namesByTable(exceptions: readonly BulkException[], which: BulkException["which"]): Readonly<Record<string, readonly string[]>> {
  const byTable = new Map<string, string[]>();
  for (const exception of exceptions) {
    if (exception.kind !== "tables" || exception.which !== which) continue;
    for (const name of exception.names) byTable.set(name, [...(byTable.get(name) ?? []), exception.privilege]);
  }
  return Object.fromEntries(byTable);
}
