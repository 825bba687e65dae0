// A resource whose address is that of a connection pooler: plans may be made through it, without a trace, and applies are refused.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, type ConnectOptions } from "../../../src/io/postgres.ts";
import { withTransaction } from "../../../src/io/transaction.ts";
import { loginEnvironment, makeAccessRepository } from "../../support/access-repository.ts";
import { backendMessage, startFakePostgres } from "../../support/fake-postgres.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, serverMajor, startServer, suppliesContainers, type Server } from "../../support/server.ts";
import { startTransactionPooler, type OptionsPolicy } from "../../support/transaction-pooler.ts";

let server: Server;

beforeAll(async () => {
  if (suppliesContainers) return;
  // The pooler logs its clients in, and is trusted itself.
  server = await startServer({ hba: ["host all postgres 127.0.0.1/32 trust"] });
});
afterAll(async () => {
  if (!suppliesContainers) await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  if (suppliesContainers) return;
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

const policies: readonly OptionsPolicy[] = ["refused", "setting-refused", "ignored"];

/** What a client of the pool finds in a backend that somebody had before. */
const leftovers = "select name, setting from pg_catalog.pg_settings where source = 'session' and name <> 'client_encoding'";

function through(port: number, password: string, change: Partial<ConnectOptions> = {}): ConnectOptions {
  return {
    host: "127.0.0.1",
    port,
    user: "postgres",
    password,
    database: "app",
    tls: { mode: "disable" },
    connectSeconds: 5,
    lockSeconds: 3,
    statementSeconds: 60,
    applicationName: "rolewright-test",
    ...change,
  };
}

describe.skipIf(suppliesContainers)("a pooler in transaction mode", () => {
  test.each(policies)("F4 is planned through without a trace, and refused by apply, where options are %s", async (policy) => {
    using pooler = await startTransactionPooler(server, { user: "postgres", password: server.password }, policy);
    const resources = [{ name: "analytics", server: { port: pooler.port, user: "postgres", password: server.password } }];
    await using repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,"] });
    const run = (...words: readonly string[]) => runInProcess(repository.directory, words, loginEnvironment(resources));
    const planned = await run("plan", "-o", repository.resultFile);
    expect(planned.exitCode, planned.stdout + planned.stderr).toBe(0);
    expect(planned.stdout).toContain("GRANT SELECT ON ALL TABLES");
    expect(planned.stdout).toContain("a connection pooler stands between here and PostgreSQL, and apply will refuse to work through it");
    const applied = await run("apply", "-f", repository.resultFile);
    expect(applied.exitCode).toBe(1);
    expect(repository.lastApply("ro")).toMatchObject({
      status: "failed",
      statements: [],
      databases: {},
      message: expect.stringMatching(/a connection pooler stands between .* give the resource the address of the server itself/u),
    });
    expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
    expect(await server.run("postgres", "select from pg_locks where locktype = 'advisory'")).toEqual([]);
    expect(repository.credentials()).toEqual([]);
    for (const database of ["postgres", "app"]) {
      await using next = await connect(through(pooler.port, server.password, { database }));
      expect((await next.query(leftovers)).rows).toEqual([]);
    }
  });

  test.each(policies)("F4 pins the settings of each transaction, and of nothing else, where options are %s", async (policy) => {
    await server.run("postgres", "create role weak");
    for (const setting of hostile) await server.run("postgres", `alter database app set ${setting}`);
    using pooler = await startTransactionPooler(server, { user: "postgres", password: server.password }, policy);
    await using connection = await connect(through(pooler.port, server.password));
    expect(connection.isPooled).toBe(true);
    const settings = async () => (await connection.query(pinned)).rows;
    expect(await withTransaction(connection, { readOnly: true }, settings)).toEqual([
      {
        path: "pg_catalog",
        wait: "3s",
        patience: "1min",
        user: "postgres",
        date: "ISO, YMD",
        isolation: "read committed",
        read_only: "on",
      },
    ]);
    await withTransaction(connection, {}, (transaction) => transaction.query("create role made; select pg_sleep(0.1)"));
    await expect(withTransaction(connection, { readOnly: true }, (db) => db.query("create role x"))).rejects.toMatchObject({
      code: "25006",
    });
    expect((await connection.query(leftovers)).rows).toEqual([]);
  });

  test("F4 health says that a pooler answers", async () => {
    using pooler = await startTransactionPooler(server, { user: "postgres", password: server.password }, "refused");
    const resources = [{ name: "analytics", server: { port: pooler.port, user: "postgres", password: server.password } }];
    await using repository = makeAccessRepository({ resources, roles: [] });
    const run = (...words: readonly string[]) => runInProcess(repository.directory, words, loginEnvironment(resources));
    const { exitCode, stdout } = await run("health");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/primary, pooled/u);
    expect(stdout).toContain("applies are refused; give the resource the address of the server itself");
  });
});

test.each([
  ["no such database: app", { reason: /a connection pooler/u, hint: /the address of the server itself/u }],
  ["SASL authentication failed", { reason: /password was not accepted/u, hint: /the pooler's own list of users/u }],
])("F4 a pooler that says %j is told apart from a server", async (said, { reason, hint }) => {
  const fake = await startFakePostgres((socket) => socket.end(backendMessage("E", Buffer.from(`SFATAL\0C08P01\0M${said}\0\0`))));
  const error = await connect(through(fake.port, "a-password")).catch((caught: unknown) => caught);
  fake.close();
  expect(error).toMatchObject({ code: "08P01", reason: expect.stringMatching(reason), hint: expect.stringMatching(hint) });
});

const hostile = [
  "search_path = 'public, pg_catalog'",
  "default_transaction_read_only = on",
  "default_transaction_isolation = serializable",
  "statement_timeout = '30ms'",
  "lock_timeout = '1ms'",
  "role = weak",
  "datestyle = 'SQL, DMY'",
  ...(serverMajor >= 17 ? ["transaction_timeout = '60ms'"] : []),
];

const pinned = `select current_setting('search_path') as path, current_setting('lock_timeout') as wait, current_setting('statement_timeout') as patience,
  current_user::text as user, current_setting('datestyle') as date, current_setting('transaction_isolation') as isolation,
  current_setting('transaction_read_only') as read_only`;
