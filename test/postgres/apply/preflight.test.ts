// What an admin that is no superuser lacks, what SQL would give it, and that this SQL is enough for the whole apply. The rules are those
// measured in postgres.md §5, on every version.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultSettings } from "../../../src/model/settings.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";
import {
  admin,
  createAdmin,
  expectApplied,
  external,
  giveWhatIsMissing,
  managed,
  openAdminBench,
  remedyOf,
  roleName,
} from "./admin-bench.ts";

let server: Server;

/** From 16 on memberships have options, and CREATEROLE alone is not enough. */
const since16 = serverMajor >= 16;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "CREATE ROLE app_owner; CREATE ROLE stranger");
  await server.run("postgres", "CREATE DATABASE app OWNER app_owner");
  await server.run(
    "app",
    `CREATE SCHEMA s AUTHORIZATION app_owner; CREATE TABLE s.a (id serial); ALTER TABLE s.a OWNER TO app_owner;
     CREATE TABLE s.b (); ALTER TABLE s.b OWNER TO app_owner`,
  );
});

const inherit = (role: string): string =>
  since16 ? `GRANT "${role}" TO "rw_admin" WITH INHERIT TRUE, SET FALSE;` : `GRANT "${role}" TO "rw_admin";`;

const connectApp = 'GRANT CONNECT ON DATABASE "app" TO "rw_admin" WITH GRANT OPTION;';

describe("the minimal recipe", () => {
  test("lets an admin create, grant, rotate, use external roles and future objects, and revoke", async () => {
    await server.run("postgres", `${createAdmin}; GRANT CONNECT ON DATABASE app TO ${admin} WITH GRANT OPTION; CREATE ROLE reporting`);
    await server.run(
      "postgres",
      since16
        ? `GRANT app_owner TO ${admin} WITH INHERIT TRUE, SET FALSE; GRANT reporting TO ${admin} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`
        : `GRANT app_owner TO ${admin}`,
    );
    const first = [managed("rw", ["app.s"], ["SELECT", "INSERT"], { futureObjects: true }), external("report", "reporting")];
    using bench = openAdminBench(server, first);
    expect(await bench.preflight()).toEqual(new Map());
    await expectApplied(bench);
    using rotation = openAdminBench(server, [
      managed("rw", ["app.s"], ["SELECT"], { rotatePassword: true }),
      external("report", "reporting"),
    ]);
    expect(await rotation.preflight()).toEqual(new Map());
    expect((await rotation.apply()).map(({ status, message }) => [status, message])).toEqual([
      ["success", expect.any(String)],
      ["skipped", expect.any(String)],
    ]);
    using gone = openAdminBench(server, [managed("other", ["app.s"], ["SELECT"])], {
      settings: { orphans: { action: "drop", reassignTo: "app_owner", terminateSessions: false } },
    });
    expect(await gone.preflight()).toEqual(new Map());
    expect((await gone.apply()).map(({ status, message }) => [status, message])).toEqual(
      ["success", "success", "success"].map((status) => [status, expect.any(String)]),
    );
    expect(await server.run("postgres", "SELECT rolname FROM pg_roles WHERE rolname LIKE 'hoopdev%'")).toEqual([
      { rolname: roleName("other") },
    ]);
  });

  test("is what preflight asks of an admin that has nothing", async () => {
    await server.run("postgres", `CREATE ROLE ${admin} LOGIN PASSWORD '${admin}'; CREATE ROLE reporting`);
    using bench = openAdminBench(server, [
      managed("rw", ["app.s"], ["SELECT", "INSERT"], { futureObjects: true }),
      external("report", "reporting"),
    ]);
    const [messages] = await giveWhatIsMissing(server, bench);
    expect(messages).toHaveLength(2);
    expect(messages?.map(remedyOf)).toEqual(
      expect.arrayContaining([
        ['ALTER ROLE "rw_admin" CREATEROLE;', inherit("app_owner")],
        [
          'ALTER ROLE "rw_admin" CREATEROLE;',
          since16
            ? 'GRANT "reporting" TO "rw_admin" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;'
            : 'GRANT "reporting" TO "rw_admin" WITH ADMIN OPTION;',
        ],
      ]),
    );
    await expectApplied(bench);
  });
});

