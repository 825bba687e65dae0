// Laws of the difference that need no server: what is as declared has none, and what the reviewer relied on is all of it, in any order.
import { compareNames } from "../../../src/model/name.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interestsOf } from "../../../src/diff/interest.ts";
import type { BulkGrant, DatabaseCatalog, ObjectGrant, Observed, SchemaInfo } from "../../../src/model/observed.ts";
import { expandPrivileges, type Privilege } from "../../../src/model/privilege.ts";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import { defaultSettings } from "../../../src/model/settings.ts";
import { planObserved, type Goal } from "../../../src/reconcile.ts";
import { listScenarios, readGoal } from "../../support/scenarios/scenario.ts";
import { parseObserved } from "../../support/scenarios/observed-json.ts";
import { readGolden } from "../../support/scenarios/goldens.ts";

const version = 180_000;
const role = "hoopdev_main_ro_12345678";
const marked = "Managed in Git, do not change by hand [rolewright local]";

const anySpec: fc.Arbitrary<RoleSpec> = fc
  .record({
    scopes: fc.uniqueArray(fc.record({ database: fc.constantFrom("a", 'b"'), schema: fc.constantFrom(null, "s", "t.u") }), {
      maxLength: 4,
      selector: (scope) => JSON.stringify(scope),
    }),
    privileges: fc.subarray<Privilege>(["SELECT", "INSERT", "MAINTAIN", "CREATE", "EXECUTE", "ALL"]),
    connectionLimit: fc.option(fc.nat({ max: 9 })),
    expiresAt: fc.constantFrom(null, "2031-02-03T04:05:06Z"),
  })
  .map((drawn) => ({
    ...drawn,
    resource: "main",
    label: "ro",
    roleName: role,
    type: "managed",
    sourceRole: null,
    rotatePassword: false,
    futureObjects: false,
    acknowledgeHazards: [],
    origin: { file: "roles.yaml", line: 1, column: 1 },
  }));

const anyCounts = fc.record({
  tables: fc.nat({ max: 5 }),
  partitions: fc.nat({ max: 3 }),
  sequences: fc.nat({ max: 3 }),
  routines: fc.nat({ max: 3 }),
});

type Counts = { readonly tables: number; readonly partitions: number; readonly sequences: number; readonly routines: number };

function goalOf(spec: RoleSpec): Goal {
  return {
    resource: {
      name: "main",
      type: "PostgreSQL",
      host: "127.0.0.1",
      port: 5432,
      maintenanceDatabase: "postgres",
      tags: [],
      origin: spec.origin,
    },
    specs: [spec],
    settings: defaultSettings,
    planned: new Set([role]),
    withOrphans: true,
  };
}

/** The catalogs of a cluster in which a role holds exactly what is declared. */
function asDeclared(spec: RoleSpec, counts: Counts): Observed {
  const wanted = expandPrivileges(spec.privileges, version).byKind;
  const held = (object: ObjectGrant["object"], privilege: string): ObjectGrant => ({
    role,
    object,
    privilege,
    grantable: false,
    grantor: "postgres",
    byOwner: true,
  });
  const catalogOf = (name: string): DatabaseCatalog => {
    const schemas = ["s", "t.u"].map((schema): SchemaInfo => ({
      name: schema,
      owner: "postgres",
      ...counts,
      digests: { tables: "1", sequences: "2", routines: "3" },
      publicPrivileges: [],
      publicTablePrivileges: [],
      maximumGrantees: 0,
      creators: [],
    }));
    const inScope = schemas.filter((schema) =>
      spec.scopes.some((scope) => scope.database === name && (scope.schema === null || scope.schema === schema.name)),
    );
    const bulk = (kind: "tables" | "routines", privilege: string, schema: string): BulkGrant => ({
      role,
      schema,
      kind,
      privilege,
      held: counts[kind],
      heldByOwner: counts[kind],
      heldPartitions: 0,
      heldPartitionsByOwner: 0,
    });
    return {
      name,
      schemas,
      bulkGrants: inScope.flatMap((schema) => [
        ...(counts.tables > 0 ? wanted.tables.map((privilege) => bulk("tables", privilege, schema.name)) : []),
        ...(counts.routines > 0 ? wanted.routines.map((privilege) => bulk("routines", privilege, schema.name)) : []),
      ]),
      exceptions: [],
      grants: inScope.flatMap((schema) => wanted.schemas.map((privilege) => held({ kind: "schema", name: schema.name }, privilege))),
      neededSequences: [],
      defaultPrivileges: [],
      owns: [],
      grantsByTargets: [],
      policies: [],
    };
  };
  const databases = ["a", 'b"'];
  const attributes = {
    login: true,
    inherit: true,
    superuser: false,
    createDb: false,
    createRole: false,
    replication: false,
    bypassRls: false,
    connectionLimit: spec.connectionLimit ?? -1,
    validUntil: spec.expiresAt,
  };
  return {
    cluster: {
      server: { version, systemIdentifier: "1", isInRecovery: false, currentUser: { name: "postgres", superuser: true, createRole: true } },
      roles: new Map([[role, { name: role, attributes, comment: marked }]]),
      memberships: [],
      membershipsGrantedByTargets: [],
      sources: new Map(),
      databases: databases.map((name) => ({ name, owner: "postgres", allowsConnections: true, isTemplate: false, publicPrivileges: [] })),
      grants: databases
        .filter((name) => spec.scopes.some(({ database }) => database === name))
        .map((name) => held({ kind: "database", name }, "CONNECT")),
      grantsByTargets: [],
      footprints: [],
    },
    databases: new Map(databases.map((name) => [name, catalogOf(name)])),
  };
}

