import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, createServer, type Server as TcpServer } from "node:net";
import { inspect } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CommitInDoubtError, QueryError } from "../../../src/model/query-error.ts";
import { ConnectionError } from "../../../src/io/connection-error.ts";
import { closeAllConnections, connect, type ConnectOptions } from "../../../src/io/postgres.ts";
import { withTransaction } from "../../../src/io/transaction.ts";
import { resetCluster, type Server, serverMajor, startServer } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer({ settings: { log_statement: "all" } });
});
afterAll(async () => {
  await closeAllConnections();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await closeAllConnections();
  await resetCluster(server);
});

describe("a session", () => {
  test("reads rows, several statements and parameters", async () => {
    await using connection = await connect(options());
    expect((await connection.query("select 1 as a; select 2 as b")).rows).toEqual([{ b: 2 }]);
    expect((await connection.query<{ name: string }>("select $1::text as name", ["o'x"])).rows).toEqual([{ name: "o'x" }]);
    expect([connection.isPooled, connection.localSettings]).toEqual([false, []]);
  });

  test("takes a large answer, and another after it", async () => {
    await using connection = await connect(options());
    for (const size of [100_000_000, 100_000_000]) {
      const { rows } = await connection.query<{ text: string }>("select repeat('x', $1::int) as text", [size]);
      expect(rows[0]?.text.length).toBe(size);
    }
  });

  test("names the database as a field, whatever its name looks like", async () => {
    for (const name of ["host=10.0.0.1 dbname=x", "postgres://10.0.0.1/x", "a\"b'c\\d", "a/b?c#d%e", "x\n\\! echo"]) {
      await server.run("postgres", `create database "${name.replaceAll('"', '""')}"`);
      await using connection = await connect(options({ database: name }));
      expect((await connection.query("select current_database() as name")).rows).toEqual([{ name }]);
    }
  });

  test("is not changed by hostile settings of the database and the role", async () => {
    await server.run("postgres", "create role victim login superuser password 'victim-password'; create role weak");
    await server.run("postgres", "create database app");
    for (const setting of hostileSettings) {
      await server.run("postgres", `alter database app set ${setting}`);
      await server.run("postgres", `alter role victim in database app set ${setting}`);
    }
    await using connection = await connect(options({ database: "app", user: "victim", password: "victim-password" }));
    const { rows } = await connection.query(
      `select current_user::text as user, current_setting('search_path') as path, current_setting('is_superuser') as superuser,
              'a\\' as literal, now() at time zone 'UTC' is not null as now, '{NULL}'::text[] as nulls, interval '1 day'::text as interval,
              '2026-01-02'::date::text as date, '\\x00'::bytea::text as bytes, quote_ident('plain') as quoted, (null = null) is null as nullish`,
    );
    expect(rows).toEqual([
      {
        user: "victim",
        path: "pg_catalog",
        superuser: "on",
        literal: "a\\",
        now: true,
        nulls: [null],
        interval: "1 day",
        date: "2026-01-02",
        bytes: "\\x00",
        quoted: "plain",
        nullish: true,
      },
    ]);
    await connection.query("select pg_sleep(0.1); create table public.writable ()");
    await sleep(150);
    await withTransaction(connection, {}, async () => {
      await sleep(50);
      await connection.query("create role made; drop role made");
    });
  });

  test("reads only where it is told so", async () => {
    await using connection = await connect(options({ readOnly: true }));
    await expect(connection.query("create role x")).rejects.toMatchObject({ code: "25006" });
  });

  test("waits for locks and statements no longer than told", async () => {
    await using holder = await connect(options());
    await holder.query("select pg_advisory_lock(1)");
    await using waiter = await connect(options({ lockSeconds: 0.1 }));
    await expect(waiter.query("select pg_advisory_lock(1)")).rejects.toMatchObject({ code: "55P03", isConnectionLost: false });
    await using slow = await connect(options({ statementSeconds: 0.1 }));
    await expect(slow.query("select pg_sleep(5)")).rejects.toMatchObject({ code: "57014" });
  });

  test("collects notices with their codes", async () => {
    await using connection = await connect(options());
    await connection.query("create role grantee; create role plain; create table public.t (); grant select on public.t to plain");
    await connection.query("set role plain; grant select on public.t to grantee; reset role");
    expect(connection.takeNotices()).toMatchObject([{ code: "01007" }]);
    expect(connection.takeNotices()).toEqual([]);
  });
});