test("F49 whoever owns something by a name that psql would obey is asked for, and the SQL that helps stays on its lines", async () => {
  const owner = String.raw`U&"own\000a\005c! touch /tmp/owned"`;
  const other = String.raw`U&"else\000a\005c! touch /tmp/owned"`;
  await server.run("postgres", `${createAdmin}; CREATE ROLE ${owner}; CREATE ROLE ${roleName("ro")}`);
  await server.run("postgres", `CREATE DATABASE ${other}`);
  await server.run("app", `REASSIGN OWNED BY app_owner TO ${owner}`);
  const client = await server.connect("else\n\\! touch /tmp/owned");
  await client.query(String.raw`CREATE TABLE U&"t\000a" (); GRANT SELECT ON U&"t\000a" TO ${roleName("ro")}`);
  await client.end();
  using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
  const lines = (await giveWhatIsMissing(server, bench)).flat().flatMap(remedyOf);
  expect(lines).toContain(String.raw`\connect '"else\x0a\\! touch /tmp/owned"'`);
  expect(lines.join("\n")).toContain(String.raw`GRANT U&"own\000a\\! touch /tmp/owned" TO "rw_admin"`);
  await expectApplied(bench);
});

describe("questions", () => {
  const specs = [
    managed("ro", ["app.s", "second"], ["SELECT"]),
    managed("rw", ["app.s"], ["SELECT", "INSERT"]),
    external("like", "stranger"),
  ];

  test("a superuser is asked one and no more", async () => {
    await server.run("postgres", "CREATE DATABASE second");
    using bench = openAdminBench(server, specs, { withSuperuser: true });
    expect(await bench.preflight()).toEqual(new Map());
    expect(bench.asked()).toEqual([""]);
    await expectApplied(bench);
  });

  test("others one on each connection, whatever the number of roles", async () => {
    await server.run("postgres", "CREATE DATABASE second");
    await server.run("postgres", createAdmin);
    using bench = openAdminBench(server, specs);
    expect((await bench.preflight()).size).toBe(since16 ? 3 : 2);
    expect(bench.asked()).toEqual(["", "app", "second"]);
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
  });
});

