// Roles that lose something, or everything, while somebody is logged in as them.
import { Client, DatabaseError } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  formatRoles,
  loginEnvironment,
  makeAccessRepository,
  type AccessRepository,
  type Outcome,
} from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create role heir");
  for (const name of ["app", "legacy"]) {
    await server.run("postgres", `create database ${name}`);
    await server.run(name, "create table t (a int)");
  }
});

const role = "hoopdev_analytics_ro_6075a443";

type Bench = AccessRepository & {
  readonly run: (...words: readonly string[]) => Promise<Outcome>;
  readonly converge: () => Promise<Outcome>;
};

/** With analytics/ro applied, which reads app and legacy. */
async function bench(settings: readonly string[] = []): Promise<Bench> {
  const resources = [{ name: "analytics", server }];
  const repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app;legacy,SELECT,"], settings });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  const converge = async (): Promise<Outcome> => {
    const planned = await run("plan", "-o", repository.resultFile);
    expect(planned.exitCode, planned.stdout + planned.stderr).toBe(0);
    return run("apply", "-f", repository.resultFile);
  };
  const { exitCode, stdout } = await converge();
  expect(exitCode, stdout).toBe(0);
  return { ...repository, run, converge };
}

async function logIn(repository: AccessRepository, database = "app"): Promise<Client> {
  const { user, password } = repository.credentials().find(({ file }) => file === "analytics/ro.json") ?? {};
  const client = new Client({ host: server.host, port: server.port, user, password, database });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** @returns `true`, or the SQLSTATE; `gone` where the session has been ended. */
async function attempt(client: Client, sql: string): Promise<true | string> {
  try {
    await client.query(sql);
    return true;
  } catch (error) {
    return error instanceof DatabaseError ? (error.code ?? "") : "gone";
  }
}

/** Whose sessions there are besides the test's own; a role that is gone has none of its names left. */
async function sessions(): Promise<readonly unknown[]> {
  const rows = await server.run(
    "postgres",
    "select coalesce(usename, 'nobody') as name from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by 1",
  );
  return rows.map(({ name }) => name);
}

/** A member of the role that has become it. */
async function becomeRole(): Promise<Client> {
  await server.run("postgres", `create role colleague login password 'known'; grant ${role} to colleague`);
  const client = new Client({ host: server.host, port: server.port, user: "colleague", password: "known", database: "app" });
  client.on("error", () => {});
  await client.connect();
  await client.query(`set role ${role}`);
  return client;
}

const nobody = formatRoles(["analytics,external,other,,,pg_read_all_stats"]);

test("F53 what is revoked is refused from the next statement on, also within an open transaction", async () => {
  await using repository = await bench();
  const idle = await logIn(repository);
  const busy = await logIn(repository, "legacy");
  await busy.query("begin; select * from t");
  repository.write("roles.csv", formatRoles(["analytics,managed,ro,app,SELECT,"]));
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  expect(await attempt(idle, "select * from t")).toBe(true);
  expect(await attempt(busy, "select * from t")).toBe("42501");
  // Without CONNECT it goes on until it ends, and none begins.
  expect(await attempt(busy, "rollback; select 1")).toBe(true);
  await server.run("postgres", "revoke connect on database legacy from public");
  await expect(logIn(repository, "legacy")).rejects.toMatchObject({ code: "42501" });
  await Promise.all([idle.end(), busy.end()]);
});

test("F53 sessions of a disabled role go on with nothing, and the plan says that they do", async () => {
  await using repository = await bench(["orphans: disable"]);
  const open = await logIn(repository);
  const member = await becomeRole();
  repository.write("roles.csv", nobody);
  expect((await repository.run("plan")).stdout).toContain("can no longer log in; open sessions go on");
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  for (const client of [open, member]) expect(await attempt(client, "select * from t")).toBe("42501");
  expect(await attempt(open, "select 1")).toBe(true);
  await expect(logIn(repository)).rejects.toMatchObject({ code: "28P01" });
  await Promise.all([open.end(), member.end()]);
});

test("F53 with terminate_sessions a disabled role's sessions are ended; who became it by SET ROLE stays, with nothing", async () => {
  await using repository = await bench(["orphans: {disable: {terminate_sessions: true}}"]);
  const open = await logIn(repository);
  const within = await logIn(repository, "legacy");
  await within.query("begin; select * from t");
  const member = await becomeRole();
  repository.write("roles.csv", nobody);
  expect((await repository.run("plan")).stdout).toContain("open sessions are ended");
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  for (const client of [open, within]) expect(["57P01", "gone"]).toContain(await attempt(client, "select 1"));
  expect(await attempt(member, "select * from t")).toBe("42501");
  expect(await sessions()).toEqual(["colleague"]);
  await member.end();
});

test("F53 a role is dropped although somebody is logged in as it; that session can do nothing any more", async () => {
  await using repository = await bench(["orphans: {drop: {reassign_to: heir}}"]);
  const open = await logIn(repository);
  repository.write("roles.csv", nobody);
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${role}'`)).toEqual([]);
  expect(await attempt(open, "select * from t")).toBe("42501");
  expect(await attempt(open, "select current_user")).toBe("42704");
  expect(await sessions()).toEqual(["nobody"]);
  await open.end();
});

test("F53 with terminate_sessions a dropped role's own sessions do not stand in the way of what it owns", async () => {
  await using repository = await bench(["orphans: {drop: {reassign_to: heir, terminate_sessions: true}}", "timeouts: {lock: 1}"]);
  await server.run("app", `create table mine (a int); alter table mine owner to ${role}`);
  const open = await logIn(repository);
  await open.query("begin; select * from mine");
  repository.write("roles.csv", nobody);
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  expect(await sessions()).toEqual([]);
  expect(await server.run("app", "select tableowner from pg_tables where tablename = 'mine'")).toEqual([{ tableowner: "heir" }]);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${role}'`)).toEqual([]);
});

test("F52 F53 without it they do: the role is left without a login and still ours, and running again drops it", async () => {
  await using repository = await bench(["orphans: {drop: {reassign_to: heir}}", "timeouts: {lock: 1}"]);
  await server.run("app", `create table mine (a int); alter table mine owner to ${role}`);
  const open = await logIn(repository);
  await open.query("begin; select * from mine");
  repository.write("roles.csv", nobody);
  expect((await repository.converge()).exitCode).toBe(1);
  await expectHalfDropped(repository, { "": "not-run", app: "rolled-back", legacy: "applied" });
  expect(orphanSession(repository)?.message).toMatch(
    new RegExp(
      `public\\.mine is in use by process \\d+ \\(unnamed, user ${role}\\), in a transaction since .*; set terminate_sessions`,
      "u",
    ),
  );
  await open.end();
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${role}'`)).toEqual([]);
});

test("F52 a drop that fails in one database leaves the role without a login and still ours, and running again drops it", async () => {
  await using repository = await bench(["orphans: {drop: {reassign_to: heir}}"]);
  for (const name of ["app", "legacy"]) await server.run(name, `create table mine (a int); alter table mine owner to ${role}`);
  await server.run(
    "legacy",
    `create function refuse() returns event_trigger language plpgsql as $$begin raise exception 'not on my watch'; end$$;
     create event trigger refuse on ddl_command_start when tag in ('REVOKE') execute function refuse()`,
  );
  repository.write("roles.csv", nobody);
  expect((await repository.converge()).exitCode).toBe(1);
  await expectHalfDropped(repository, { "": "not-run", app: "applied", legacy: "rolled-back" });
  await server.run("legacy", "drop event trigger refuse");
  const { exitCode, stdout } = await repository.converge();
  expect(exitCode, stdout).toBe(0);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${role}'`)).toEqual([]);
});

function orphanSession(repository: Bench) {
  return repository.sessions("apply").findLast(({ config }) => config.role_name === role);
}

/** Nobody can log in, nothing is forgotten, and the next plan goes on where this one ended. */
async function expectHalfDropped(repository: Bench, databases: Readonly<Record<string, string>>): Promise<void> {
  expect(orphanSession(repository)).toMatchObject({ status: "failed", databases });
  expect(
    await server.run(
      "postgres",
      `select rolcanlogin as login, shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = '${role}'`,
    ),
  ).toEqual([{ login: false, comment: expect.stringContaining("[rolewright test/access]") }]);
  await expect(logIn(repository)).rejects.toMatchObject({ code: "28P01" });
  const { stdout } = await repository.run("plan");
  expect(stdout).toContain(`analytics/${role}`);
  expect(stdout).toContain("DROP ROLE");
}