describe("cancelling", () => {
  test("ends the running statement and leaves the connection usable", async () => {
    await using connection = await connect(options());
    const running = connection.query("select pg_sleep(30)");
    const ended = running.catch((error: unknown) => error);
    await sleep(100);
    await connection.cancel();
    expect(await ended).toMatchObject({ code: "57014", isConnectionLost: false });
    expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("follows the signal, and rolls back", async () => {
    const controller = new AbortController();
    await using connection = await connect(options({ signal: controller.signal }));
    const work = withTransaction(connection, {}, async (transaction) => {
      await transaction.query("create role half_done");
      setTimeout(() => controller.abort(), 100);
      await transaction.query("select pg_sleep(30)");
    });
    await expect(work).rejects.toMatchObject({ code: "57014" });
    expect(await server.run("postgres", "select from pg_roles where rolname = 'half_done'")).toEqual([]);
    await expect(connect(options({ signal: controller.signal }))).rejects.toMatchObject({ code: "ABORT_ERR" });
  });

  test("ends an attempt to connect to a host that never answers", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(connect(options({ port: portOf(silent), signal: controller.signal }))).rejects.toMatchObject({
      reason: "the run was cancelled",
    });
    silent.close();
  });
});

describe("a transaction", () => {
  test("commits what the function did, and rolls back when it throws", async () => {
    await using connection = await connect(options());
    await withTransaction(connection, {}, async (transaction) => transaction.query("create role kept"));
    const failing = withTransaction(connection, {}, async (transaction) => {
      await transaction.query("create role lost");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await server.run("postgres", "select rolname as name from pg_roles where rolname in ('kept', 'lost')")).toEqual([
      { name: "kept" },
    ]);
  });

  test("says so when a swallowed error made COMMIT a rollback", async () => {
    await using connection = await connect(options());
    const work = withTransaction(connection, {}, async (transaction) => {
      await transaction.query("create role lost");
      await transaction.query("select 1/0").catch(() => {});
    });
    await expect(work).rejects.toMatchObject({ code: "25P02" });
  });

  test("is in doubt when the connection is lost at COMMIT", async () => {
    const relay = await startRelay("COMMIT\0");
    await using connection = await connect(options({ port: relay.port }));
    const work = withTransaction(connection, {}, async (transaction) => transaction.query("create role perhaps"));
    await expect(work).rejects.toBeInstanceOf(CommitInDoubtError);
    relay.close();
  });

  test("is lost, not in doubt, when the server dies within it", async () => {
    await using connection = await connect(options());
    const work = withTransaction(connection, {}, async (transaction) => {
      const running = transaction.query("select pg_sleep(30)");
      await sleep(100);
      await Promise.all([server.stop({ mode: "immediate" }), running]);
    });
    const error = await work.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ isConnectionLost: true });
    await expect(connection.query("select 1")).rejects.toMatchObject({ isConnectionLost: true });
    await server.start();
  });
});

describe("closing", () => {
  test("F5 releases the lock of a holder that was killed, also while it waits within a statement", async () => {
    await using holder = await connect(options());
    await holder.query("select pg_advisory_lock(5)");
    const child = await startChild(
      `await connection.query("select pg_advisory_lock(6)"); const running = connection.query("select pg_advisory_lock(5)");`,
    );
    expect(await locks()).toBe(3);
    child.kill("SIGKILL");
    await until(async () => (await locks()) === 1);
  });

  test("F72 leaves no connection open after SIGTERM, not even one with a running statement", async () => {
    const child = await startChild(`await connect(options); const running = connection.query("select pg_sleep(60)").catch(() => {});
      process.once("SIGTERM", () => void closeAllConnections());`);
    expect(await sessions()).toBe(2);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    await until(async () => (await sessions()) === 0);
  });

  test("may be done twice, and while a statement runs", async () => {
    const connection = await connect(options());
    const running = connection.query("select pg_sleep(30)").catch((error: unknown) => error);
    await Promise.all([connection.close(), connection.close()]);
    expect(await running).toMatchObject({ isConnectionLost: true });
    await expect(connection.query("select 1")).rejects.toMatchObject({ isConnectionLost: true });
  });
});