describe("objects", () => {
  const spec = managed("ro", ["app.s"], ["SELECT"]);

  test("F15 one object of somebody the admin cannot act as is named, with its owner", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    await server.run("app", "CREATE TABLE s.theirs (); ALTER TABLE s.theirs OWNER TO stranger");
    using bench = openAdminBench(server, [spec]);
    const [outcome] = await bench.apply();
    expect(outcome).toMatchObject({
      status: "failed",
      message: expect.stringContaining(
        'the admin "rw_admin" lacks the right to grant SELECT on 1 of the tables of schema "s" in database "app", owned by "stranger": "theirs"; nothing was changed',
      ),
      databases: { "": "not-run", app: "not-run" },
    });
    expect(remedyOf(outcome?.output.trimEnd())).toEqual([inherit("stranger")]);
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
  });

  test("a plain privilege is not the right to grant it", async () => {
    await server.run("postgres", createAdmin);
    await server.run("app", `GRANT USAGE ON SCHEMA s TO ${admin}; GRANT SELECT ON ALL TABLES IN SCHEMA s TO ${admin}`);
    using bench = openAdminBench(server, [spec]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain('the right to grant USAGE on schema "s" in database "app", owned by "app_owner"');
    expect(message).toContain(
      'the right to grant SELECT on 2 of the tables of schema "s" in database "app", owned by "app_owner": "a", "b"',
    );
    await expectApplied(bench);
  });

  test("grant options do as well as the owner's rights, and grants made by them are revoked again", async () => {
    await server.run("postgres", `${createAdmin}; ${connectApp}`);
    await server.run(
      "app",
      `GRANT USAGE ON SCHEMA s TO ${admin} WITH GRANT OPTION; GRANT SELECT ON ALL TABLES IN SCHEMA s TO ${admin} WITH GRANT OPTION`,
    );
    using bench = openAdminBench(server, [spec]);
    expect(await bench.preflight()).toEqual(new Map());
    await expectApplied(bench);
    using less = openAdminBench(server, [managed("ro", ["app"], [])]);
    await giveWhatIsMissing(server, less);
    await expectApplied(less);
  });

  test("grant options that lie in two roles do not add up", async () => {
    await server.run(
      "postgres",
      `${createAdmin}; ${connectApp} CREATE ROLE half; CREATE ROLE other_half; GRANT half, other_half TO ${admin}`,
    );
    await server.run(
      "app",
      `GRANT USAGE ON SCHEMA s TO ${admin} WITH GRANT OPTION; GRANT SELECT ON ALL TABLES IN SCHEMA s TO half WITH GRANT OPTION;
       GRANT DELETE ON ALL TABLES IN SCHEMA s TO other_half WITH GRANT OPTION`,
    );
    using bench = openAdminBench(server, [managed("rd", ["app.s"], ["SELECT", "DELETE"])]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual([inherit("app_owner")]);
    await expectApplied(bench);
  });

  test("F57 what pg_database_owner owns is asked of the owner of the database", async () => {
    await server.run("postgres", createAdmin);
    await server.run(
      "app",
      "ALTER SCHEMA public OWNER TO pg_database_owner; CREATE TABLE public.t (); ALTER TABLE public.t OWNER TO app_owner",
    );
    using bench = openAdminBench(server, [managed("ro", ["app.public"], ["SELECT"])]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual([inherit("app_owner")]);
    await expectApplied(bench);
  });

  test("nobody is made a member of a superuser: what it owns takes grant options", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    await server.run(
      "app",
      `CREATE SCHEMA "super's"; CREATE TABLE "super's"."a""b" (); CREATE VIEW "super's".v AS SELECT 1; ALTER VIEW "super's".v OWNER TO app_owner`,
    );
    using bench = openAdminBench(server, [managed("ro", ["app.super's"], ["SELECT"])]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual([
      '\\connect "app"',
      `GRANT USAGE ON SCHEMA "super's" TO "rw_admin" WITH GRANT OPTION;`,
      `GRANT SELECT ON TABLE "super's"."a""b" TO "rw_admin" WITH GRANT OPTION;`,
    ]);
    await expectApplied(bench);
  });

  test("what a superuser granted on its own objects a superuser has to revoke", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    using bench = openAdminBench(server, [spec]);
    await expectApplied(bench);
    await server.run("app", `CREATE SCHEMA boss; CREATE TABLE boss.t (); GRANT SELECT ON boss.t TO ${roleName("ro")}`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain("plan and apply again");
    expect(remedyOf(message)).toEqual(['\\connect "app"', `REVOKE SELECT ON ALL TABLES IN SCHEMA "boss" FROM "${roleName("ro")}";`]);
    await expectApplied(bench);
  });

  test("with a grant option of its own the admin does not revoke as the owner", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} ${connectApp}`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    await expectApplied(bench);
    await server.run("app", `GRANT SELECT, DELETE ON s.a TO ${admin} WITH GRANT OPTION; GRANT DELETE ON s.a TO ${roleName("ro")}`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain("where the admin has a grant option besides");
    await expectApplied(bench);
  });

  test("nor with one of a role that is nearer than the owner", async () => {
    await server.run(
      "postgres",
      `${createAdmin}; CREATE ROLE near; CREATE ROLE middle; GRANT app_owner TO middle; GRANT middle, near TO ${admin}`,
    );
    using bench = openAdminBench(server, [spec]);
    await expectApplied(bench);
    await server.run("app", `GRANT SELECT, DELETE ON s.a TO near WITH GRANT OPTION; GRANT DELETE ON s.a TO ${roleName("ro")}`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual(['\\connect "app"', `REVOKE DELETE ON TABLE "s"."a" FROM "${roleName("ro")}";`]);
    await expectApplied(bench);
  });

  test("routines are named by their signatures, overloads, procedures with OUT arguments and all", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    await server.run(
      "app",
      `CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION s.f(text, s.a) RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE PROCEDURE s.p(int) LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE s.p(OUT int) LANGUAGE sql AS 'SELECT 1';
       CREATE FUNCTION s.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.mine() OWNER TO app_owner`,
    );
    const executes = managed("x", ["app.s"], ["EXECUTE"]);
    using bench = openAdminBench(server, [executes]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain('EXECUTE on 4 of the routines of schema "s" in database "app", owned by "postgres"');
    await expectApplied(bench);
    // By name, and granted by the owner: only a superuser can revoke it.
    await server.run("app", `GRANT EXECUTE ON FUNCTION s.f(int) TO ${roleName("x")} WITH GRANT OPTION`);
    const [[again] = []] = await giveWhatIsMissing(server, bench);
    expect(again).toContain('"s.f(integer)"');
    await expectApplied(bench);
  });

  test("a grantor is become only with SET", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE dba`);
    await server.run("app", "GRANT USAGE ON SCHEMA s TO dba; GRANT SELECT, DELETE ON s.a TO dba WITH GRANT OPTION");
    using bench = openAdminBench(server, [spec]);
    await expectApplied(bench);
    await server.run("app", `SET ROLE dba; GRANT DELETE ON s.a TO ${roleName("ro")}`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain('the right to become "dba", to revoke what it granted in database "app"');
    expect(remedyOf(message)).toEqual([since16 ? 'GRANT "dba" TO "rw_admin" WITH INHERIT FALSE, SET TRUE;' : 'GRANT "dba" TO "rw_admin";']);
    await expectApplied(bench);
  });

  test("a grantor needs USAGE on the schema to name what it granted", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE dba; GRANT dba TO ${admin}`);
    await server.run("app", "GRANT USAGE ON SCHEMA s TO dba; GRANT SELECT, DELETE ON s.a TO dba WITH GRANT OPTION");
    using bench = openAdminBench(server, [spec]);
    await expectApplied(bench);
    await server.run("app", `SET ROLE dba; GRANT DELETE ON s.a TO ${roleName("ro")}; RESET ROLE; REVOKE USAGE ON SCHEMA s FROM dba`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual(['\\connect "app"', 'GRANT USAGE ON SCHEMA "s" TO "dba";']);
    await expectApplied(bench);
  });

  test("so it does where a superuser becomes that grantor, which is no superuser then", async () => {
    await server.run("postgres", "CREATE ROLE dba");
    await server.run("app", "GRANT USAGE ON SCHEMA s TO dba; GRANT SELECT, DELETE ON s.a TO dba WITH GRANT OPTION");
    using bench = openAdminBench(server, [spec], { withSuperuser: true });
    await expectApplied(bench);
    await server.run("app", `SET ROLE dba; GRANT DELETE ON s.a TO ${roleName("ro")}; RESET ROLE; REVOKE USAGE ON SCHEMA s FROM dba`);
    const plans = await bench.plan();
    const [refused] = await bench.apply(plans);
    expect(refused).toMatchObject({ status: "failed", databases: { app: "not-run" } });
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(refused?.output.trimEnd()).toBe(message);
    expect(message).toContain('USAGE on schema "s" in database "app", which "dba" needs to revoke what it granted; nothing was changed');
    expect(remedyOf(message)).toEqual(['\\connect "app"', 'GRANT USAGE ON SCHEMA "s" TO "dba";']);
    expect(
      (await bench.apply(plans)).map(({ status }) => status),
      "the reviewed plan is still the same",
    ).toEqual(["success"]);
  });

  test("what a role granted to itself takes USAGE of its own, and another plan", async () => {
    using bench = openAdminBench(server, [spec], { withSuperuser: true });
    await expectApplied(bench);
    const ro = roleName("ro");
    await server.run("app", `GRANT DELETE ON s.a TO ${ro} WITH GRANT OPTION; SET ROLE ${ro}; GRANT DELETE ON s.a TO ${ro}`);
    await server.run("app", `REVOKE USAGE ON SCHEMA s FROM ${ro}`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain("plan and apply again");
    expect(remedyOf(message)).toEqual(['\\connect "app"', `GRANT USAGE ON SCHEMA "s" TO "${ro}";`]);
    await expectApplied(bench);
  });

  test("nor is a superuser asked more where grantors can name what they granted", async () => {
    await server.run("postgres", "CREATE ROLE dba");
    await server.run("app", "GRANT USAGE ON SCHEMA s TO dba; GRANT SELECT, DELETE ON s.a TO dba WITH GRANT OPTION");
    using bench = openAdminBench(server, [spec], { withSuperuser: true });
    await expectApplied(bench);
    await server.run("app", `SET ROLE dba; GRANT DELETE ON s.a TO ${roleName("ro")}`);
    expect(await bench.preflight()).toEqual(new Map());
    expect(bench.asked()).toEqual(["", "app"]);
    await expectApplied(bench);
  });

  test("a grantor that has become a superuser acts as the owner, whoever becomes it", async () => {
    await server.run("postgres", "CREATE ROLE dba");
    await server.run("app", "GRANT USAGE ON SCHEMA s TO dba; GRANT SELECT, DELETE ON s.a TO dba WITH GRANT OPTION");
    using bench = openAdminBench(server, [spec], { withSuperuser: true });
    await expectApplied(bench);
    await server.run("app", `SET ROLE dba; GRANT DELETE ON s.a TO ${roleName("ro")}; RESET ROLE; ALTER ROLE dba SUPERUSER`);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(message).toContain('a way to revoke what "dba", a superuser, granted');
    expect(remedyOf(message)).toEqual([
      '\\connect "app"',
      "BEGIN;",
      'ALTER ROLE "dba" NOSUPERUSER;',
      'SET LOCAL ROLE "dba";',
      `REVOKE DELETE ON TABLE "s"."a" FROM "${roleName("ro")}";`,
      "RESET ROLE;",
      'ALTER ROLE "dba" SUPERUSER;',
      "COMMIT;",
    ]);
    expect(await server.run("postgres", "SELECT rolsuper FROM pg_roles WHERE rolname = 'dba'")).toEqual([{ rolsuper: true }]);
    await expectApplied(bench);
  });

  test("an admin with grant options on tables needs USAGE on their schema", async () => {
    await server.run("postgres", `${createAdmin}; CREATE ROLE ${roleName("ro")} LOGIN; GRANT CONNECT ON DATABASE app TO ${roleName("ro")}`);
    if (since16) await server.run("postgres", `GRANT ${roleName("ro")} TO ${admin} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
    await server.run(
      "app",
      `GRANT USAGE ON SCHEMA s TO ${roleName("ro")}; GRANT SELECT ON ALL TABLES IN SCHEMA s TO ${admin} WITH GRANT OPTION`,
    );
    using bench = openAdminBench(server, [spec]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual(['\\connect "app"', 'GRANT USAGE ON SCHEMA "s" TO "rw_admin";']);
    await expectApplied(bench);
  });

  test("roles of one cause share one answer, and only those that lack something fail", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    await server.run("app", "CREATE SCHEMA theirs AUTHORIZATION stranger");
    using bench = openAdminBench(server, [spec, managed("x", ["app.theirs"], ["SELECT"])]);
    expect((await bench.apply()).map(({ status }) => status)).toEqual(["success", "failed"]);
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
  });

  test("names with line breaks stay on their line in SQL to paste", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE "evil\n\\! touch pwned"`);
    await server.run("app", `ALTER TABLE s.b OWNER TO "evil\n\\! touch pwned"`);
    using bench = openAdminBench(server, [spec]);
    const [message] = [...(await bench.preflight()).values()];
    expect(message).toContain(String.raw`U&"evil\000a\\! touch pwned"`);
    expect(message).not.toContain("\n\\!");
  });
});

describe("a NOINHERIT admin", () => {
  test("before 16 gets INHERIT, from 16 on memberships that inherit", async () => {
    await server.run("postgres", `${createAdmin} NOINHERIT; GRANT app_owner TO ${admin}`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual([
      since16 ? 'GRANT "app_owner" TO "rw_admin" WITH INHERIT TRUE, SET TRUE;' : 'ALTER ROLE "rw_admin" INHERIT;',
    ]);
    await expectApplied(bench);
  });
});

describe("roles", () => {
  test("F58 a role that exists takes ADMIN from 16 on", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE ${roleName("ro")} LOGIN CREATEDB`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    if (!since16) {
      expect(await bench.preflight()).toEqual(new Map());
    } else {
      const [message] = [...(await bench.preflight()).values()];
      expect(message).toContain(`ADMIN on role "${roleName("ro")}"`);
      expect(remedyOf(message)).toEqual([
        `GRANT "${roleName("ro")}" TO "rw_admin" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;`,
        `ALTER ROLE "${roleName("ro")}" NOCREATEDB;`,
      ]);
      await giveWhatIsMissing(server, bench);
    }
    await expectApplied(bench);
  });

  test.each(["REPLICATION", "BYPASSRLS", "REPLICATION BYPASSRLS"])("attributes that take a superuser: %s", async (attributes) => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE ${roleName("ro")} LOGIN ${attributes}`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    const rounds = await giveWhatIsMissing(server, bench);
    expect(rounds.flat().join("\n")).toMatch(/ALTER ROLE "hoopdev_cluster_ro_\w+" NO/u);
    await expectApplied(bench);
  });

  test.each(["", "inherit", "set, inherit"])(
    "F59, F60 roles that the plan makes need nothing, with createrole_self_grant = '%s'",
    async (selfGrant) => {
      await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
      if (since16) await server.run("postgres", `ALTER ROLE ${admin} SET createrole_self_grant = '${selfGrant}'`);
      using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"]), external("like", roleName("ro"))]);
      expect(await bench.preflight()).toEqual(new Map());
      await expectApplied(bench);
      using next = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"], { connectionLimit: 3 }), managed("like", ["app.s"], [])]);
      expect(await next.preflight()).toEqual(new Map());
      await expectApplied(next);
    },
  );

  test("a membership that somebody else granted takes ADMIN, and from 16 on the grantor's rights", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE team; CREATE ROLE lead CREATEROLE`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    await expectApplied(bench);
    if (since16) await server.run("postgres", "GRANT team TO lead WITH ADMIN TRUE");
    await server.run("postgres", `SET ROLE lead; GRANT team TO ${roleName("ro")}`);
    const rounds = await giveWhatIsMissing(server, bench);
    expect(rounds.map((messages) => messages.map(remedyOf))).toEqual(
      since16 ? [[[inherit("lead"), 'GRANT "team" TO "rw_admin" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;']]] : [],
    );
    await expectApplied(bench);
  });

  test("a membership that a superuser granted takes a superuser from 16 on", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE team`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    await expectApplied(bench);
    await server.run("postgres", `GRANT team TO ${roleName("ro")}`);
    const rounds = await giveWhatIsMissing(server, bench);
    expect(rounds.map((messages) => messages.map(remedyOf))).toEqual(
      since16 ? [[[`REVOKE "team" FROM "${roleName("ro")}" GRANTED BY "postgres";`]]] : [],
    );
    await expectApplied(bench);
  });
});

describe("future objects", () => {
  const spec = managed("ro", ["app.s"], ["SELECT"], { futureObjects: true });

  test("F65 every creator is asked for, with and without LOGIN", async () => {
    await server.run("postgres", `${createAdmin}; CREATE ROLE migrator LOGIN`);
    await server.run("app", "GRANT CREATE ON SCHEMA s TO migrator; ALTER TABLE s.b OWNER TO stranger");
    using bench = openAdminBench(server, [spec]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    for (const role of ["app_owner", "migrator", "stranger"])
      expect(message).toContain(`the rights of role "${role}", to change its default privileges in database "app"`);
    expect(remedyOf(message)).toEqual(["app_owner", "migrator", "stranger"].map(inherit));
    await expectApplied(bench);
  });

  test("F69 ADMIN on the creator is not membership in it", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} CREATE ROLE migrator`);
    if (since16) await server.run("postgres", `GRANT migrator TO ${admin} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
    await server.run("app", "GRANT CREATE ON SCHEMA s TO migrator");
    using bench = openAdminBench(server, [spec]);
    const [[message] = []] = await giveWhatIsMissing(server, bench);
    expect(remedyOf(message)).toEqual([inherit("migrator")]);
    await expectApplied(bench);
  });

  test("before 16 membership is enough to change default privileges, from 16 on it has to inherit", async () => {
    await server.run("postgres", `${createAdmin} NOINHERIT`);
    await server.run("postgres", since16 ? `GRANT app_owner TO ${admin} WITH INHERIT FALSE` : `GRANT app_owner TO ${admin}`);
    using first = openAdminBench(server, [{ ...spec, futureObjects: false }], { withSuperuser: true });
    await expectApplied(first);
    using bench = openAdminBench(server, [spec]);
    expect((await giveWhatIsMissing(server, bench)).map((messages) => messages.map(remedyOf))).toEqual(
      since16 ? [[['GRANT "app_owner" TO "rw_admin" WITH INHERIT TRUE, SET TRUE;']]] : [],
    );
    await expectApplied(bench);
  });

  test("a creator that the same plan makes is asked for once it is there", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    using bench = openAdminBench(server, [spec, managed("maker", ["app.s"], ["CREATE"])]);
    const outcomes = await bench.apply();
    expect(outcomes.map(({ status }) => status)).toEqual(["success", "failed"]);
    expect(outcomes[1]?.message).toContain("(once it is there)");
    expect(remedyOf(outcomes[1]?.output.trimEnd())).toEqual([inherit(roleName("maker"))]);
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
  });

  test.runIf(since16)("and not at all where createrole_self_grant inherits", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} ALTER ROLE ${admin} SET createrole_self_grant = 'inherit'`);
    using bench = openAdminBench(server, [spec, managed("maker", ["app.s"], ["CREATE"])]);
    expect(await bench.preflight()).toEqual(new Map());
    await expectApplied(bench);
  });
});

