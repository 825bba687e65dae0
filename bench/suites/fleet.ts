// A fleet: 20 resources, each a PostgreSQL cluster of its own, with two small databases and ten role specs.
import type { Server } from "../../test/support/server.ts";
import { measure, type Bench } from "../measure.ts";
import { inParallel } from "../psql.ts";
import { createRolesSql, grantConnectSql, grantSchemaSql, makeRoles, roleLine } from "../roles.ts";
import { startBenchServer } from "../server.ts";
import type { BenchResource } from "../workload.ts";
import { memoryAims, type Outcome } from "./outcome.ts";

const clusters = 20;
const rolesEach = 10;
const databases = ["orders", "stock"];
const repository = "bench/fleet";

export async function benchFleet(bench: Bench): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  bench.say(`starting ${clusters} clusters`);
  const resources: BenchResource[] = [];
  await inParallel([...Array(clusters).keys()], 4, async (index) => {
    const server = stack.use(await startBenchServer("16MB"));
    const name = `cluster${String(index + 1).padStart(2, "0")}`;
    await build(server, name);
    resources.push({ name, server });
  });
  const [first] = resources;
  if (!first) throw new Error("no cluster was started");
  const row = await measure(bench, {
    name: `a fleet of ${clusters} clusters × ${databases.length} databases × ${rolesEach} roles, in sync`,
    resources,
    repository,
    roles: resources.flatMap(({ name }) => makeRoles(name, "fleet", rolesEach).map((role) => roleLine(role, databases))),
    expected: "in-sync",
    rounds: 5,
    hub: {
      roles: clusters * rolesEach,
      databases: databases.length,
      sample: makeRoles(first.name, "fleet", 5).map(({ roleName }) => ({ resource: first, role: roleName, databases })),
    },
  });
  return { rows: [row], aims: memoryAims([row]) };
}

async function build(server: Server, resource: string): Promise<void> {
  const roles = makeRoles(resource, "fleet", rolesEach);
  await server.run("postgres", createRolesSql(roles, repository));
  for (const database of databases) {
    await server.run("postgres", `CREATE DATABASE ${database}`);
    const tables = Array.from({ length: 10 }, (_, index) => `CREATE TABLE public.t${index + 1} (id bigint PRIMARY KEY, name text);`);
    await server.run(database, [...tables, grantSchemaSql("public", roles)].join("\n"));
    await server.run("postgres", grantConnectSql(database, roles));
  }
}
