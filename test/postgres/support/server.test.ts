import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectSocket } from "node:net";
import { once } from "node:events";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { resetCluster, type Server, serverMajor, startServer, suppliesContainers } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

test("runs the version under test and asks for SCRAM", async () => {
  const rows = await server.run(
    "postgres",
    "select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync",
  );
  expect(rows).toEqual([{ major: serverMajor, fsync: "off" }]);
  const wrong = new Client({ host: server.host, port: server.port, user: "postgres", password: "wrong", database: "postgres" });
  await expect(wrong.connect()).rejects.toMatchObject({ code: "28P01" });
});

test("gives each server an identity of its own", async () => {
  await using other = await startServer();
  const identity = "select system_identifier::text as id from pg_control_system()";
  expect(await other.run("postgres", identity)).not.toEqual(await server.run("postgres", identity));
});

test("resets roles, databases, grants and settings of any kind", async () => {
  const before = await state();
  await server.run("postgres", `create role "a b" login; create role owner; grant owner to "a b" with admin option`);
  await server.run("postgres", `create role third; set role "a b"; grant owner to third`);
  await server.run("postgres", "create database app owner owner");
  await server.run(
    "app",
    `create schema s authorization owner; create table s.t (); grant select on s.t to "a b"; alter role owner set work_mem = 64`,
  );
  await server.run(
    "postgres",
    "alter database postgres set work_mem = 64; grant connect on database postgres to owner; create table t (); grant select on t to owner",
  );
  await server.run(
    "template1",
    "create table leftover (); grant select on leftover to owner; drop table leftover; alter role all set work_mem = 128",
  );
  const open = await server.connect("app");
  await resetCluster(server);
  await expect(open.query("select 1")).rejects.toThrow();
  expect(await state()).toEqual(before);
});

test("stops and starts again with its data", async () => {
  await server.run("postgres", "create role survivor");
  await server.stop({ mode: "immediate" });
  await expect(server.connect()).rejects.toThrow();
  await server.start();
  expect(await server.run("postgres", "select from pg_roles where rolname = 'survivor'")).toHaveLength(1);
});

test("starts again when it has stopped, whoever still waits for that, and can be stopped once more", async () => {
  const stopped = server.stop({ mode: "immediate" });
  await server.start();
  await stopped;
  expect(await server.run("postgres", "select 1 as one")).toEqual([{ one: 1 }]);
  await server.stop({ mode: "immediate" });
  await expect(server.connect()).rejects.toThrow();
  await server.start();
});

test("runs psql, which stops at the first error", async () => {
  await server.run("postgres", `create database "host=elsewhere"`);
  expect(await server.psql("host=elsewhere", "\\t\nselect current_database();")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("host=elsewhere"),
  });
  expect(await server.psql("postgres", "select 1/0;\nselect 'unreached';")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("division by zero"),
  });
});

test.skipIf(suppliesContainers)("ends the server when the process that started it is killed", async () => {
  const script = `import { startServer } from ${JSON.stringify(new URL("../../support/server.ts", import.meta.url).href)};
    const server = await startServer(); console.log(server.port); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = await once(child.stdout, "data");
  const port = Number(String(chunk));
  expect(await isListening(port)).toBe(true);
  child.kill("SIGKILL");
  for (let tries = 0; tries < 100 && (await isListening(port)); tries += 1) await sleep(50);
  expect(await isListening(port)).toBe(false);
});

async function state(): Promise<unknown> {
  return Promise.all([
    server.run("postgres", "select rolname from pg_roles order by 1"),
    server.run("postgres", "select datname, datacl::text, datdba::regrole::text from pg_database order by 1"),
    server.run("postgres", "select setconfig from pg_db_role_setting"),
    server.run("postgres", "select relname from pg_class where oid >= 16384"),
  ]);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
