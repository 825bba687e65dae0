// A name in the shared catalogs is in the encoding of the database where it was made. Whoever may make one keeps a role nothing else by it.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type AccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";

const ro = "hoopdev_analytics_ro_6075a443";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database latin template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});
// The next test drops everything by its name.
afterEach(async () => {
  await server.run(
    "latin",
    `do $$ begin if exists (select from pg_roles where rolname = 'rôle') then alter role "rôle" rename to gone; end if; end $$`,
  );
  const named = await server.run("latin", "select from pg_database where datname = 'données'");
  if (named.length > 0) await server.run("latin", `alter database "données" rename to gone`);
});

type Bench = AccessRepository & { readonly planned: () => Promise<Outcome>; readonly applied: () => Promise<Outcome> };

function bench(spec: string): Bench {
  const resources = [{ name: "analytics", server }];
  const repository = makeAccessRepository({ resources, roles: [] });
  rmSync(join(repository.directory, "roles.csv"));
  repository.write("roles.yaml", `items: [{ resource_name: analytics, role: ro, privileges: [SELECT], ${spec} }]\n`);
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  return {
    ...repository,
    planned: () => run("plan", "-o", repository.resultFile),
    applied: () => run("apply", "-f", repository.resultFile),
  };
}

const held = (database = "app"): Promise<readonly unknown[]> =>
  server.run(
    database,
    `select relname as name, a.privilege_type as privilege from pg_class, aclexplode(relacl) a where a.grantee = '${ro}'::regrole order by 1, 2`,
  );

test("what a role has by a name that is not UTF-8 keeps it nothing else", async () => {
  await using repository = bench("scopes: [app]");
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("latin", `create role "rôle"`);
  await server.run("latin", `create database "données"`);
  await server.run("latin", `grant "rôle" to ${ro}`);
  await server.run("latin", `grant connect on database "données" to ${ro}`);
  await server.run("app", `grant insert on t to ${ro}`);
  const { stdout } = await repository.planned();
  expect(stdout).toContain("2 obstacles for people to decide about");
  expect(stdout).toContain(`the name "donn\uFFFDes" of a role, database, tablespace or parameter is not UTF-8`);
  expect(stdout).toContain(`the name "r\uFFFDle" of`);
  const applied = await repository.applied();
  expect(applied.exitCode).toBe(1);
  expect(applied.stdout).toContain("everything else was applied");
  expect(await held()).toStrictEqual([{ name: "t", privilege: "SELECT" }]);

  await server.run("latin", `revoke "rôle" from ${ro}`);
  await server.run("latin", `alter database "données" rename to donnees`);
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect((await repository.planned()).stdout).toContain("1 in sync");
});

test("nor does a creator with such a name keep it from the future objects of others", async () => {
  await server.run("latin", `create role "rôle"; create role writer`);
  await server.run("app", "grant create on schema public to writer");
  // A server that knows the role by its number makes it the owner in a database where nobody can spell it.
  await server.run(
    "app",
    `do $$ begin execute format('create schema s authorization %I', (select rolname from pg_roles where rolname like 'r%le')); end $$`,
  );
  await using repository = bench("scopes: [app], future_objects: true");
  const { stdout } = await repository.planned();
  expect(stdout).toContain(`the name "r\uFFFDle" of`);
  expect(stdout).toContain('ALTER DEFAULT PRIVILEGES FOR ROLE "writer"');
  expect((await repository.applied()).stdout).toContain("everything else was applied");
  expect(await held()).toStrictEqual([{ name: "t", privilege: "SELECT" }]);
});

test("no database stands for one whose name only reads like its own", async () => {
  await using repository = bench("scopes: [app]");
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("postgres", "create database data template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");
  await server.run("data", `create table secret (); grant select on secret to ${ro}`);
  await server.run("latin", `alter database data rename to "données"`);
  await server.run("postgres", `create database "donn\uFFFDes"`);
  await server.run("app", `grant insert on t to ${ro}`);
  expect((await repository.planned()).stdout).toContain(`database "donn\uFFFDes" could not be read: its name is not UTF-8`);
  expect((await repository.applied()).stdout).toContain("everything else was applied");
  expect(await held()).toStrictEqual([{ name: "t", privilege: "SELECT" }]);

  await server.run("latin", `alter database "données" rename to data`);
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect(await held("data")).toStrictEqual([]);
});

