// Ctrl-C and SIGTERM in the middle of an apply: the statement is cancelled, the transaction rolled back, and the sessions say so.
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles, makeAccessRepository, type AccessRepository } from "../../support/access-repository.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";
import { startProxy } from "../../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await server.run(
    "postgres",
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

type Stuck = { readonly repository: AccessRepository; readonly blocker: Client; readonly run: ReturnType<AccessRepository["start"]> };

/** An apply that waits in the middle of its transaction in the database, for longer than anybody would. */
async function stuckApply(): Promise<Stuck> {
  const repository = makeAccessRepository({
    resources: [{ name: "analytics", server }],
    roles: ["analytics,managed,ro,app,SELECT,"],
    settings: ["timeouts: {lock: 100}"],
  });
  await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  const run = repository.start(["apply", "-f", repository.resultFile]);
  for (let waited = 0; (await waiting()) === 0; waited += 1) {
    if (waited > 400) throw new Error(`the apply never waits: ${run.stderr()}`);
    await sleep(25);
  }
  return { repository, blocker, run };
}

async function waiting(): Promise<number> {
  return (
    await server.run("postgres", "select from pg_stat_activity where datname = 'app' and wait_event_type = 'Lock' and query like 'GRANT%'")
  ).length;
}

async function untilBlocked(): Promise<void> {
  const query = "select from pg_stat_activity where datname = 'app' and wait_event_type = 'Lock' and application_name like 'rolewright%'";
  for (let waited = 0; (await server.run("postgres", query)).length === 0; waited += 1) {
    if (waited > 400) throw new Error("nobody waits");
    await sleep(25);
  }
}

async function ourConnections(): Promise<readonly unknown[]> {
  return server.run("postgres", "select pid, state, query from pg_stat_activity where application_name like 'rolewright%'");
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`F72 F73 ${signal} cancels the statement, rolls back, records it, ends with 130 and leaves no connection`, async () => {
    const { repository, blocker, run } = await stuckApply();
    await using disposed = repository;
    run.child.kill(signal);
    const { exitCode, stderr } = await run.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("cancelling…");
    expect(await ourConnections()).toEqual([]);
    expect(disposed.lastApply("ro")).toMatchObject({
      status: "failed",
      message: 'database "app": rolled back: cancelled; plan again, and apply that',
      databases: { "": "applied", app: "rolled-back" },
      statements: [
        { outcome: "applied" },
        { outcome: "applied" },
        { outcome: "rolled-back" },
        { outcome: "rolled-back" },
        // 14 has a transaction for the schema, and another one for CONNECT that comes after it.
        { outcome: serverMajor < 15 ? "not-run" : "rolled-back" },
      ],
    });
    await blocker.query("rollback");
    await repository.plan();
    expect((await repository.apply()).exitCode).toBe(0);
    expect(repository.credentials().map(({ file }) => file)).toEqual(["analytics/ro.json"]);
    const client = new Client({ connectionString: repository.credentials()[0]?.dsn ?? "" });
    await client.connect();
    await client.end();
    expect((await repository.cli(["sessions", "verify"])).exitCode).toBe(0);
  });
}

test("a second Ctrl-C ends the process where it stands, and the next run records it and heals", async () => {
  // A statement that the network has swallowed: no cancel request ends it.
  const swallowed = Promise.withResolvers<void>();
  let isArmed = true;
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: ({ text }) => {
      if (!isArmed || !text.startsWith("GRANT SELECT")) return "pass";
      swallowed.resolve();
      return new Promise<never>(() => {});
    },
  });
  await using repository = makeAccessRepository({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
    roles: ["analytics,managed,ro,app,SELECT,"],
  });
  await repository.plan();
  const run = repository.start(["apply", "-f", repository.resultFile]);
  await swallowed.promise;
  run.child.kill("SIGINT");
  await sleep(400);
  expect(run.child.exitCode).toBe(null);
  run.child.kill("SIGINT");
  expect((await run.ended).exitCode).toBe(130);
  isArmed = false;
  await repository.plan();
  expect(repository.lastApply("ro")).toMatchObject({
    status: "failed",
    message: expect.stringMatching(/^interrupted/u),
    databases: { "": "in-doubt", app: "in-doubt" },
  });
  expect((await repository.apply()).exitCode).toBe(0);
  expect((await repository.cli(["sessions", "verify"])).exitCode).toBe(0);
  proxy.close();
});

test("F73 an apply that was killed names every database that its plan changes, in scope or not", async () => {
  await using repository = makeAccessRepository({
    resources: [{ name: "analytics", server }],
    roles: ["analytics,managed,ro,app;legacy,SELECT,"],
    settings: ["timeouts: {lock: 100}", "orphans: disable"],
  });
  await server.run("postgres", "create database legacy");
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  const killed = async (roles: readonly string[]): Promise<void> => {
    repository.write("roles.csv", formatRoles(roles));
    await repository.plan();
    const run = repository.start(["apply", "-f", repository.resultFile]);
    await untilBlocked();
    run.child.kill("SIGKILL");
    await run.ended;
    // A backend that waits does not see that its client is gone.
    await server.run("postgres", "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like 'rolewright%'");
    await repository.plan();
  };
  await killed(["analytics,managed,ro,legacy,SELECT,"]);
  expect(repository.lastApply("ro")).toMatchObject({
    message: expect.stringMatching(/^interrupted/u),
    databases: { "": "in-doubt", app: "in-doubt", legacy: "in-doubt" },
  });
  await killed([]);
  expect(repository.lastApply("")).toMatchObject({
    message: expect.stringMatching(/^interrupted/u),
    databases: { "": "in-doubt", app: "in-doubt", legacy: "in-doubt" },
  });
  await blocker.query("rollback");
});

test("Ctrl-C while waiting for the lock changes nothing", async () => {
  await using repository = makeAccessRepository({
    resources: [{ name: "analytics", server }],
    roles: ["analytics,managed,ro,app,SELECT,"],
  });
  await repository.plan();
  const holder = await server.connect("postgres");
  await holder.query("select pg_advisory_lock(hashtextextended('rolewright apply', 0))");
  const run = repository.start(["apply", "-f", repository.resultFile]);
  for (let waited = 0; waited < 400; waited += 1) {
    if ((await server.run("postgres", "select from pg_stat_activity where wait_event_type = 'Lock'")).length > 0) break;
    await sleep(25);
  }
  run.child.kill("SIGINT");
  const { exitCode } = await run.ended;
  expect(exitCode).toBe(130);
  expect(await ourConnections()).toEqual([]);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", message: "cancelled; nothing was changed", databases: {} });
  expect(repository.credentials()).toEqual([]);
});

test("F72 no connection is left after a plan, an apply or a failure", async () => {
  await using repository = makeAccessRepository({
    resources: [{ name: "analytics", server }],
    roles: ["analytics,managed,ro,app,SELECT,"],
  });
  await repository.plan();
  expect(await ourConnections()).toEqual([]);
  await server.run(
    "app",
    "create function refuse() returns event_trigger language plpgsql as $$begin raise 'no'; end$$; create event trigger refuse on ddl_command_start execute function refuse()",
  );
  expect((await repository.apply()).exitCode).toBe(1);
  expect(await ourConnections()).toEqual([]);
});
