// One part of an apply fails: the others are applied, every status is true, nothing is lost, and running again completes it.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  loginEnvironment,
  makeAccessRepository,
  type AccessRepository,
  type Outcome,
  type RepositoryInput,
} from "../../support/access-repository.ts";
import { maximumSessionBytes, sessionLimits } from "../../../src/session/bound.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";
import { startProxy } from "../../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  for (const name of ["app", "legacy"]) {
    await server.run("postgres", `create database ${name}`);
    await server.run(name, "create table t (a int); create table u (a int)");
  }
});

const ro = "hoopdev_analytics_ro_6075a443";
const rw = "hoopdev_analytics_rw_2c764c3a";

type Bench = AccessRepository & {
  readonly planned: () => Promise<void>;
  readonly applied: () => Promise<Outcome>;
  readonly pending: () => Promise<number | null>;
};

function bench(input: Partial<RepositoryInput>): Bench {
  const resources = input.resources ?? [{ name: "analytics", server }];
  const repository = makeAccessRepository({
    resources,
    roles: input.roles ?? ["analytics,managed,ro,app;legacy,SELECT,"],
    settings: input.settings ?? [],
  });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  return {
    ...repository,
    planned: async () => {
      const outcome = await run("plan", "-o", repository.resultFile);
      expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(0);
    },
    applied: () => run("apply", "-f", repository.resultFile),
    pending: async () => (await run("plan", "--detailed-exitcode")).exitCode,
  };
}

/** Raises whenever a command of this tag runs; in SQL for the database to protect. */
function refusing(tag: string, condition = "true"): string {
  return `create function refuse() returns event_trigger language plpgsql as $$begin if ${condition} then raise exception 'not on my watch'; end if; end$$;
          create event trigger refuse on ddl_command_start when tag in ('${tag}') execute function refuse()`;
}

async function expectLogin(repository: AccessRepository, label: string): Promise<void> {
  const credential = repository.credentials().find(({ file }) => file === `analytics/${label}.json`);
  const client = new Client({ connectionString: credential?.dsn ?? "" });
  await client.connect();
  await client.end();
}

test("F40 one database fails: the others are applied, the password is delivered, and running again completes it", async () => {
  await server.run("legacy", refusing("GRANT"));
  await using repository = bench({});
  await repository.planned();
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode).toBe(1);
  const session = repository.lastApply("ro");
  expect(session).toMatchObject({ status: "failed", databases: { "": "applied", app: "applied", legacy: "rolled-back" } });
  expect(session.message).toContain('database "legacy": rolled back: not on my watch, at: GRANT');
  expect(stdout).toContain("not on my watch");
  const byDatabase = Map.groupBy(session.statements ?? [], ({ database }) => database);
  expect([...byDatabase].map(([database, list]) => [database, list.map(({ outcome }) => outcome)])).toEqual(
    expect.arrayContaining([
      ["app", ["applied", "applied", "applied"]],
      // Event triggers see nothing of grants on shared objects: CONNECT was granted, and undone. On 14 the schema has a transaction of
      // its own, which comes first.
      ["legacy", serverMajor < 15 ? ["rolled-back", "not-run", "not-run"] : ["rolled-back", "rolled-back", "not-run"]],
    ]),
  );
  expect(repository.credentials().map(({ file }) => file)).toEqual(["analytics/ro.json"]);
  await expectLogin(repository, "ro");
  await server.run("legacy", "drop event trigger refuse");
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect(await repository.pending()).toBe(0);
  await expectLogin(repository, "ro");
});

test("a role that fails in a shared transaction does not take the others down", async () => {
  // Only statements that name the one role are refused: those that serve both, and its own.
  await server.run("app", refusing("GRANT", `current_query() like '%${rw}%'`));
  await using repository = bench({
    roles: ["analytics,managed,ro,app,SELECT,", "analytics,managed,rw,app,SELECT,", "analytics,external,ext,,,pg_read_all_stats"],
  });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "success", databases: { "": "applied", app: "applied" } });
  expect(repository.lastApply("ext")).toMatchObject({ status: "success" });
  expect(repository.lastApply("rw")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(repository.lastApply("ro").statements?.some(({ sql }) => sql.includes(rw))).toBe(false);
});