describe("the difference", () => {
  it("F10 of what is as declared is empty", () => {
    fc.assert(
      fc.property(anySpec, anyCounts, (spec, counts) => {
        const [plan] = planObserved(goalOf(spec), asDeclared(spec, counts));
        expect([plan?.status, plan?.statements]).toEqual(["in-sync", []]);
      }),
    );
  });

  it("asks only for databases that are declared or hold something", () => {
    fc.assert(
      fc.property(anySpec, anyCounts, (spec, counts) => {
        const asked = interestsOf(goalOf(spec), asDeclared(spec, counts).cluster).map(({ database }) => database);
        expect(asked).toEqual([...new Set(spec.scopes.map(({ database }) => database))].toSorted());
      }),
    );
  });
});

const stories = await Promise.all(
  listScenarios().flatMap((scenario) => {
    const before = readGolden(scenario, "before.json");
    return before === null ? [] : [readGoal(scenario).then((goal) => ({ name: scenario.name, goal, observed: parseObserved(before) }))];
  }),
);

/** The same value with every list in another order. Names of a list that the server sorts stay as they are. */
function shuffled<Value>(value: Value, random: () => number): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random) as unknown);
    return (
      items.every((item) => typeof item === "string")
        ? items
        : items
            .map((item) => ({ item, at: random() }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ item }) => item)
    ) as Value;
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, shuffled(item, random)])) as Value;
  if (value instanceof Set || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shuffled(item, random)])) as Value;
}

const standing = stories.filter(({ goal, observed }) => goal.specs.every(({ roleName }) => observed.cluster.roles.has(roleName)));

describe("a comparison of some roles only", () => {
  it.each(standing.map((story) => [story.name, story] as const))("says the same of them as one of all (%s)", (_, { goal, observed }) => {
    const all = planObserved(goal, observed);
    for (const plan of all) expect(planObserved({ ...goal, compared: new Set([plan.roleName]) }, observed)).toEqual([plan]);
  });
});

describe("what the reviewer relied on", () => {
  it.each(stories.map((story) => [story.name, story] as const))("is the same in any order (%s)", (_, { goal, observed }) => {
    const plans = (of: Observed, specs: readonly RoleSpec[]): string =>
      JSON.stringify(
        planObserved({ ...goal, specs }, of)
          .map((plan) => [plan.roleName, plan.checksum, plan.observed, plan.sqlPlan] as const)
          .toSorted(([a], [b]) => compareNames(a, b)),
      );
    const first = plans(observed, goal.specs);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (numbers) => {
        const random = (): number => numbers.next().value ?? 0;
        expect(plans(shuffled(observed, random), shuffled(goal.specs, random))).toBe(first);
      }),
      { numRuns: 10 },
    );
  });

  it.each(stories.map((story) => [story.name, story] as const))(
    "changes with everything that a role holds (%s)",
    (_, { goal, observed }) => {
      const seen = (of: Observed): string =>
        JSON.stringify(planObserved(goal, of).map((plan) => [plan.roleName, plan.checksum, plan.observed]));
      const first = seen(observed);
      const managed = new Set(goal.specs.filter(({ type }) => type === "managed").map(({ roleName }) => roleName));
      const failed = new Set(
        planObserved(goal, observed)
          .filter(({ status }) => status === "failed")
          .map(({ roleName }) => roleName),
      );
      const counts = ({ role: holder }: { readonly role: string }): boolean => managed.has(holder) && !failed.has(holder);
      for (const [name, catalog] of observed.databases) {
        if ("unreachable" in catalog) continue;
        for (const list of ["grants", "bulkGrants", "exceptions", "defaultPrivileges", "neededSequences"] as const) {
          for (const row of catalog[list].filter(counts)) {
            const less = { ...catalog, [list]: (catalog[list] as readonly unknown[]).filter((other) => other !== row) };
            expect(
              seen({ ...observed, databases: new Map([...observed.databases, [name, less]]) }),
              `${list} ${JSON.stringify(row)}`,
            ).not.toBe(first);
          }
        }
      }
    },
  );
});
