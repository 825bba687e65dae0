// F28: what a role has granted onwards is for others to revoke. It keeps nobody from losing the rest, and no run from failing until it is gone.
import { setTimeout as sleep } from "node:timers/promises";
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

const ro = "hoopdev_analytics_ro_6075a443";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create role colleague; create role heir");
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int); create table u (a int)");
});

type Bench = AccessRepository & { readonly planned: () => Promise<Outcome>; readonly applied: () => Promise<Outcome> };

/** With the role applied, so that its login and its grants are there. */
async function bench(settings: readonly string[] = [], others: readonly string[] = []): Promise<Bench> {
  const resources = [{ name: "analytics", server }];
  const repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,", ...others], settings });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  const planned = (): Promise<Outcome> => run("plan", "-o", repository.resultFile);
  const applied = (): Promise<Outcome> => run("apply", "-f", repository.resultFile);
  await planned();
  expect((await applied()).exitCode).toBe(0);
  return { ...repository, planned, applied };
}

const login = async (): Promise<unknown> => {
  const [row] = await server.run("postgres", `select rolcanlogin, rolpassword is null as bare from pg_authid where rolname = '${ro}'`);
  return row;
};

const grantees = (table: string): Promise<readonly unknown[]> =>
  server.run(
    "app",
    `select distinct a.grantee::regrole::text as name from pg_class, aclexplode(relacl) a where oid = '${table}'::regclass and a.grantee <> relowner order by 1`,
  );