describe.runIf(since16)("an attribute that the admin may not take", () => {
  const old = "hoopdev_cluster_old_1f2e3d4c";
  const withPowers = (role: string): string =>
    `${createAdmin}; ${inherit("app_owner")} CREATE ROLE ${role} LOGIN CREATEDB REPLICATION BYPASSRLS PASSWORD 'known';
     GRANT ${role} TO ${admin} WITH ADMIN TRUE, INHERIT TRUE; COMMENT ON ROLE ${role} IS '[rolewright ${defaultSettings.repository}]'`;
  const stateOf = async (role: string): Promise<unknown> => {
    const [row] = await server.run(
      "postgres",
      `SELECT rolcanlogin AS login, rolcreatedb AS createdb, rolpassword IS NULL AS bare FROM pg_authid WHERE rolname = '${role}'`,
    );
    return row;
  };

  test.each([false, true])("keeps an orphan neither its login nor its grants; its sessions end: %s", async (terminateSessions) => {
    await server.run("postgres", withPowers(old));
    await server.run("app", `GRANT USAGE ON SCHEMA s TO ${old}; GRANT SELECT ON s.a TO ${old}`);
    await server.run("app", `SET ROLE app_owner; GRANT USAGE ON SCHEMA s TO ${old}; GRANT SELECT ON s.b TO ${old}`);
    using bench = openAdminBench(server, [], {
      settings: { repository: "acme/access", orphans: { action: "disable", terminateSessions } },
    });
    await server.run("postgres", `COMMENT ON ROLE ${old} IS '[rolewright acme/access]'`);
    const [outcome] = await bench.apply();
    expect(outcome?.status, outcome?.message).toBe("failed");
    expect(outcome?.message).toBe(
      `the admin "rw_admin" lacks the right to set NOBYPASSRLS on role "${old}"; the right to set NOCREATEDB on role "${old}"; the right to set NOREPLICATION on role "${old}"; that was left out`,
    );
    expect(outcome?.output).toContain(`ALTER ROLE "${old}" NOCREATEDB;`);
    expect(outcome?.databases).toEqual({ "": "applied", app: "applied" });
    expect(outcome?.statements.filter((statement) => statement.outcome !== "applied").map(({ sql }) => sql)).toEqual([
      `ALTER ROLE "${old}" WITH NOBYPASSRLS`,
      `ALTER ROLE "${old}" WITH NOCREATEDB`,
      `ALTER ROLE "${old}" WITH NOREPLICATION`,
    ]);
    expect(await stateOf(old)).toEqual({ login: false, createdb: true, bare: true });
    expect((await bench.plan()).map(({ status, message }) => [status, message])).toEqual([
      ["out-of-sync", `${terminateSessions ? 4 : 3} statements`],
    ]);
    expect((await bench.apply()).map(({ message }) => message)).toEqual([
      expect.stringMatching(terminateSessions ? /that was left out$/u : /nothing was changed$/u),
    ]);
    await giveWhatIsMissing(server, bench);
    expect((await bench.plan()).map(({ status }) => status)).toEqual(["in-sync"]);
  });

  test("gives nobody a membership in the role that keeps it", async () => {
    const ro = roleName("ro");
    await server.run("postgres", withPowers(ro));
    await server.run("postgres", `COMMENT ON ROLE ${ro} IS NULL`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"]), external("like", ro)]);
    const members = (): Promise<readonly unknown[]> =>
      server.run(
        "postgres",
        `SELECT FROM pg_auth_members WHERE roleid = '${ro}'::regrole AND pg_get_userbyid(member) = '${roleName("like")}'`,
      );
    const outcomes = await bench.apply();
    expect(outcomes.map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(outcomes.map(({ message }) => message).join("\n")).toContain("has BYPASSRLS");
    expect(await members()).toEqual([]);
    const [held] = await server.run("app", `SELECT has_table_privilege('${ro}', 's.b', 'SELECT') AS sel`);
    expect(held).toEqual({ sel: true });
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
    expect(await members()).toHaveLength(1);
  });

  test("keeps no orphan from being dropped", async () => {
    await server.run("postgres", withPowers(old));
    await server.run("postgres", `COMMENT ON ROLE ${old} IS '[rolewright acme/access]'`);
    const orphans = { action: "drop", reassignTo: "app_owner", terminateSessions: false } as const;
    using bench = openAdminBench(server, [], { settings: { repository: "acme/access", orphans } });
    const [outcome] = await bench.apply();
    expect(outcome?.status, outcome?.message).toBe("success");
    expect(await stateOf(old)).toBeUndefined();
  });

  test("keeps a managed role nothing else that was given to it by hand", async () => {
    const ro = roleName("ro");
    await server.run("postgres", withPowers(ro));
    await server.run("app", `SET ROLE app_owner; GRANT DELETE ON s.b TO ${ro}`);
    await server.run("postgres", `COMMENT ON ROLE ${ro} IS NULL`);
    using bench = openAdminBench(server, [managed("ro", ["app.s"], ["SELECT"])]);
    const [outcome] = await bench.apply();
    expect([outcome?.status, outcome?.message]).toEqual(["failed", expect.stringMatching(/NOCREATEDB .*; that was left out$/u)]);
    const [held] = await server.run(
      "app",
      `SELECT has_table_privilege('${ro}', 's.b', 'DELETE') AS del, has_table_privilege('${ro}', 's.b', 'SELECT') AS sel`,
    );
    expect(held).toEqual({ del: false, sel: true });
    await giveWhatIsMissing(server, bench);
    await expectApplied(bench);
  });
});

describe("orphans", () => {
  const settings = { ...defaultSettings, orphans: { action: "drop", reassignTo: "app_owner", terminateSessions: true } } as const;

  test.each([
    ["app_owner", "app_owner", false],
    ["stranger", "postgres", true],
  ])(
    "their objects go to %s in a database of %s, their sessions and the roles themselves go",
    async (reassignTo, databaseOwner, isCreateMissing) => {
      await server.run("postgres", `ALTER DATABASE app OWNER TO ${databaseOwner}`);
      await server.run("postgres", `${createAdmin}; ${inherit("app_owner")} ${connectApp}`);
      using before = openAdminBench(server, [managed("gone", ["app.s"], ["CREATE"])]);
      await expectApplied(before);
      await server.run(
        "app",
        `SET ROLE ${roleName("gone")}; CREATE TABLE s.mine (); CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; RESET ROLE;
       CREATE SCHEMA mine AUTHORIZATION ${roleName("gone")}`,
      );
      using bench = openAdminBench(server, [], { settings: { orphans: { ...settings.orphans, reassignTo } } });
      const rounds = await giveWhatIsMissing(server, bench);
      expect(rounds.flat().join("\n")).toContain("to end its sessions");
      const asksForCreate = rounds.flat().join("\n").includes('GRANT CREATE ON DATABASE "app" TO "rw_admin";');
      expect(asksForCreate, "a schema is handed over only with CREATE on the database, which its owner has").toBe(isCreateMissing);
      const forHeir = rounds.flat().join("\n").includes('GRANT CREATE ON SCHEMA "s" TO "stranger";');
      expect(forHeir, "a function is owned only by who may create in its schema").toBe(reassignTo === "stranger");
      expect((await bench.apply()).map(({ status, message }) => [status, message])).toEqual([["success", expect.any(String)]]);
      expect(await server.run("postgres", "SELECT rolname FROM pg_roles WHERE rolname LIKE 'hoopdev%'")).toEqual([]);
    },
  );

  test("databases and tablespaces of theirs are given away, too", async () => {
    await server.run("postgres", `${createAdmin}; ${inherit("app_owner")}`);
    using before = openAdminBench(server, [managed("gone", ["app.s"], ["SELECT"])]);
    await expectApplied(before);
    const gone = roleName("gone");
    const tablespace = `SET allow_in_place_tablespaces = on;\nCREATE TABLESPACE fast OWNER ${gone} LOCATION '';`;
    const script = [`CREATE DATABASE archive OWNER ${gone};`, ...(serverMajor >= 15 ? [tablespace] : [])].join("\n");
    expect(await server.psql("postgres", script), script).toMatchObject({ code: 0 });
    using bench = openAdminBench(server, [], { settings: { orphans: { ...settings.orphans, reassignTo: "stranger" } } });
    const rounds = await giveWhatIsMissing(server, bench);
    const asksToBecome = rounds.flat().join("\n").includes('the right to become "stranger", the new owner in database "postgres"');
    expect(asksToBecome, "from 16 on their new owner has to be one that the admin can become").toBe(since16);
    expect((await bench.apply()).map(({ status, message }) => [status, message])).toEqual([["success", expect.any(String)]]);
    expect(await server.run("postgres", "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = 'archive'")).toEqual([
      { owner: "stranger" },
    ]);
  });
});
