// F70: a table on which thousands of roles hold something. Its ACL has to fit one page.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { external, managed, openAdminBench, roleName } from "./admin-bench.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table crowded (id int); create table other (id int)");
});

/** Roles with a grant of their own on the table. */
async function crowd(count: number): Promise<void> {
  await server.run(
    "app",
    `do $$ begin for i in 1..${count} loop execute format('create role r%s', i); end loop;
     execute (select 'grant select on crowded to ' || string_agg('r' || i, ', ') from generate_series(1, ${count}) i); end $$`,
  );
}

/** Goes on, one role at a time, until PostgreSQL refuses. */
async function fill(from: number): Promise<void> {
  await server.run(
    "app",
    `do $$ declare i int := ${from}; begin loop
       execute format('create role r%s', i);
       begin execute format('grant select on crowded to r%s', i); exception when program_limit_exceeded then return; end;
       i := i + 1;
     end loop; end $$`,
  );
}

test("F70 a table with 2,100 grantees is warned of, with a way out that needs no entry of its own", { timeout: 120_000 }, async () => {
  await crowd(2_100);
  using bench = openAdminBench(server, [managed("ro", ["app"], ["SELECT"])], { withSuperuser: true });
  const [plan] = await bench.plan();
  expect(plan?.status).toBe("out-of-sync");
  expect(plan?.warnings).toEqual([
    expect.stringMatching(
      /^app\.public: the largest ACL has 2101 entries and gets up to 1 more by this run, about 8\d % of what a page holds; .*external roles with that one as their source_role/u,
    ),
  ]);
  expect((await bench.apply()).map(({ status }) => status)).toEqual(["success"]);
  // Still so when nothing is left to do, and without anybody to come.
  const [after] = await bench.plan();
  expect(after).toMatchObject({ status: "in-sync", warnings: [expect.stringMatching(/has 2102 entries, about 8\d %/u)] });
  using members = openAdminBench(server, [managed("ro", ["app"], ["SELECT"]), external("guest", roleName("ro"))], { withSuperuser: true });
  expect((await members.apply()).map(({ status }) => status)).toEqual(["skipped", "success"]);
  await server.run("app", `set role ${roleName("guest")}; select from crowded`);
  expect(await server.run("app", "select cardinality(relacl) as entries from pg_class where relname = 'crowded'")).toEqual([
    { entries: 2102 },
  ]);
});

test("F70 a GRANT that finds the page full changes nothing in its database, and says what to do", { timeout: 180_000 }, async () => {
  await crowd(2_000);
  await fill(2_001);
  using bench = openAdminBench(server, [managed("ro", ["app"], ["SELECT"])], { withSuperuser: true });
  const [plan] = await bench.plan();
  expect(plan?.warnings).toEqual([expect.stringMatching(/about (?:99|100|101) % of what a page holds/u)]);
  const [outcome] = await bench.apply();
  expect(outcome).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(outcome?.message).toMatch(
    /row is too big.*declare the others as external roles with that one as their source_role, at: GRANT SELECT/u,
  );
  expect(await server.run("app", `select from pg_class where relname = 'other' and relacl::text like '%hoopdev%'`)).toEqual([]);
  // Some of those who hold something become members instead, and then it fits.
  await server.run("app", "revoke select on crowded from r1, r2, r3, r4, r5, r6, r7, r8, r9, r10");
  expect((await bench.apply()).map(({ status }) => status)).toEqual(["success"]);
});

test("F70 the roles that a run is to make are counted before they are there", { timeout: 120_000 }, async () => {
  const specs = Array.from({ length: 1_900 }, (_, index) => managed(`r${index}`, ["app"], ["SELECT"]));
  using bench = openAdminBench(server, specs, { withSuperuser: true });
  const plans = await bench.plan();
  expect(new Set(plans.map(({ status }) => status))).toEqual(new Set(["out-of-sync"]));
  expect(new Set(plans.flatMap(({ warnings }) => warnings))).toEqual(
    new Set([expect.stringMatching(/^app\.public: the largest ACL has 0 entries and gets up to 1900 more by this run, about 79 %/u)]),
  );
  using fewer = openAdminBench(server, specs.slice(0, 1_500), { withSuperuser: true });
  expect((await fewer.plan()).flatMap(({ warnings }) => warnings)).toEqual([]);
});

test("F70 what counts is the room that an ACL takes, which is more for roles of many years", { timeout: 120_000 }, async () => {
  // Roles that were made now and then have OIDs far apart, and hold this or that: neither can be stored as briefly.
  await server.run(
    "app",
    `do $$ declare i int; privileges text[] := array['select', 'select, insert', 'select, insert, update, delete', 'all']; begin
       for i in 1..1700 loop
         execute format('create role r%s', i);
         perform pg_nextoid('pg_catalog.pg_authid', 'oid', 'pg_catalog.pg_authid_oid_index') from generate_series(1, i * 37 % 101);
         execute format('grant %s on crowded to r%s', privileges[1 + i * i % 4], i);
       end loop; end $$`,
  );
  using bench = openAdminBench(server, [managed("ro", ["app"], ["SELECT"])], { withSuperuser: true });
  expect((await bench.plan()).flatMap(({ warnings }) => warnings)).toEqual([
    expect.stringMatching(/^app\.public: the largest ACL has 1701 entries/u),
  ]);
});