test.each(["orphans: disable", "orphans: {drop: {reassign_to: heir}}"])(
  "with %s an orphan loses all that is not blocked",
  async (setting) => {
    await using repository = await bench([setting]);
    await server.run("app", `grant select on t to ${ro} with grant option; set role ${ro}; grant select on t to colleague`);
    repository.write("roles.csv", formatRoles([]));
    await repository.planned();
    const { exitCode, stdout } = await repository.applied();
    expect(exitCode, stdout).toBe(1);
    const { status, message, statements, command_output: output } = repository.lastApply("");
    expect([status, message]).toEqual([
      "failed",
      `${ro} granted SELECT to "colleague" in database "app"; that has to be revoked first, by ${ro}; the plan has the statements; everything else was applied`,
    ]);
    expect(statements?.map(({ outcome }) => outcome)).toEqual(statements?.map(() => "applied"));
    expect(output).toContain('REVOKE SELECT ON TABLE "public"."t" FROM "colleague"');
    expect([await login(), await grantees("t"), await grantees("u")]).toEqual([
      { rolcanlogin: false, bare: true },
      [{ name: "colleague" }, { name: ro }],
      [],
    ]);

    const again = await repository.planned();
    expect(again.stdout).toContain("1 grant to be revoked by others first");
    expect(again.stdout).not.toContain("in sync");
    expect((await repository.applied()).exitCode).toBe(1);
    await server.run("app", `set role ${ro}; revoke select on t from colleague`);
    await repository.planned();
    expect((await repository.applied()).exitCode).toBe(0);
    expect(await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toHaveLength(
      setting === "orphans: disable" ? 1 : 0,
    );
  },
);

test("more grants than can be listed keep no login either, and the plan says that there are more", async () => {
  await using repository = await bench(["orphans: disable"]);
  await server.run(
    "app",
    `do $$ begin for i in 1..130 loop execute format('create table many_%s ()', i); end loop; end $$;
     grant select, delete on all tables in schema public to ${ro} with grant option; set role ${ro};
     grant select on all tables in schema public to colleague`,
  );
  repository.write("roles.csv", formatRoles([]));
  const { stdout } = await repository.planned();
  expect(stdout).toContain(`${ro} granted more to others in database "app" than can be listed; that has to be revoked first`);
  expect((await repository.applied()).exitCode).toBe(1);
  expect(await login()).toEqual({ rolcanlogin: false, bare: true });
  await server.run("app", `set role ${ro}; revoke select on all tables in schema public from colleague`);
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect([await grantees("t"), await grantees("many_130")]).toEqual([[], []]);
});

test.each([
  [
    "all tables of another schema, one of them with the grant option",
    `grant delete on all tables in schema zother to ${ro}; grant delete on zother.b to ${ro} with grant option`,
  ],
  ["another schema, with the grant option", `grant create on schema zother to ${ro} with grant option`],
  ["a column, with the grant option", `grant update (a) on zother.a to ${ro} with grant option`],
])("as much as can be listed, granted onwards in one schema, keeps no access to %s", async (_, sql) => {
  await using repository = await bench();
  await server.run(
    "app",
    `create schema zother; create table zother.a (a int); create table zother.b (); create table zother.c ();
     do $$ begin for i in 1..100 loop execute format('create type many_%s as enum (); grant usage on type many_%1$s to ${ro} with grant option', i); end loop; end $$;
     ${sql}; set role ${ro};
     do $$ begin for i in 1..100 loop execute format('grant usage on type many_%s to colleague', i); end loop; end $$`,
  );
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(1);
  const [held] = await server.run(
    "app",
    `select has_table_privilege('${ro}', 'zother.a', 'delete') or has_schema_privilege('${ro}', 'zother', 'create')
       or has_column_privilege('${ro}', 'zother.a', 'a', 'update') as held`,
  );
  expect(held).toEqual({ held: false });
});

test("what is granted onwards after the review makes the plan stale, also on a database", async () => {
  await using repository = await bench(["orphans: disable"]);
  await server.run("app", `grant connect on database app to ${ro} with grant option`);
  await server.run("app", `set role ${ro}; grant connect on database app to colleague`);
  repository.write("roles.csv", formatRoles([]));
  await repository.planned();
  await server.run("app", `set role ${ro}; grant connect on database app to heir`);
  expect((await repository.applied()).exitCode).toBe(3);
  expect(await login()).toEqual({ rolcanlogin: true, bare: false });
});

test.each([
  ["a view", "create or replace view mine as select 2 as a"],
  ["a routine", "create or replace function f() returns int language sql as 'select 2'"],
  ["a policy", "create policy other on t to ROLE using (true)"],
])("%s that an orphan changes after the review makes the plan to drop it stale", async (_, sql) => {
  await using repository = await bench(["orphans: {drop: {reassign_to: heir}}"]);
  await server.run(
    "app",
    `create view mine as select 1 as a; alter view mine owner to ${ro};
     create function f() returns int language sql as 'select 1'; alter function f() owner to ${ro}`,
  );
  repository.write("roles.csv", formatRoles([]));
  const { stdout } = await repository.planned();
  expect(stdout).toContain('views "public.mine" will run with the rights of heir');
  await server.run("app", sql.replace("ROLE", ro));
  expect((await repository.applied()).exitCode).toBe(3);
  expect(await login()).toEqual({ rolcanlogin: true, bare: false });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect(await login()).toBeUndefined();
});

test.each([
  ["nothing", "", ""],
  ["what it granted to somebody else", "; grant delete on u to colleague", "DELETE"],
])("of a role whose way another role of the same apply has cleared, the outcome names as in the way: %s", async (_, more, left) => {
  await using repository = await bench([], ["analytics,managed,rw,app,SELECT,"]);
  const [rw] = await server.run("postgres", "select rolname as name from pg_roles where rolname like 'hoopdev_analytics_rw%'");
  await server.run(
    "app",
    `grant update on t to ${ro} with grant option; grant delete on u to ${ro} with grant option; grant insert on u to ${ro};
     set role ${ro}; grant update on t to ${String(rw?.["name"])}${more}`,
  );
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(1);
  expect(repository.lastApply("rw").status).toBe("success");
  const { message, command_output: output } = repository.lastApply("ro");
  const gone = "applied, and part of what stood in its way is gone since: plan and apply again";
  const still = `; ${ro} granted DELETE to "colleague" in database "app"; that has to be revoked first, by ${ro}; the plan has the statements`;
  expect(message).toBe(`${gone}${left === "" ? "" : still}`);
  expect(output).not.toContain("REVOKE UPDATE");
  await repository.planned();
  await repository.applied();
  expect(repository.lastApply("ro").status).toBe(left === "" ? "success" : "failed");
});

async function untilWaiting(): Promise<void> {
  for (let waited = 0; waited < 400; waited += 1) {
    const rows = await server.run("postgres", "select from pg_stat_activity where datname = 'app' and wait_event_type = 'Lock'");
    if (rows.length > 0) return;
    await sleep(25);
  }
  throw new Error("nobody waits");
}

test("a lock that somebody holds for a moment makes no plan stale of a role that has used one of its grant options", async () => {
  await using repository = await bench(["timeouts: {lock: 1}"]);
  await server.run(
    "app",
    `grant delete on t, u to ${ro} with grant option; grant update on u to ${ro} with grant option;
     set role ${ro}; grant delete on t to colleague`,
  );
  await repository.planned();
  const holder = await server.connect("app");
  await holder.query("begin; grant select on u to heir");
  const running = repository.applied();
  await untilWaiting();
  // For longer than a transaction waits for it, and shorter than all attempts do.
  await sleep(1800);
  await holder.query("rollback");
  await running;
  const { status, message, statements } = repository.lastApply("ro");
  expect([status, message]).toEqual([
    "failed",
    `${ro} granted DELETE to "colleague" in database "app"; that has to be revoked first, by ${ro}; the plan has the statements; everything else was applied`,
  ]);
  expect(statements?.map(({ outcome }) => outcome)).toEqual(statements?.map(() => "applied"));
  expect(
    await server.run(
      "app",
      `select from pg_class, aclexplode(relacl) a where oid = 'u'::regclass and a.grantee = '${ro}'::regrole and a.is_grantable`,
    ),
  ).toEqual([]);
});
