// The hub's snapshot of one role: for people and for its session. What the checksum covers is in observed-entries.ts.
import type { CurrentState, ScopeState, ScopeStatus } from "../model/plan.ts";
import type { SchemaInfo } from "../model/observed.ts";
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
    memberships: role.observed.cluster.memberships
      .filter((membership) => membership.member === role.spec.roleName)
      .map((membership) => membership.role)
      .toSorted(compareNames),
    scope_states: Object.fromEntries(databases.flatMap(scopeStates)),
  };
}

/** NULLs are left out: the hub's file shows what is set. */
function attributesOf(attributes: object): CurrentState["attributes"] {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

/** The schemas in scope, and those where the role holds something although they are not. */
function scopeStates(context: DatabaseContext): readonly (readonly [string, ScopeState])[] {
  const held = new Set(context.catalog.bulkGrants.map((grant) => grant.schema));
  return context.catalog.schemas
    .filter((schema) => context.inScope.has(schema.name) || held.has(schema.name))
    .map((schema) => [formatScope({ database: context.catalog.name, schema: schema.name }), scopeState(context, schema)] as const);
}

function scopeState(context: DatabaseContext, schema: SchemaInfo): ScopeState {
  const grants = context.catalog.bulkGrants.filter((grant) => grant.schema === schema.name && grant.kind === "tables");
  const wanted: readonly string[] = context.inScope.has(schema.name) ? context.wanted.tables : [];
  const bulk = grants.filter((grant) => schema.tables > 0 && grant.held === schema.tables).map((grant) => grant.privilege);
  const missing = exceptions(context, schema.name, "missing");
  const extra = exceptions(context, schema.name, "extra");
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

function exceptions(context: DatabaseContext, schema: string, which: "missing" | "extra"): Readonly<Record<string, readonly string[]>> {
  const byTable = new Map<string, string[]>();
  for (const exception of context.catalog.exceptions) {
    if (exception.schema !== schema || exception.kind !== "tables" || exception.which !== which) continue;
    for (const name of exception.names) byTable.set(name, [...(byTable.get(name) ?? []), exception.privilege]);
  }
  return Object.fromEntries(byTable);
}
