// Others work on the same cluster at the same time: another apply, another administrator, a migration.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles, makeAccessRepository, type AccessRepository } from "../../support/access-repository.ts";
import { bigSchema } from "../../support/big-schema.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
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
  await server.run("postgres", "create role heir");
  for (const name of ["app", "legacy"]) {
    await server.run("postgres", `create database ${name}`);
    await server.run(name, "create table t (a int)");
  }
});

const roles = ["analytics,managed,ro,app;legacy,SELECT,", "analytics,managed,rw,app,SELECT;INSERT,"];

function repositoryOf(
  options: {
    readonly host?: string;
    readonly port?: number;
    readonly settings?: readonly string[];
    readonly roles?: readonly string[];
  } = {},
): AccessRepository {
  const { user, password } = server;
  return makeAccessRepository({
    resources: [
      {
        name: "analytics",
        server: { port: options.port ?? server.port, user, password },
        ...(options.host === undefined ? {} : { host: options.host }),
      },
    ],
    roles: options.roles ?? roles,
    settings: options.settings ?? [],
  });
}

const impatient = ["timeouts: {connect: 1, lock: 1}"];

/** Takes what apply takes, as another run of it would. */
const holdLock = "select pg_advisory_lock(hashtextextended('rolewright apply', 0))";

test("F2 of two applies at once the second waits for the first, and finds its work done", async () => {
  await using repository = repositoryOf();
  await repository.plan();
  const outcomes = await Promise.all([repository.apply(), repository.apply()]);
  expect(outcomes.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, expect.any(String)],
    [0, expect.any(String)],
  ]);
  const statuses = repository.sessions("apply").map((session) => session.status);
  expect(statuses.toSorted()).toEqual(["skipped", "skipped", "success", "success"]);
  expect(repository.credentials().map(({ file }) => file)).toEqual(["analytics/ro.json", "analytics/rw.json"]);
  expect((await repository.cli(["sessions", "verify"])).exitCode).toBe(0);
});

test("F2 an apply that waits for too long names who holds the lock", async () => {
  await using repository = repositoryOf({ settings: impatient });
  await repository.plan();
  const holder = await server.connect("postgres");
  await holder.query("set application_name = 'the other run'");
  await holder.query(holdLock);
  const { rows } = await holder.query<{ pid: number; address: string }>(
    "select pg_backend_pid() as pid, inet_client_addr()::text as address",
  );
  const { exitCode } = await repository.apply();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", statements: [], databases: {} });
  expect(repository.lastApply("ro").message).toMatch(
    new RegExp(
      String.raw`^another rolewright apply holds the lock of this cluster: the other run from ${rows[0]?.address}, process ${rows[0]?.pid}, since .*; waited 3 s\. Nothing was changed: run again when it is done$`,
      "u",
    ),
  );
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
});

test("F3 two names of one host lead to one lock, and so do two maintenance databases", async () => {
  await using repository = repositoryOf({ host: "localhost", settings: impatient });
  await repository.plan();
  const holder = await server.connect("postgres");
  await holder.query(holdLock);
  expect((await repository.apply()).exitCode).toBe(1);
  expect(repository.lastApply("ro").message).toContain("another rolewright apply holds the lock");
  await holder.end();
  const elsewhere = await server.connect("app");
  await elsewhere.query(holdLock);
  expect((await repository.apply()).exitCode).toBe(1);
  expect(repository.lastApply("ro").message).toContain("another rolewright apply works on this cluster under another maintenance_database");
  await elsewhere.end();
  expect((await repository.apply()).exitCode).toBe(0);
});

test("F4 a pooler that makes up backend ids is refused", async () => {
  const pooler = await startProxy({ target: () => server.port, onAnswer: renameBackend });
  await using repository = repositoryOf({ port: pooler.port });
  await repository.plan();
  const { exitCode } = await repository.apply();
  pooler.close();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro").message).toContain("a connection pooler stands between here and PostgreSQL");
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
});

/** BackendKeyData: `K`, its length, the process id, the secret. https://www.postgresql.org/docs/current/protocol-message-formats.html */
function renameBackend(chunk: Buffer): Buffer {
  const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
  if (at >= 0) chunk.writeInt32BE(4711, at + 5);
  return chunk;
}

