// Rows of the catalog that two sessions want in opposite orders: another run of ours, or somebody else.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles, makeAccessRepository, type AccessRepository } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("postgres", "create role alice; create role bob");
  await server.run("app", crossingOwners);
});

const crossingOwners = `create schema a authorization alice; create schema z authorization bob;
  create table a.t (id int); alter table a.t owner to bob; create table z.t (id int); alter table z.t owner to alice`;

/** Every GRANT and REVOKE holds its rows for longer than it takes another session to want them. */
const lingering = `create function linger() returns event_trigger language plpgsql as 'begin perform pg_sleep(0.3); end';
  create event trigger linger on ddl_command_end when tag in ('GRANT', 'REVOKE') execute function linger()`;

function repositoryOf(resource: string, scope: string, lockSeconds = 3): AccessRepository {
  return makeAccessRepository({
    resources: [{ name: resource, server }],
    roles: [`${resource},managed,ro,${scope},SELECT,`],
    settings: [`timeouts: {lock: ${lockSeconds}}`],
  });
}

/** Deadlocks that the server has ended in the database; a session reports its own when it ends, at the latest. */
async function deadlocks(): Promise<number> {
  const rows = await server.run("postgres", "select deadlocks::int as count from pg_stat_database where datname = 'app'");
  return Number(rows[0]?.["count"]);
}

async function untilWaiting(query: string): Promise<void> {
  for (let waited = 0; waited < 400; waited += 1) {
    const rows = await server.run("postgres", `select from pg_stat_activity where wait_event_type = 'Lock' and query like '${query}'`);
    if (rows.length > 0) return;
    await sleep(25);
  }
  throw new Error(`nobody waits in ${query}`);
}

test("F6 two runs that cross each other's schemas and owners take turns, without a deadlock", { timeout: 120_000 }, async () => {
  await using one = repositoryOf("one", "app.a");
  await using two = repositoryOf("two", "app.z");
  for (const repository of [one, two]) {
    await repository.plan();
    expect((await repository.apply()).exitCode).toBe(0);
  }
  // Revokes come before grants: the one run has the rows of a and wants those of z, the other has those of z and wants those of a.
  one.write("roles.csv", formatRoles(["one,managed,ro,app.z,SELECT,"]));
  two.write("roles.csv", formatRoles(["two,managed,ro,app.a,SELECT,"]));
  await server.run("app", lingering);
  for (const repository of [one, two]) await repository.plan();
  const outcomes = await Promise.all([one.apply(), two.apply()]);
  for (const { exitCode, stdout } of outcomes) expect(exitCode, stdout).toBe(0);
  expect([one, two].map((repository) => repository.lastApply("ro"))).toMatchObject([
    { status: "success", databases: { app: "applied" } },
    { status: "success", databases: { app: "applied" } },
  ]);
  expect(await deadlocks()).toBe(0);
});

test("F6 a session of somebody else that takes rows the other way round: where we are ended for it, we try again", async () => {
  await using repository = repositoryOf("one", "app", 20);
  await repository.plan();
  // USAGE on a schema is granted before its tables are, on 14 in a transaction for that schema. Whoever has z.t and wants schema z waits for us while we wait.
  const other = await server.connect("app");
  await other.query("set deadlock_timeout = '10s'; begin; alter table z.t add b int");
  const running = repository.apply();
  await untilWaiting("GRANT%");
  const crossing = other.query("alter schema z owner to alice").then(() => other.query("commit"));
  const { exitCode, stdout } = await running;
  await crossing;
  expect(exitCode, stdout).toBe(0);
  expect(repository.lastApply("ro")).toMatchObject({ status: "success", databases: { app: "applied" } });
  expect(await deadlocks()).toBe(1);
});

test("F6 a session of somebody else that takes rows the other way round: where it is ended for it, we go on", async () => {
  await using repository = repositoryOf("one", "app", 20);
  await repository.plan();
  const other = await server.connect("app");
  await other.query("set deadlock_timeout = '50ms'; begin; alter table z.t add b int");
  const running = repository.apply();
  await untilWaiting("GRANT%");
  await expect(other.query("alter schema z owner to alice")).rejects.toMatchObject({ code: "40P01" });
  await other.query("rollback");
  const { exitCode, stdout } = await running;
  expect(exitCode, stdout).toBe(0);
  expect(repository.lastApply("ro")).toMatchObject({ status: "success", databases: { app: "applied" } });
});
