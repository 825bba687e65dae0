// Who waits for the lock of a run, or for one of the catalog, and what becomes of everybody else meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeAccessRepository, type AccessRepository, type RepositoryInput } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { startProxy } from "../../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  for (const name of ["app", "legacy"]) {
    await server.run("postgres", `create database ${name}`);
    await server.run(name, "create table t (a int)");
  }
});

function repositoryOf(
  input: Partial<RepositoryInput> & { readonly at?: { readonly host: string; readonly port: number } },
): AccessRepository {
  const { user, password } = server;
  const { host, port } = input.at ?? server;
  return makeAccessRepository({
    resources: [{ name: "analytics", host, server: { port, user, password } }],
    roles: ["analytics,managed,ro,app,SELECT,"],
    ...input,
  });
}

async function untilWaiting(database: string): Promise<void> {
  for (let waited = 0; waited < 400; waited += 1) {
    const rows = await server.run("postgres", `select from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
    await sleep(25);
  }
  throw new Error("nobody waits");
}

test("F3 runs that know one server by three names have one lock", { timeout: 120_000 }, async () => {
  const detour = await startProxy({ target: () => server.port });
  const impatient = ["timeouts: {connect: 1}"];
  await using first = repositoryOf({ settings: ["timeouts: {lock: 100}"] });
  await using byName = repositoryOf({ at: { host: "localhost", port: server.port }, settings: impatient });
  await using byDetour = repositoryOf({ at: { host: "127.0.0.1", port: detour.port }, settings: impatient });
  for (const repository of [first, byName, byDetour]) await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  // A server in a container sees another address than its client.
  const { rows } = await blocker.query<{ address: string }>("select inet_client_addr()::text as address");
  const running = first.apply();
  await untilWaiting("app");
  for (const repository of [byName, byDetour]) {
    expect((await repository.apply()).exitCode).toBe(1);
    expect(repository.lastApply("ro").message).toContain(
      `another rolewright apply holds the lock of this cluster: rolewright apply from ${rows[0]?.address}, process `,
    );
  }
  await blocker.query("rollback");
  expect((await running).exitCode).toBe(0);
  detour.close();
});

test("F7 the wait for another run has a bound of its own, which names the other run", async () => {
  await using repository = repositoryOf({ settings: ["timeouts: {connect: 1, statement: 1, lock: 1}"] });
  await repository.plan();
  const holder = await server.connect("postgres");
  await holder.query("set application_name = 'the other run'");
  await holder.query("select pg_advisory_lock(hashtextextended('rolewright apply', 0))");
  expect((await repository.apply()).exitCode).toBe(1);
  await holder.end();
  expect(repository.lastApply("ro").message).toMatch(/the lock of this cluster: the other run from .*; waited 3 s\. Nothing was changed/u);
});

test.each([
  ["statement_timeout", ["timeouts: {lock: 30, statement: 1}"], "canceling statement due to statement timeout"],
  ["lock_timeout", ["timeouts: {lock: 1, statement: 30}"], "canceling statement due to lock timeout"],
])(
  "F7 a plan that waits for a catalog until %s fails that database's roles, and says so; others are planned",
  async (_, settings, said) => {
    await using repository = repositoryOf({ settings, roles: ["analytics,managed,ro,app,SELECT,", "analytics,managed,rw,legacy,SELECT,"] });
    const blocker = await server.connect("app");
    await blocker.query("begin; lock table pg_catalog.pg_default_acl in access exclusive mode");
    const { exitCode, stdout } = await repository.cli(["plan"]);
    await blocker.query("rollback");
    expect(exitCode, stdout).toBe(1);
    expect(repository.sessions("plan").map(({ label, status, message }) => [label, status, message])).toEqual([
      ["ro", "failed", `database "app" could not be read: ${said}`],
      ["rw", "out-of-sync", "5 statements in 1 database"],
    ]);
  },
);

test("F8 resources that wait for one lock keep no place from the one that has it", { timeout: 120_000 }, async () => {
  const detour = await startProxy({ target: () => server.port });
  // One server, although nothing in the inventory says so.
  const resources = [
    { name: "one", server },
    { name: "two", server, host: "localhost" },
    { name: "three", server: { port: detour.port, user: server.user, password: server.password } },
  ];
  await using repository = makeAccessRepository({
    resources,
    roles: resources.map(({ name }) => `${name},managed,ro,app;legacy,SELECT,`),
  });
  await repository.plan();
  const { exitCode, stdout } = await repository.cli(["apply", "-f", repository.resultFile, "--concurrency", "2"]);
  detour.close();
  expect(exitCode, stdout).toBe(0);
  expect(repository.sessions("apply").map(({ status }) => status)).toEqual(["success", "success", "success"]);
});

test("F2 resources of one server follow each other in one run, however long each of them takes", { timeout: 120_000 }, async () => {
  const names = ["one", "two"];
  await using repository = makeAccessRepository({
    resources: names.map((name) => ({ name, server })),
    roles: names.map((name) => `${name},managed,ro,app,SELECT,`),
    settings: ["timeouts: {connect: 1}"],
  });
  await repository.plan();
  // Longer than anybody waits for another run.
  await server.run("app", "create function linger() returns event_trigger language plpgsql as 'begin perform pg_sleep(2); end'");
  await server.run("app", "create event trigger linger on ddl_command_end when tag in ('GRANT') execute function linger()");
  const { exitCode, stdout } = await repository.apply();
  expect(exitCode, stdout).toBe(0);
  expect(repository.sessions("apply").map(({ resource_name, status }) => [resource_name, status])).toEqual([
    ["one", "success"],
    ["two", "success"],
  ]);
});