test("a resource that cannot be reached fails alone", async () => {
  await using repository = bench({
    resources: [
      { name: "analytics", server },
      { name: "market", server },
    ],
    roles: ["analytics,managed,ro,app,SELECT,", "market,managed,ro,legacy,SELECT,"],
  });
  await repository.planned();
  await server.run("postgres", "drop database legacy with (force)");
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(1);
  const [first, second] = ["analytics", "market"].map((name) =>
    repository.sessions("apply").find((session) => session.resource_name === name),
  );
  expect(first?.status).toBe("success");
  expect(second).toMatchObject({ status: "failed", databases: {} });
  expect(second?.message).toContain('database "legacy" does not exist');
});

test("F47 a database that closes between plan and apply is named, and nothing of the role is changed", async () => {
  await using repository = bench({});
  await repository.planned();
  await server.run("postgres", "alter database legacy allow_connections false");
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", message: expect.stringContaining("legacy"), databases: {} });
  expect(await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toEqual([]);
});

test("F26 nobody who may read loses access for a moment while their grants are made anew", { timeout: 120_000 }, async () => {
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,"] });
  await repository.planned();
  await repository.applied();
  const [credential] = repository.credentials();
  const reader = new Client({ connectionString: credential?.dsn ?? "" });
  await reader.connect();
  const done = new AbortController();
  let reads = 0;
  const reading = (async () => {
    while (!done.signal.aborted) {
      await reader.query("select * from t");
      reads += 1;
    }
  })();
  // Drift both ways: what must go, and what must come, on the same tables; and access that narrows and widens again.
  for (const privileges of ["SELECT;INSERT", "SELECT", "SELECT;UPDATE;DELETE", "SELECT"]) {
    await server.run("app", `grant truncate, references on t, u to ${ro}; revoke select on u from ${ro}`);
    repository.write("roles.csv", `resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,app,${privileges},\n`);
    await repository.planned();
    const { exitCode, stdout } = await repository.applied();
    expect(exitCode, stdout).toBe(0);
  }
  done.abort();
  await reading;
  await reader.end();
  expect(reads).toBeGreaterThan(50);
});

test("an event trigger that takes back what is granted is caught before COMMIT", async () => {
  await server.run(
    "app",
    `create function undo() returns event_trigger language plpgsql as $$begin
       if current_query() like 'GRANT SELECT%' then execute 'revoke select on public.t from ${ro}'; end if; end$$;
     create event trigger undo on ddl_command_end when tag in ('GRANT') execute function undo()`,
  );
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,"] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(repository.lastApply("ro").message).toMatch(
    /the result was not what was planned; it would still take: GRANT SELECT ON TABLE "public"\."t"/u,
  );
  expect(await server.run("app", "select from pg_class where relname in ('t', 'u') and relacl::text like '%hoopdev%'")).toEqual([]);
});

test("what does not stay after COMMIT fails the apply, and the statements that flap are named", async () => {
  let isArmed = true;
  const proxy = await startProxy({
    target: () => server.port,
    // When the transaction of the database is done, its connection says goodbye: then somebody takes a grant back.
    onMessage: async ({ type }) => {
      if (type !== "X" || !isArmed) return "pass" as const;
      const done = await server.run("app", `select from pg_class where relname = 't' and relacl::text like '%${ro}%'`).catch(() => []);
      if (done.length > 0) {
        isArmed = false;
        await server.run("app", `revoke select on t from ${ro}; grant delete on u to ${ro}`);
      }
      return "pass" as const;
    },
  });
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
    roles: ["analytics,managed,ro,app,SELECT,"],
  });
  await repository.planned();
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(1);
  const session = repository.lastApply("ro");
  expect(session).toMatchObject({ status: "failed", databases: { "": "applied", app: "applied" } });
  expect(session.message).toMatch(
    /^applied, but it does not stay: the next plan says 2 statements in 1 database; REVOKE DELETE ON .*"u".*; GRANT SELECT ON .*"t"/u,
  );
  await expectLogin(repository, "ro");
  proxy.close();
});