test("nor does a role without powers for one that has them", async () => {
  await server.run("postgres", "create role src");
  await server.run("latin", `create role "rôle" superuser; grant "rôle" to src`);
  await server.run("postgres", `create role "r\uFFFDle"; grant "r\uFFFDle" to src`);
  await using repository = bench("");
  repository.write("roles.yaml", "items: [{ resource_name: analytics, role: ro, type: external, source_role: src }]\n");
  expect((await repository.planned()).stdout).toContain("acknowledge_hazards: [superuser]");
});

// Parameters have grants from 15 on.
test.skipIf(serverMajor < 15)("a parameter whose name is not UTF-8 keeps a role nothing else", async () => {
  await using repository = bench("scopes: [app]");
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("latin", `grant set on parameter "app.é" to ${ro}`);
  await server.run("app", `grant insert on t to ${ro}`);
  expect((await repository.planned()).stdout).toContain(`the name "app.\uFFFD" of`);
  expect((await repository.applied()).stdout).toContain("everything else was applied");
  expect(await held()).toStrictEqual([{ name: "t", privilege: "SELECT" }]);
});

test("nobody is told to run SQL with a name that nobody there can spell", async () => {
  await using repository = bench("scopes: [app]");
  await repository.planned();
  await repository.applied();
  await server.run("latin", `create role "rôle"`);
  await server.run("app", `grant insert on t to ${ro} with grant option`);
  await server.run(
    "app",
    `set role ${ro}; do $$ begin execute format('grant insert on t to %I', (select rolname from pg_roles where rolname like 'r%le')); end $$`,
  );
  const { stdout } = await repository.planned();
  expect(stdout).toContain('that has to be revoked first; the name "r\uFFFDle" of');
  expect(stdout).not.toContain("to be run by");
});

test("an orphan is dropped whatever the roles are called that it is a member of", async () => {
  await using repository = bench("scopes: [app]");
  await repository.planned();
  await repository.applied();
  await server.run("latin", `create role "rôle"; create role heir; grant "rôle" to ${ro}`);
  repository.write("roles.yaml", "items: []\n");
  repository.write(
    "rolewright.yaml",
    `${readFileSync(join(repository.directory, "rolewright.yaml"), "utf8")}orphans: {drop: {reassign_to: heir}}\n`,
  );
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toStrictEqual([]);
});

test("in a database without an encoding, invisible characters beyond ASCII in a name keep a role nothing else", async () => {
  await server.run("postgres", "create database raw template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'");
  await server.run(
    "raw",
    `create table a (); create table "b\u202e" (); create table c (); create schema "s\u202e"; create table "s\u202e".t ()`,
  );
  await server.run(
    "raw",
    `create role ${ro} login; grant insert on a, "b\u202e" to ${ro}; comment on role ${ro} is '[rolewright test/access]'`,
  );
  await using repository = bench("scopes: [raw]");
  const { stdout } = await repository.planned();
  expect(stdout).toContain("2 obstacles for people to decide about");
  expect(stdout).toContain(
    'the name "public.b\u202e" has invisible characters, and the database no encoding (SQL_ASCII): no statement here can name it',
  );
  const applied = await repository.applied();
  expect(applied.stdout).toContain("everything else was applied");
  expect(await held("raw")).toStrictEqual([
    { name: "a", privilege: "SELECT" },
    { name: "b\u202e", privilege: "INSERT" },
    { name: "b\u202e", privilege: "SELECT" },
    { name: "c", privilege: "SELECT" },
  ]);
});

test("a name without an encoding in one database keeps a role nothing in others, and somebody is told what to rename", async () => {
  await server.run("postgres", "create database raw template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'");
  await server.run("raw", "create table a ()");
  await using repository = bench("scopes: [app, raw]");
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("raw", String.raw`do $$ begin execute format('create table %I ()', convert_from('\xe9', 'SQL_ASCII')); end $$`);
  await server.run("app", `grant insert on t to ${ro}`);
  const { stdout } = await repository.planned();
  expect(stdout).toContain('database "raw" could not be read: invalid byte sequence for encoding "UTF8": 0xe9');
  expect(stdout).toContain("has a name that is not UTF-8: rename it, or take the database out of the scopes");
  const applied = await repository.applied();
  expect(applied.exitCode).toBe(1);
  expect(applied.stdout).toContain("everything else was applied");
  expect(await held()).toStrictEqual([{ name: "t", privilege: "SELECT" }]);
});
