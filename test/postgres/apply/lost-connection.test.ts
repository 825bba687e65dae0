// The network or the server goes away in the middle of an apply: what is said of every database is the truth, and the next run heals.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Client } from "pg";
import { makeAccessRepository, type AccessRepository } from "../../support/access-repository.ts";
import { bigSchema } from "../../support/big-schema.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";
import { startProxy, type ClientMessage, type Proxy, type Verdict } from "../../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await start();
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

let isStopped = false;

async function stop(): Promise<void> {
  isStopped = true;
  await server.stop({ mode: "immediate" });
}

async function start(): Promise<void> {
  if (isStopped) await server.start();
  isStopped = false;
}

const managed = "analytics,managed,ro,app,SELECT,";

type Setup = { readonly repository: AccessRepository; readonly proxy: Proxy; readonly [Symbol.asyncDispose]: () => Promise<void> };

/** A repository whose resource is behind a proxy; `watch` sees what apply sends, not what plan does. */
async function setUp(
  watch: (message: ClientMessage, connection: number) => Verdict | Promise<Verdict>,
  roles: readonly string[] = [managed],
): Promise<Setup & { arm: () => void }> {
  let isArmed = false;
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: (message, connection) => (isArmed ? watch(message, connection) : "pass"),
  });
  const repository = makeAccessRepository({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
    roles,
  });
  return {
    repository,
    proxy,
    arm: () => {
      isArmed = !isArmed;
    },
    [Symbol.asyncDispose]: async () => {
      proxy.close();
      await repository[Symbol.asyncDispose]();
    },
  };
}

/** Loses the COMMIT of one transaction that writes: of the shared catalogs, which run where the lock is, or of the database. */
function losing(which: "shared" | "database", verdict: Verdict): (message: ClientMessage, connection: number) => Verdict {
  const writing = new Set<number>();
  let lockConnection = 0;
  let isLost = false;
  return ({ text }, connection) => {
    if (text.includes("pg_advisory_lock")) lockConnection = connection;
    if (text.startsWith("BEGIN") && text.includes("READ WRITE")) writing.add(connection);
    if (text !== "COMMIT" || isLost || !writing.has(connection) || (connection === lockConnection) !== (which === "shared")) return "pass";
    isLost = true;
    return verdict;
  };
}

async function logsIn(repository: AccessRepository): Promise<boolean> {
  const [credential] = repository.credentials();
  const client = new Client({ connectionString: credential?.dsn ?? "" });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

async function expectHealed({ repository }: Setup, files: readonly string[] = ["analytics/ro.json"]): Promise<void> {
  await repository.plan();
  const outcome = await repository.apply();
  expect([outcome.exitCode, outcome.stdout, outcome.stderr]).toMatchObject([0, expect.any(String), expect.any(String)]);
  expect(repository.credentials().map(({ file }) => file)).toEqual(files);
  expect(await logsIn(repository)).toBe(true);
  const again = await repository.cli(["plan", "--detailed-exitcode"]);
  expect(again.exitCode).toBe(0);
}

test("a database whose COMMIT was done and not answered is applied", async () => {
  await using setup = await setUp(losing("database", "lose-answer"));
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "success", databases: { "": "applied", app: "applied" } });
  expect(exitCode).toBe(0);
  setup.arm();
  await expectHealed(setup);
});

test("a database whose COMMIT never arrived is rolled back, and the credential is delivered although (F40)", async () => {
  await using setup = await setUp(losing("database", "lose-request"));
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({
    status: "failed",
    message:
      'database "app": rolled back: the connection was lost at COMMIT, and the server says that it did not commit; plan again, and apply that',
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
  expect(exitCode).toBe(1);
  expect(await server.run("app", "select relacl from pg_class where relname = 't'")).toEqual([{ relacl: null }]);
  expect(await logsIn(setup.repository)).toBe(true);
  setup.arm();
  await expectHealed(setup);
});

test("after a COMMIT that was done and not answered, the next transaction of the same database has a connection of its own", async () => {
  await server.run("app", bigSchema);
  await using setup = await setUp(losing("database", "lose-answer"));
  await setup.repository.plan();
  setup.arm();
  const { exitCode, stdout } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "success", databases: { "": "applied", app: "applied" } });
  expect(exitCode, stdout).toBe(0);
  setup.arm();
  await expectHealed(setup);
});

test("a role whose transaction was lost does not take along a role that comes after it in the same database", async () => {
  await server.run("app", bigSchema);
  await using setup = await setUp(losing("database", "lose-request"), [
    "analytics,managed,ro,app.big,SELECT,",
    "analytics,managed,rw,app.public,SELECT,",
  ]);
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(setup.repository.lastApply("rw")).toMatchObject({ status: "success", databases: { "": "applied", app: "applied" } });
  expect(exitCode).toBe(1);
  setup.arm();
  await expectHealed(setup, ["analytics/ro.json", "analytics/rw.json"]);
});