describe("a connection that fails", () => {
  test.each<[string, () => Partial<ConnectOptions>, { code: string | RegExp; hint: RegExp }]>([
    ["a wrong password", () => ({ password: "wrong-password" }), { code: "28P01", hint: /VALID UNTIL/u }],
    ["a database that does not exist", () => ({ database: "nowhere" }), { code: "3D000", hint: /scopes/u }],
    ["a login without CONNECT", () => ({ database: "closed", ...stranger }), { code: "42501", hint: /GRANT CONNECT/u }],
    ["a database without connections", () => ({ database: "shut" }), { code: "55000", hint: /ALLOW_CONNECTIONS/u }],
    ["a login over its limit", () => ({ user: "full", password: "stranger-password" }), { code: "53300", hint: /concurrency/u }],
    ["a role without LOGIN", () => ({ user: "mute", password: "stranger-password" }), { code: "28000", hint: /LOGIN/u }],
    ["a port where nothing listens", () => ({ port: 1 }), { code: "ECONNREFUSED", hint: /server runs/u }],
    ["a host that nobody knows", () => ({ host: "no-such-host.invalid" }), { code: /ENOTFOUND|EAI_AGAIN/u, hint: /name resolution/u }],
    ["TLS that the server does not have", () => ({ tls: { mode: "require" } }), { code: "", hint: /sslmode/u }],
  ])("says what to do about %s", async (_, change, { code, hint }) => {
    await server.run("postgres", "create role stranger login password 'stranger-password'; create role mute password 'stranger-password'");
    await server.run("postgres", "create role full login connection limit 0 password 'stranger-password'");
    await server.run("postgres", "create database closed");
    await server.run("postgres", "revoke connect on database closed from public");
    await server.run("postgres", "create database shut allow_connections false");
    const given = options({ resource: "analytics", ...change() });
    const error = await connect(given).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ resource: "analytics", database: given.database, host: given.host, port: given.port });
    expect(error).toMatchObject({ code: expect.stringMatching(code), hint: expect.stringMatching(hint) });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(given.password);
  });

  test("says that a silent host did not answer in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    await expect(connect(options({ port: portOf(silent), connectSeconds: 0.2 }))).rejects.toMatchObject({
      reason: "no answer within 0.2 s",
    });
    silent.close();
  });

  test("F75 an empty password is an error, never a login without one", async () => {
    await expect(connect(options({ password: "" }))).rejects.toMatchObject({ reason: "the password is empty" });
  });

  test("refuses a name that would end its field in the startup message", async () => {
    for (const change of [
      { user: "postgres\0replication\0true" },
      { database: "postgres\0options\0-c role=x" },
      { applicationName: "a\0b" },
      { database: "" },
    ]) {
      await expect(connect(options(change))).rejects.toBeInstanceOf(ConnectionError);
    }
  });
});

const stranger = { user: "stranger", password: "stranger-password" };

const hostileSettings = [
  "search_path = 'public, pg_catalog'",
  "default_transaction_read_only = on",
  "default_transaction_isolation = serializable",
  "statement_timeout = '1ms'",
  "lock_timeout = '1ms'",
  "idle_in_transaction_session_timeout = '1ms'",
  "idle_session_timeout = '1ms'",
  "standard_conforming_strings = off",
  "session_replication_role = replica",
  "role = weak",
  "transform_null_equals = on",
  "array_nulls = off",
  "quote_all_identifiers = on",
  "datestyle = 'SQL, DMY'",
  "intervalstyle = iso_8601",
  "timezone = 'Asia/Tokyo'",
  "bytea_output = escape",
  "client_min_messages = error",
  ...(serverMajor >= 17 ? ["transaction_timeout = '30ms'"] : []),
];

function options(change: Partial<ConnectOptions> = {}): ConnectOptions {
  return {
    host: server.host,
    port: server.port,
    user: "postgres",
    password: server.password,
    database: "postgres",
    tls: { mode: "disable" },
    connectSeconds: 5,
    lockSeconds: 3,
    statementSeconds: 60,
    applicationName: "rolewright-test",
    ...change,
  };
}

/** Passes bytes on, and drops the connection when a text goes by. */
async function startRelay(dropAt: string): Promise<{ port: number; close: () => void }> {
  const relay = createServer((client) => {
    const upstream = connectSocket(server.port, server.host);
    upstream.on("error", () => {}).pipe(client);
    client.on("error", () => {});
    client.on("data", (chunk) => {
      if (chunk.includes(dropAt)) client.destroy();
      else upstream.write(chunk);
    });
    client.on("close", () => upstream.destroy());
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  return { port: portOf(relay), close: () => relay.close() };
}

function portOf(listener: TcpServer): number {
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

/** A process with one connection; resolves when it has run the given text. */
async function startChild(body: string): Promise<ReturnType<typeof spawn>> {
  const script = `import { connect, closeAllConnections } from ${JSON.stringify(new URL("../../../src/io/postgres.ts", import.meta.url).href)};
    const options = JSON.parse(process.env.OPTIONS); const connection = await connect(options); ${body}
    setTimeout(() => console.log("ready"), 200);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, OPTIONS: JSON.stringify(options({ applicationName: "child", lockSeconds: 60 })) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function locks(): Promise<number> {
  return Number((await server.run("postgres", "select count(*) as n from pg_locks where locktype = 'advisory'"))[0]?.["n"]);
}

async function sessions(): Promise<number> {
  return Number((await server.run("postgres", "select count(*) as n from pg_stat_activity where application_name = 'child'"))[0]?.["n"]);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await sleep(100);
  }
  throw new Error("it did not happen within 10 s");
}
