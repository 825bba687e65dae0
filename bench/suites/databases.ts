// One cluster with many small databases, two schemas of ten tables each. Every role is to hold its privileges in all of them.
import { measure, type Bench } from "../measure.ts";
import { createRolesSql, grantConnectSql, grantSchemaSql, makeRoles, roleLine, type BenchRole } from "../roles.ts";
import { startBenchServer, vacuumCatalogs } from "../server.ts";
import type { BenchResource, Row } from "../workload.ts";
import { flatAim, hubAim, linearAim, memoryAims, type Outcome } from "./outcome.ts";

const few = 10;
const many = 50;
const repositories = [
  { repository: "bench/roles-10", roles: makeRoles("many", "of10", 10) },
  { repository: "bench/roles-100", roles: makeRoles("many", "of100", 100) },
] as const;

export async function benchDatabases(bench: Bench): Promise<Outcome> {
  await using server = await startBenchServer("256MB");
  const resource: BenchResource = { name: "many", server };
  const everyRole = repositories.flatMap(({ roles }) => roles);
  const names = Array.from({ length: many }, (_, index) => `db${String(index + 1).padStart(2, "0")}`);
  const run = async (databases: readonly string[], { repository, roles }: (typeof repositories)[number]): Promise<Row> =>
    measure(bench, {
      name: `${databases.length} databases × ${roles.length} roles, in sync`,
      resources: [resource],
      repository,
      roles: roles.map((role) => roleLine(role, databases)),
      expected: "in-sync",
      rounds: 5,
      hub: {
        roles: roles.length,
        databases: databases.length,
        sample: roles.slice(0, 5).map(({ roleName }) => ({ resource, role: roleName, databases: databases.slice(0, 8) })),
      },
    });
  // The first database is the template of the others, grants included.
  const [first = "", ...others] = names;
  bench.say(`building ${many} databases`);
  for (const { repository, roles } of repositories) await server.run("postgres", createRolesSql(roles, repository));
  await server.run("postgres", `CREATE DATABASE ${first}`);
  await server.run(first, databaseSql(everyRole));
  await vacuumCatalogs(server, first);
  const copy = async (databases: readonly string[]): Promise<void> => {
    for (const name of databases) {
      await server.run("postgres", `CREATE DATABASE ${name} TEMPLATE ${first}`);
      await server.run("postgres", grantConnectSql(name, everyRole));
    }
    await vacuumCatalogs(server, "postgres");
  };
  await server.run("postgres", grantConnectSql(first, everyRole));
  await copy(others.slice(0, few - 1));
  const [ten, hundred] = repositories;
  const fewDatabases = await run(names.slice(0, few), hundred);
  await copy(others.slice(few - 1));
  const fewRoles = await run(names, ten);
  const all = await run(names, hundred);
  const rows = [fewDatabases, fewRoles, all];
  return { rows, aims: [hubAim(all), linearAim(fewDatabases, all, many / few), flatAim(fewRoles, all), ...memoryAims(rows)] };
}

function databaseSql(roles: readonly BenchRole[]): string {
  const schemas = ["app", "audit"];
  const tables = Array.from({ length: 10 }, (_, index) => index + 1);
  return schemas
    .flatMap((schema) => [
      `CREATE SCHEMA ${schema};`,
      ...tables.map((n) => `CREATE TABLE ${schema}.t${n} (id ${n === 1 ? "bigserial" : "bigint"} PRIMARY KEY, name text);`),
      grantSchemaSql(schema, roles),
    ])
    .concat("GRANT USAGE ON SCHEMA public TO " + roles.map(({ roleName }) => roleName).join(", "))
    .join("\n");
}
