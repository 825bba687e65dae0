// More objects than a statement names: ON ALL … where it may stand for them, else batches of exact statements, or none at all.
import { expect, test } from "vitest";
import type { BulkException, DatabaseCatalog, Observed, SchemaInfo } from "../../../src/model/observed.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { defaultSettings } from "../../../src/model/settings.ts";
import { planObserved } from "../../../src/reconcile.ts";
import { managedSpec } from "./specs.ts";

const schema: SchemaInfo = {
  name: "s",
  owner: "postgres",
  tables: 0,
  partitions: 0,
  sequences: 200_000,
  routines: 0,
  digests: { tables: "1", sequences: "2", routines: "3" },
  publicPrivileges: [],
  publicTablePrivileges: [],
  maximumGrantees: 0,
  creators: [],
};

function namesTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `n${String(index).padStart(6, "0")}`);
}

function planOf(exception: Pick<BulkException, "kind" | "privilege" | "which" | "names" | "total">): RolePlan {
  const spec = managedSpec("ro", { privileges: ["INSERT"], scopes: [{ database: "app", schema: "s" }] });
  const role = spec.roleName;
  const needed = exception.kind === "sequences" && exception.which === "missing" ? exception.total : 0;
  const catalog: DatabaseCatalog = {
    name: "app",
    schemas: [{ ...schema, tables: exception.kind === "tables" ? 200_000 : 0 }],
    bulkGrants:
      exception.kind === "tables"
        ? [
            {
              role,
              schema: "s",
              kind: "tables",
              privilege: exception.privilege,
              held: exception.total,
              heldByOwner: exception.total,
              heldPartitions: 0,
              heldPartitionsByOwner: 0,
            },
          ]
        : [],
    exceptions: [{ ...exception, role, schema: "s", digest: "" }],
    grants: [],
    neededSequences: needed === 0 ? [] : [{ role, schema: "s", needed, missing: needed }],
    defaultPrivileges: [],
    owns: [],
    grantsByTargets: [],
    policies: [],
  };
  const observed: Observed = {
    cluster: {
      server: {
        version: 180_000,
        systemIdentifier: "1",
        isInRecovery: false,
        currentUser: { name: "postgres", superuser: true, createRole: true },
      },
      roles: new Map(),
      memberships: [],
      membershipsGrantedByTargets: [],
      sources: new Map(),
      databases: [{ name: "app", owner: "postgres", allowsConnections: true, isTemplate: false, publicPrivileges: [] }],
      grants: [],
      grantsByTargets: [],
      footprints: [],
    },
    databases: new Map([["app", catalog]]),
  };
  const { origin } = spec;
  const resource = {
    name: "main",
    type: "PostgreSQL",
    host: "127.0.0.1",
    port: 5432,
    maintenanceDatabase: "postgres",
    tags: [],
    origin,
  } as const;
  const [plan] = planObserved(
    { resource, specs: [spec], planned: new Set([role]), settings: defaultSettings, withOrphans: false },
    observed,
  );
  if (plan === undefined) throw new Error("nothing was planned");
  return plan;
}

function statements(plan: RolePlan, start: string): readonly string[] {
  return plan.statements.map(({ sql }) => sql).filter((sql) => sql.startsWith(start));
}

test("sequences that are needed are granted by name, however many, and never on all of the schema", () => {
  const names = namesTo(100_001);
  const plan = planOf({ kind: "sequences", privilege: "USAGE", which: "missing", names, total: names.length });
  const grants = statements(plan, "GRANT USAGE ON SEQUENCE");
  expect(grants).toHaveLength(101);
  expect(grants.flatMap((sql) => sql.match(/"n\d+"/gu) ?? [])).toEqual(names.map((name) => `"${name}"`));
  expect(plan.sqlPlan).not.toContain("ALL SEQUENCES");
});

test.each([
  ["sequences", "USAGE", "missing", 1_500],
  ["sequences", "UPDATE", "extra", 1_500],
  ["tables", "DELETE", "extra", 1_500],
] as const)("nothing is planned where %s have to be named one by one and are too many (%s %s)", (kind, privilege, which, listed) => {
  const plan = planOf({ kind, privilege, which, names: namesTo(listed), total: 2_000 });
  expect([plan.status, plan.statements]).toEqual(["failed", []]);
  expect(plan.message).toContain(
    `app.s: ${privilege} is ${which} on 2000 ${kind}, which have to be named one by one, and no plan names more than 1500`,
  );
});

test("tables that ON ALL TABLES may stand for are not named where there are too many", () => {
  const plan = planOf({ kind: "tables", privilege: "DELETE", which: "extra", names: namesTo(1_000), total: 2_000 });
  expect(statements(plan, "REVOKE DELETE")).toEqual([expect.stringContaining('ON ALL TABLES IN SCHEMA "s"')]);
});
