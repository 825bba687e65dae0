// The SQL that the README of a new access repository tells people to run: with exactly that, and nothing more, a planner plans and an
// admin that is no superuser applies, rotates, and takes away what it has made.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adminSql, plannerSql } from "../../../src/init/bootstrap-sql.ts";
import { formatRoles, makeAccessRepository, type AccessRepository } from "../../support/access-repository.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";

const planner = { user: "rolewright_planner", password: "planner-Secret-11" };
const admin = { user: "rolewright_admin", password: "admin-Secret-22" };

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create role app_owner");
  await server.run("postgres", "create database app owner app_owner");
  await server.run("postgres", "revoke connect on database app from public");
  await server.run("app", "set role app_owner; create schema reporting; create table reporting.t (id serial, a int)");
  if (serverMajor > 14) await server.run("app", "set role app_owner; create table public.p (a int)");
  for (const sql of [plannerSql(), adminSql(serverMajor >= 16 ? "16 and newer" : "14 and 15")]) await bootstrap(sql);
  if (serverMajor === 14) await server.run("app", "set role app_owner; create table public.p (a int)");
});

/** As psql would run it in the database `app`, where `\password` asks for the password. */
async function bootstrap(sql: string): Promise<void> {
  const text = sql.replaceAll(/^\\password (\w+)$/gmu, (_, name: string) => {
    const { password } = name === planner.user ? planner : admin;
    return `alter role ${name} password '${password}';`;
  });
  for (const statement of text.replaceAll(/^--.*$/gmu, "").split(";")) if (statement.trim() !== "") await server.run("app", statement);
}

const declared = ["a,managed,ro,app,SELECT,", "a,managed,rw,app.reporting,SELECT;INSERT,", "a,external,monitor,,,pg_monitor"];

const makeRepository = () =>
  makeAccessRepository({
    resources: [{ name: "a", server: { port: server.port, ...admin } }],
    roles: declared,
    settings: ["orphans: {drop: {reassign_to: app_owner}}"],
  });

const env = { ROLEWRIGHT_PLANNER_CSV: `resource_name,username,password\na,${planner.user},${planner.password}\n` };

async function expectApplied(repository: AccessRepository): Promise<void> {
  for (const words of [
    ["plan", "-o", repository.resultFile],
    ["apply", "-f", repository.resultFile],
  ]) {
    const { exitCode, stdout, stderr } = await repository.cli(words, { env });
    expect([words[0], exitCode], stdout + stderr).toEqual([words[0], 0]);
  }
  const again = await repository.cli(["plan", "--detailed-exitcode"], { env });
  expect(again.exitCode).toBe(0);
  expect(again.stdout, "of an account that it recommends itself there is nothing to warn").not.toContain(
    "members that no role spec declares",
  );
}

const made = () => server.run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev' order by 1");

test("with the README's logins, roles are planned, applied, proved, and dropped again", async () => {
  await using repository = makeRepository();
  await expectApplied(repository);
  expect(await made()).toHaveLength(3);
  expect(repository.credentials()).toHaveLength(3);
  const grantors = await server.run(
    "app",
    "select distinct (aclexplode(relacl)).grantor::regrole::text as name from pg_class where relname = 't'",
  );
  expect(grantors).toEqual([{ name: "app_owner" }]);
  repository.write("roles.csv", formatRoles(["a,managed,ro,app.reporting,SELECT,"]));
  await expectApplied(repository);
  expect(await made()).toHaveLength(1);
});

// Before 16 the admin has to be made a member of such a role first, which only then has a name; apply says so.
test.runIf(serverMajor >= 16)("what an orphaned role owns is given away with the README's setting", async () => {
  await using repository = makeRepository();
  await expectApplied(repository);
  const [{ rolname } = {}] = await server.run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev_a_rw'");
  await server.run("app", `create table reporting.own (a int); alter table reporting.own owner to ${String(rolname)}`);
  repository.write("roles.csv", formatRoles(["a,managed,ro,app,SELECT,", "a,external,monitor,,,pg_monitor"]));
  await expectApplied(repository);
  expect(await server.run("app", "select relowner::regrole::text as owner from pg_class where relname = 'own'")).toEqual([
    { owner: "app_owner" },
  ]);
});

test("the planner may look, and change nothing", async () => {
  await using repository = makeRepository();
  await repository.cli(["plan", "-o", repository.resultFile], { env });
  const asPlanner = { ROLEWRIGHT_ADMIN_CSV: env.ROLEWRIGHT_PLANNER_CSV };
  const { exitCode, stderr, stdout } = await repository.cli(["apply", "-f", repository.resultFile], { env: asPlanner });
  expect([exitCode, stdout + stderr]).toEqual([1, expect.stringContaining("lacks CREATEROLE")]);
  expect(await made()).toEqual([]);
});
