// One cluster with one large database: 20 schemas, 80 % plain tables with a primary key, 20 % in partitioned tables (a parent and 19
// partitions each), every twentieth plain table with a serial. Each role is to hold its privileges in 5 of the schemas.
import { ident } from "../../src/model/quote.ts";
import type { Server } from "../../test/support/server.ts";
import { measure, type Bench } from "../measure.ts";
import { inParallel } from "../psql.ts";
import { createRolesSql, grantConnectSql, grantSchemaSql, makeRoles, roleLine, type BenchRole } from "../roles.ts";
import { startBenchServer, vacuumCatalogs } from "../server.ts";
import type { BenchResource, Row, Workload } from "../workload.ts";
import { flatAim, floorAims, memoryAims, type Outcome } from "./outcome.ts";

const database = "app";
const schemas = Array.from({ length: 20 }, (_, index) => `s${String(index + 1).padStart(2, "0")}`);
const partitions = 19;
/** One transaction makes so many tables: each holds locks until its end. */
const tablesPerCommit = 500;
const sizes = [1, 10, 100];

/** An access repository of its own: roles of the others on this cluster are nobody's orphans. */
type Group = { readonly repository: string; readonly roles: readonly BenchRole[] };

export async function benchTables(bench: Bench, tables: number): Promise<Outcome> {
  await using server = await startBenchServer("1GB");
  const groups = sizes.map((size): Group => ({ repository: `bench/roles-${size}`, roles: makeRoles("large", `of${size}`, size) }));
  await build({ bench, server, tables, groups });
  const resource: BenchResource = { name: "large", server };
  const label = (group: Group, state: string): string =>
    `${tables.toLocaleString("en")} tables × ${group.roles.length} ${group.roles.length === 1 ? "role" : "roles"}, ${state}`;
  const rows: Row[] = [];
  for (const group of groups) rows.push(await measure(bench, workload({ name: label(group, "in sync"), tables, resource, group })));
  const inSync = [...rows];
  for (const group of groups) await drift(server, group);
  for (const group of groups.slice(1)) {
    rows.push(await measure(bench, { ...workload({ name: label(group, "drifted"), tables, resource, group }), expected: "out-of-sync" }));
  }
  const [one, , hundred] = inSync;
  return {
    rows,
    aims: [...(tables >= 100_000 ? floorAims(rows) : []), ...(one && hundred ? [flatAim(one, hundred)] : []), ...memoryAims(rows)],
  };
}

function workload(input: {
  readonly name: string;
  readonly tables: number;
  readonly resource: BenchResource;
  readonly group: Group;
}): Workload {
  const { name, tables, resource, group } = input;
  return {
    name,
    resources: [resource],
    repository: group.repository,
    roles: group.roles.map((role, index) =>
      roleLine(
        role,
        schemasOf(index).map((schema) => `${database}.${schema}`),
      ),
    ),
    expected: "in-sync",
    rounds: tables >= 100_000 ? 3 : 5,
    hub: {
      roles: group.roles.length,
      databases: 1,
      sample: group.roles.slice(0, 5).map(({ roleName }) => ({ resource, role: roleName, databases: [database] })),
    },
  };
}

/** Five of the twenty, in twenty different combinations. */
function schemasOf(role: number): readonly string[] {
  return Array.from({ length: 5 }, (_, step) => schemas[(role * 7 + step * 3) % schemas.length] ?? "");
}

async function build(input: {
  readonly bench: Bench;
  readonly server: Server;
  readonly tables: number;
  readonly groups: readonly Group[];
}): Promise<void> {
  const { bench, server, groups } = input;
  const perSchema = input.tables / schemas.length;
  bench.say(`building ${input.tables.toLocaleString("en")} tables`);
  await server.run("postgres", `CREATE DATABASE ${database}`);
  await inParallel(schemas, 2, (schema) => createSchema(server, schema, perSchema));
  bench.say("granting");
  const roles = groups.flatMap((group) => group.roles);
  for (const group of groups) await server.run("postgres", createRolesSql(group.roles, group.repository));
  await server.run("postgres", grantConnectSql(database, roles));
  const holders = groups.flatMap((group) => group.roles.map((role, index) => ({ role, schemas: schemasOf(index) })));
  await inParallel(schemas, 2, async (schema) => {
    const chosen = holders.filter((holder) => holder.schemas.includes(schema)).map(({ role }) => role);
    const client = await server.connect(database);
    // One transaction for each statement: on old servers revoking within one is quadratic, and granting needs none.
    for (const statement of grantSchemaSql(schema, chosen).split("\n")) await client.query(statement);
    await client.end();
  });
  await vacuumCatalogs(server, database);
}

async function createSchema(server: Server, schema: string, tables: number): Promise<void> {
  const client = await server.connect(database);
  await client.query(`CREATE SCHEMA ${ident(schema)}`);
  const parents = Math.round((tables * 0.2) / (partitions + 1));
  const plain = tables - parents * (partitions + 1);
  for (let first = 1; first <= plain; first += tablesPerCommit) {
    await client.query(plainTablesSql(schema, first, Math.min(plain, first + tablesPerCommit - 1)));
  }
  const parentsPerCommit = Math.floor(tablesPerCommit / (partitions + 1));
  for (let first = 1; first <= parents; first += parentsPerCommit) {
    await client.query(partitionedTablesSql(schema, first, Math.min(parents, first + parentsPerCommit - 1)));
  }
  await client.end();
}

function plainTablesSql(schema: string, first: number, last: number): string {
  return `DO $$ BEGIN FOR n IN ${first}..${last} LOOP
    EXECUTE format('CREATE TABLE ${schema}.t%s (id %s PRIMARY KEY, name text, changed timestamptz)', n,
      CASE n % 20 WHEN 0 THEN 'bigserial' ELSE 'bigint' END);
  END LOOP; END $$`;
}

function partitionedTablesSql(schema: string, first: number, last: number): string {
  return `DO $$ BEGIN FOR n IN ${first}..${last} LOOP
    EXECUTE format('CREATE TABLE ${schema}.p%s (id bigint, part int, name text) PARTITION BY LIST (part)', n);
    FOR part IN 1..${partitions} LOOP
      EXECUTE format('CREATE TABLE ${schema}.p%s_%s PARTITION OF ${schema}.p%1$s FOR VALUES IN (%2$s)', n, part);
    END LOOP;
  END LOOP; END $$`;
}

/** The first tenth of the roles: one schema that misses tables here and there, one that has too much on some, and a column grant. */
async function drift(server: Server, { roles }: Group): Promise<void> {
  const client = await server.connect(database);
  for (const [index, { roleName }] of roles.slice(0, Math.ceil(roles.length / 10)).entries()) {
    const [first = "", second = ""] = schemasOf(index);
    // Of the first, every other table: more than a plan would name at 100,000 tables.
    const step = index === 0 ? 2 : 100;
    await client.query(`DO $$ DECLARE t text; BEGIN
      FOR t IN SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace = '${first}'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 't%' AND substr(c.relname, 2)::int % ${step} = 1 LOOP
        EXECUTE format('REVOKE SELECT ON %s FROM ${roleName}', t);
      END LOOP;
      FOR n IN 1..40 LOOP EXECUTE format('GRANT TRUNCATE ON ${second}.t%s TO ${roleName}', n * 5); END LOOP;
    END $$`);
    await client.query(`GRANT UPDATE (name) ON ${first}.t7 TO ${ident(roleName)}`);
  }
  await client.end();
}