test("hostile settings of a database change nothing", async () => {
  const hostile = [
    "search_path = 'pg_temp'",
    "standard_conforming_strings = off",
    "default_transaction_read_only = on",
    "statement_timeout = 1",
    "lock_timeout = 1",
    "default_transaction_isolation = serializable",
    "client_min_messages = error",
    "quote_all_identifiers = on",
    "role = 'nobody'",
  ];
  await server.run("postgres", "create role nobody");
  for (const setting of hostile) {
    await server.run("postgres", `alter database app set ${setting}`).catch(() => {});
    await server.run("postgres", `alter role postgres in database app set ${setting}`).catch(() => {});
  }
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT;INSERT,"] });
  await repository.planned();
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode, stdout).toBe(0);
  await repository.planned();
  expect(await repository.pending()).toBe(0);
});

test("a grant that PostgreSQL lets pass without granting is a failure", async () => {
  // The admin may use the grant option of nobody on the one table: PostgreSQL only warns (01007).
  await server.run(
    "postgres",
    "create role chief login createrole password 'chief'; create role owner; grant owner to chief; alter database app owner to chief",
  );
  await server.run("app", "alter schema public owner to chief; alter table t owner to chief; alter table u owner to owner");
  await server.run("app", "set role owner; grant select on u to chief; reset role");
  await server.run("postgres", "revoke owner from chief");
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: server.port, user: "chief", password: "chief" } }],
    roles: ["analytics,managed,ro,app,SELECT,"],
  });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(1);
  const session = repository.lastApply("ro");
  expect(session.status).toBe("failed");
  expect(session.message).toContain("u");
  expect(await server.run("app", "select from pg_class where relname in ('t', 'u') and relacl::text like '%hoopdev%'")).toEqual([]);
});

test("F73 a session of a failed apply holds the plan, the statements and no secret", async () => {
  await server.run("legacy", refusing("GRANT"));
  await using repository = bench({});
  await repository.planned();
  await repository.applied();
  const session = repository.lastApply("ro");
  expect(session.plan_sid).toBe(repository.sessions("plan")[0]?.sid);
  expect(session.sql_plan).toContain("GRANT SELECT");
  expect(session.command_output).toContain("not on my watch");
  expect(JSON.stringify(session)).not.toContain(repository.credentials()[0]?.password);
  expect(JSON.stringify(session)).not.toContain("SCRAM-SHA-256$");
});

test("F73 a session stays small and readable, whatever a server says and however much there is to do", { timeout: 120_000 }, async () => {
  const tables = 4_000;
  await server.run(
    "app",
    `do $$ begin for i in 1..${tables} loop execute format('create table %s_%s (a int)', repeat('t', 50), i); end loop; end $$`,
  );
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,"] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  // Every second table is to be named, and the refusal has five million characters.
  await server.run(
    "app",
    `do $$ begin for i in 1..${tables} by 2 loop execute format('revoke select on %s_%s from ${ro}', repeat('t', 50), i); end loop; end $$;
     create function refuse() returns event_trigger language plpgsql as $$begin raise exception '%', repeat('no! ', 1250000); end$$;
     create event trigger refuse on ddl_command_start when tag in ('GRANT') execute function refuse()`,
  );
  await repository.planned();
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode).toBe(1);
  const session = repository.lastApply("ro");
  expect(session).toMatchObject({ status: "failed", databases: { app: "rolled-back" } });
  expect(session.command_output).toMatch(/no! no! .*… \(4996000 more characters\), at: GRANT/u);
  expect(session.command_output.length).toBeLessThan(10_000);
  expect(Object.keys(session.current_state.scope_states["app.public"]?.exceptions.missing ?? {}).length).toBeLessThanOrEqual(
    sessionLimits.tables,
  );
  for (const size of sizesOfSessions(repository)) expect(size).toBeLessThan(maximumSessionBytes);
  expect(stdout.length).toBeLessThan(50_000);
});

function sizesOfSessions(repository: AccessRepository): readonly number[] {
  const folder = join(repository.directory, "sessions");
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)).size);
}

test("a store that cannot be written stops the role before anything is changed", async () => {
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,"] });
  await repository.planned();
  repository.write("../credentials", "a file where the folder should be");
  expect((await repository.applied()).exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({
    status: "failed",
    databases: { "": "not-run", app: "not-run" },
    statements: expect.arrayContaining([expect.objectContaining({ outcome: "not-run" })]),
  });
  expect(repository.lastApply("ro").message).toContain("the credential could not be stored, so nothing was changed");
  expect(await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toEqual([]);
});