test("roles that shared a transaction whose COMMIT never arrived all say so", async () => {
  await using setup = await setUp(losing("database", "lose-request"), [managed, "analytics,managed,rw,app,SELECT,"]);
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  for (const label of ["ro", "rw"]) {
    expect(setup.repository.lastApply(label)).toMatchObject({
      status: "failed",
      message:
        'database "app": rolled back: the connection was lost at COMMIT, and the server says that it did not commit; plan again, and apply that',
      databases: { "": "applied", app: "rolled-back" },
    });
  }
  expect(exitCode).toBe(1);
  setup.arm();
  await expectHealed(setup, ["analytics/ro.json", "analytics/rw.json"]);
});

test("the shared catalogs are applied where their COMMIT was done and not answered; nothing goes on without the lock", async () => {
  await using setup = await setUp(losing("shared", "lose-answer"));
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({
    status: "failed",
    message: expect.stringContaining("the connection that holds the lock was lost"),
    databases: { "": "applied", app: "not-run" },
  });
  expect(exitCode).toBe(1);
  expect(await logsIn(setup.repository)).toBe(true);
  setup.arm();
  await expectHealed(setup);
});

test("the shared catalogs are rolled back where their COMMIT never arrived", async () => {
  await using setup = await setUp(losing("shared", "lose-request"));
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "rolled-back", app: "not-run" } });
  expect(exitCode).toBe(1);
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  setup.arm();
  await expectHealed(setup);
});

for (const [verdict, outcome] of [
  ["lose-answer", "applied"],
  ["lose-request", "rolled-back"],
] as const) {
  test(`a rotated password whose COMMIT got no answer is ${outcome}, which no catalog shows (${verdict})`, async () => {
    await using setup = await setUp(losing("shared", verdict));
    const { repository } = setup;
    await repository.plan();
    expect((await repository.apply()).exitCode).toBe(0);
    const [before] = repository.credentials();
    repository.write(
      "roles.yaml",
      "items: [{resource_name: analytics, role: ro, scopes: [app], privileges: [SELECT], rotate_password: true}]\n",
    );
    repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\n");
    await repository.plan();
    setup.arm();
    const { exitCode } = await repository.apply();
    expect(exitCode).toBe(1);
    expect(repository.lastApply("ro").databases).toEqual({ "": outcome });
    const after = repository.credentials().find(({ file }) => file === "analytics/ro.json");
    expect(after?.password === before?.password).toBe(outcome === "rolled-back");
    expect(await logsIn(repository)).toBe(true);
    setup.arm();
    repository.write("roles.yaml", "items: [{resource_name: analytics, role: ro, scopes: [app], privileges: [SELECT]}]\n");
    await expectHealed(setup);
  });
}

test("a server that is stopped in the middle of a transaction has rolled it back", async () => {
  await using setup = await setUp(async ({ text }) => {
    if (text.startsWith("GRANT SELECT ON ALL TABLES")) await stop();
    return "pass" as const;
  });
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(exitCode).toBe(1);
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  setup.arm();
  await start();
  await expectHealed(setup);
});

test("a server that is stopped at COMMIT and stays away leaves the database in doubt", { timeout: 120_000 }, async () => {
  const lose = losing("database", "lose-request");
  await using setup = await setUp(async (message, connection) => {
    const verdict = lose(message, connection);
    if (verdict !== "pass") await stop();
    return verdict;
  });
  await setup.repository.plan();
  setup.arm();
  const { exitCode } = await setup.repository.apply();
  expect(exitCode).toBe(1);
  expect(setup.repository.lastApply("ro")).toMatchObject({
    status: "failed",
    message: expect.stringContaining('database "app": in doubt: the connection was lost at COMMIT'),
    databases: { "": "applied", app: "in-doubt" },
  });
  setup.arm();
  await start();
  await expectHealed(setup);
});

test("a server that crashes at COMMIT and comes back is asked what became of it", { timeout: 120_000 }, async () => {
  const lose = losing("database", "lose-request");
  await using setup = await setUp(async (message, connection) => {
    const verdict = lose(message, connection);
    if (verdict !== "pass") {
      await stop();
      setTimeout(() => void start(), 1000);
    }
    return verdict;
  });
  await setup.repository.plan();
  setup.arm();
  await setup.repository.apply();
  expect(setup.repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  setup.arm();
  await expectHealed(setup);
});