test("F5 the lock of an apply that is killed is free again", async () => {
  await using repository = repositoryOf({ settings: impatient });
  await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  const first = repository.start(["apply", "-f", repository.resultFile]);
  await untilWaiting("app");
  first.child.kill("SIGKILL");
  await first.ended;
  await blocker.query("rollback");
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
});

async function untilWaiting(database: string): Promise<void> {
  for (let waited = 0; waited < 200; waited += 1) {
    const rows = await server.run("postgres", `select from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
    await sleep(25);
  }
  throw new Error("nobody waits");
}

for (const grant of ["connect on database app", "usage on schema public", "select on t"]) {
  test(`F1 somebody who grants ${grant} at the same moment is no error`, async () => {
    await server.run("postgres", "create role someone");
    await using repository = repositoryOf({ roles: ["analytics,managed,ro,app,SELECT,"] });
    await repository.plan();
    const other = await server.connect("app");
    await other.query(`begin; grant ${grant} to someone`);
    const running = repository.apply();
    await untilWaiting("app");
    // Whoever waited for this row finds it changed: "tuple concurrently updated".
    await other.query("commit");
    const { exitCode, stdout } = await running;
    expect(exitCode, stdout).toBe(0);
    expect(repository.lastApply("ro").status).toBe("success");
  });
}

test("F1 what another transaction of the same apply has committed is no change by somebody else", async () => {
  await server.run("app", bigSchema);
  await server.run("postgres", "create role someone");
  await using repository = repositoryOf({ roles: ["analytics,managed,ro,app.big,SELECT,"] });
  await repository.plan();
  const other = await server.connect("app");
  await other.query("begin; grant connect on database app to someone");
  const running = repository.apply();
  await untilWaiting("app");
  await other.query("commit");
  const { exitCode, stdout } = await running;
  expect(exitCode, stdout).toBe(0);
});

test("F1 grants of others on the same database and schema are no error", { timeout: 120_000 }, async () => {
  await server.run("postgres", "create role someone");
  const done = new AbortController();
  const busy = [1, 2, 3].map(async () => {
    const client = await server.connect("app");
    let grants = 0;
    while (!done.signal.aborted) {
      await client
        .query("grant connect on database app to someone; grant usage on schema public to someone; grant select on t to someone")
        .catch(() => {});
      grants += 1;
    }
    return grants;
  });
  await using repository = repositoryOf({ roles: Array.from({ length: 8 }, (_, index) => `analytics,managed,r${index},app,SELECT,`) });
  await repository.plan();
  const { exitCode, stdout } = await repository.apply();
  done.abort();
  const grants = await Promise.all(busy);
  expect(Math.min(...grants)).toBeGreaterThan(10);
  expect(stdout).not.toContain("tuple concurrently updated");
  expect(exitCode, stdout).toBe(0);
});

test("F1 rows that others change without an end are tried a bounded number of times, and then named", { timeout: 120_000 }, async () => {
  await using repository = repositoryOf({ roles: ["analytics,managed,ro,app,SELECT,"] });
  await repository.plan();
  // What PostgreSQL says of such a row, each time; a sequence counts through every rollback.
  await server.run(
    "app",
    `create sequence attempts;
     create function collide() returns event_trigger language plpgsql as $$begin
       perform nextval('public.attempts'); raise exception using errcode = 'XX000', message = 'tuple concurrently updated'; end$$;
     create event trigger collide on ddl_command_start when tag in ('GRANT') execute function collide()`,
  );
  const { exitCode } = await repository.apply();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(repository.lastApply("ro").message).toMatch(
    /database "app": rolled back: other sessions kept changing the same rows of the catalog, 10 times in a row; plan again when they are done, and apply that \(tuple concurrently updated, at: GRANT/u,
  );
  expect(await server.run("app", "select last_value::int as attempts from attempts")).toEqual([{ attempts: 10 }]);
});

test("F9 a row that a long transaction holds is waited for, tried again, and then named with its holder", async () => {
  await using repository = repositoryOf({ settings: ["timeouts: {lock: 1}"] });
  await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("set application_name = 'nightly migration'; begin; alter table t add b int");
  const { rows } = await blocker.query<{ pid: number }>("select pg_backend_pid() as pid");
  const { exitCode } = await repository.apply();
  expect(exitCode).toBe(1);
  const ro = repository.lastApply("ro");
  // The other database is not held up by it.
  expect(ro).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back", legacy: "applied" } });
  expect(ro.message).toContain('database "app": rolled back:');
  expect(ro.message).toContain(`GRANT SELECT ON ALL TABLES IN SCHEMA "public"`);
  expect(ro.message).toContain(
    `public.t is being changed by process ${rows[0]?.pid} (nightly migration, user postgres), in a transaction since `,
  );
  await blocker.query("rollback");
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
});

test("F9 a row that is free again in time is not even mentioned", async () => {
  await using repository = repositoryOf({ roles: ["analytics,managed,ro,app,SELECT,"], settings: ["timeouts: {lock: 1}"] });
  await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  const running = repository.apply();
  await untilWaiting("app");
  await sleep(2500);
  await blocker.query("rollback");
  const { exitCode, stdout } = await running;
  expect(exitCode, stdout).toBe(0);
  expect(repository.lastApply("ro").status).toBe("success");
});

test("F9 a role that is dropped waits for whoever has it in hand, and is tried again", async () => {
  const gone = "analytics,managed,gone,app,SELECT,";
  await using repository = repositoryOf({ roles: [gone], settings: ["timeouts: {lock: 1}", "orphans: {drop: {reassign_to: heir}}"] });
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles(["analytics,managed,ro,app,SELECT,"]));
  await repository.plan();
  const [role] = await server.run("postgres", "select rolname as name from pg_roles where rolname ~ '_gone_'");
  const blocker = await server.connect("app");
  // Settings of a role lock it against being dropped, and leave its row alone.
  await blocker.query(`begin; alter role ${String(role?.["name"])} in database app set work_mem = '1MB'`);
  const running = repository.apply();
  await untilWaiting("postgres");
  await sleep(2500);
  await blocker.query("rollback");
  const { exitCode, stdout } = await running;
  expect(exitCode, stdout).toBe(0);
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '_gone_'")).toEqual([]);
});

test("F9 many databases that wait at once do not wait for each other's connections", { timeout: 120_000 }, async () => {
  const names = ["d1", "d2", "d3", "d4", "d5"];
  const blockers = await Promise.all(
    names.map(async (name) => {
      await server.run("postgres", `create database ${name}`);
      await server.run(name, "create table t (a int)");
      return server.connect(name);
    }),
  );
  await using repository = repositoryOf({ roles: [`analytics,managed,ro,${names.join(";")},SELECT,`], settings: ["timeouts: {lock: 1}"] });
  await repository.plan();
  for (const blocker of blockers) await blocker.query("begin; alter table t add b int");
  const running = repository.apply();
  await untilWaiting("d1");
  await sleep(2500);
  for (const blocker of blockers) await blocker.query("rollback");
  const { exitCode, stdout } = await running;
  expect(exitCode, stdout).toBe(0);
});

test("F7 a statement that takes too long fails its database and says so; other resources go on", { timeout: 120_000 }, async () => {
  await using other = await startServer();
  await other.run("postgres", "create database app");
  const both = [
    { name: "analytics", server },
    { name: "market", server: other },
  ];
  await using repository = makeAccessRepository({
    resources: both,
    roles: ["analytics,managed,ro,app,SELECT,", "market,managed,ro,app,SELECT,"],
    settings: ["timeouts: {lock: 30, statement: 1}"],
  });
  await repository.plan();
  const blocker = await server.connect("app");
  await blocker.query("begin; alter table t add b int");
  const { exitCode } = await repository.apply();
  await blocker.query("rollback");
  expect(exitCode).toBe(1);
  const [first, second] = ["analytics", "market"].map((name) =>
    repository.sessions("apply").find((session) => session.resource_name === name),
  );
  expect(first).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(first?.message).toMatch(/canceling statement due to statement timeout, at: GRANT SELECT ON ALL TABLES IN SCHEMA "public"/u);
  expect(second).toMatchObject({ status: "success" });
});

test("F8 an apply that cannot connect to a database does not keep others from the lock", async () => {
  await using repository = repositoryOf({ settings: impatient });
  await repository.plan();
  await server.run("postgres", "alter database legacy allow_connections false");
  const first = await repository.apply();
  expect(first.exitCode).toBe(1);
  expect(await server.run("postgres", "select from pg_locks where locktype = 'advisory'")).toEqual([]);
  await server.run("postgres", "alter database legacy allow_connections true");
  expect((await repository.apply()).exitCode).toBe(0);
});
