// What was reviewed is what runs, or nothing runs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  formatRoles,
  makeAccessRepository,
  loginEnvironment,
  type AccessRepository,
  type Outcome,
  type RepositoryInput,
} from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, suppliesContainers, type Server } from "../../support/server.ts";
import { startProxy } from "../../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create role heir");
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int); create table u (a int)");
});

const ro = "hoopdev_analytics_ro_6075a443";

type Bench = AccessRepository & {
  readonly run: (...words: readonly string[]) => Promise<Outcome>;
  readonly planned: () => Promise<void>;
  readonly applied: () => Promise<Outcome>;
  /** With a session log that has never seen the plan; its own sessions are not looked at. */
  readonly appliedElsewhere: () => Promise<Outcome>;
};

function bench(input: Partial<RepositoryInput> & { readonly env?: Readonly<Record<string, string>> } = {}): Bench {
  const resources = input.resources ?? [{ name: "analytics", server }];
  const repository = makeAccessRepository({
    resources,
    roles: input.roles ?? ["analytics,managed,ro,app,SELECT,"],
    settings: input.settings ?? [],
  });
  const env = { ...loginEnvironment(resources), ...input.env };
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, env);
  return {
    ...repository,
    run,
    planned: async () => {
      const outcome = await run("plan", "-o", repository.resultFile);
      expect(outcome.exitCode, outcome.stdout + outcome.stderr).toBe(0);
    },
    applied: () => run("apply", "-f", repository.resultFile),
    appliedElsewhere: () => run("--sessions", path.join(repository.directory, "other-sessions"), "apply", "-f", repository.resultFile),
  };
}

async function nameOf(label: string): Promise<string> {
  const [row] = await server.run("postgres", `select rolname::text as name from pg_roles where rolname ~ '^hoopdev_analytics_${label}_'`);
  return String(row?.["name"]);
}

async function roleExists(): Promise<boolean> {
  return (await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).length > 0;
}

test("F33 a plan that was made for one cluster is refused by another, even where the SQL would be the same", async () => {
  await using other = await startServer();
  await other.run("postgres", "create database app");
  await other.run("app", "create table t (a int); create table u (a int)");
  let target = server;
  const proxy = await startProxy({ target: () => target.port });
  // The same password behind the same address: only the cluster is another one.
  await other.run("postgres", `alter role postgres password '${server.password}'`);
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
  });
  await repository.planned();
  target = other;
  const { exitCode, stdout } = await repository.applied();
  proxy.close();
  expect(exitCode).toBe(3);
  expect(stdout).toContain("the plan was made for analytics at");
  expect(repository.lastApply("ro")).toMatchObject({ status: "refused", statements: [], databases: {} });
  expect(await other.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toEqual([]);
});

test("F48 an address that leads to one cluster and then to another is refused before anything is sent there", async () => {
  await using other = await startServer();
  await other.run("postgres", `create database app; `);
  await other.run("postgres", `alter role postgres password '${server.password}'`);
  let planned = Number.POSITIVE_INFINITY;
  // The lock is held on the one, the database is written to the other.
  const proxy = await startProxy({ target: (connection) => (connection > planned + 3 ? other.port : server.port) });
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
  });
  await repository.planned();
  planned = proxy.connections();
  const { exitCode } = await repository.applied();
  proxy.close();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "not-run" } });
  expect(repository.lastApply("ro").message).toMatch(/analytics" at 127\.0\.0\.1:\d+ led to the cluster \d+ and then to the cluster \d+/u);
  expect(await other.run("app", "select from pg_class where relname in ('t', 'u') and relacl is not null")).toEqual([]);
});

test.skipIf(suppliesContainers)("F48 a standby is planned, and refused by apply", async () => {
  await using standby = await startServer({ files: { "standby.signal": "" }, settings: { hot_standby: "on" } });
  await using repository = bench({ resources: [{ name: "analytics", server: standby }], roles: ["analytics,managed,ro,postgres,SELECT,"] });
  await repository.planned();
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({
    status: "failed",
    databases: {},
    message: expect.stringContaining("is a standby, and only a primary can be changed"),
  });
});

test("F34 a manual grant that nobody relied on does not stop an apply", async () => {
  await using repository = bench();
  await repository.planned();
  await server.run(
    "app",
    "create role someone; grant select on t to someone; grant connect on database app to someone; create schema other; create table other.x ()",
  );
  const { exitCode, stdout } = await repository.applied();
  // A new schema is new in a scope that is the whole database: that is related.
  expect([exitCode, stdout]).toEqual([3, expect.stringContaining("other")]);
  await server.run("app", "drop schema other cascade");
  expect((await repository.applied()).exitCode).toBe(0);
});

test("F34 a manual grant to the role is refused, and the entry is named", async () => {
  await using repository = bench();
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("app", "create table v ()");
  await repository.planned();
  await server.run("app", `grant delete on t to ${ro}`);
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode).toBe(3);
  expect(repository.lastApply("ro")).toMatchObject({ status: "refused", message: "the catalog of analytics has changed since the plan" });
  expect(stdout).toMatch(/\+ database "app": .*DELETE on .*"t"/u);
  expect(await server.run("app", `select has_table_privilege('${ro}', 'v', 'select') as granted`)).toEqual([{ granted: false }]);
});

test("a member or a setting that the role was given after the review makes the plan stale, since whatever is granted reaches further", async () => {
  await using repository = bench();
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("app", "create table v ()");
  for (const [change, line] of [
    [`create role mallory; grant ${ro} to mallory`, /\+ has the member "mallory", who may do what it may$/mu],
    [`alter role ${ro} set search_path = evil`, /\+ setting "search_path" is "evil"/u],
    [`alter role ${ro} set myapp.key = 'hunter2'`, /\+ setting "myapp\.key"$/mu],
  ] as const) {
    await repository.planned();
    await server.run("postgres", change);
    const { exitCode, stdout } = await repository.applied();
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(line)]);
    expect(stdout).not.toContain("hunter2");
  }
  const { stdout } = await repository.run("plan");
  expect(stdout).toContain('warning: members that no role spec declares may do whatever this role may: "mallory"');
  expect(stdout).toContain('warning: search_path is set to "evil" for this role: ');
  expect(stdout).toContain("effective settings on this role: myapp.key");
});

test("a member that is declared makes no plan stale when it comes", async () => {
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,", `analytics,external,ext,,,${ro}`] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("app", "create table v ()");
  await server.run("postgres", `revoke ${ro} from ${await nameOf("ext")}`);
  await repository.planned();
  const sidOf = (label: string): string => repository.sessions("plan").findLast((session) => session.label === label)?.sid ?? "";
  for (const label of ["ext", "ro"]) {
    expect((await repository.run("apply", "analytics", "--sid", sidOf(label))).exitCode).toBe(0);
    expect(repository.lastApply(label).status).toBe("success");
  }
});

test("F36 F37 a plan made later, by the planner, from files in another order and with another password has the same checksum", async () => {
  await server.run("postgres", "create role looker login password 'looker'");
  const roles = ["analytics,managed,ro,app;postgres,SELECT;INSERT,", "analytics,managed,rw,app,SELECT,"];
  await using repository = bench({ roles, env: { ROLEWRIGHT_PLANNER_ANALYTICS: "looker:looker" } });
  await repository.planned();
  const byPlanner = readChecksums(repository);
  repository.write(
    "roles.csv",
    "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,rw,app,SELECT,\nanalytics,managed,ro,postgres;app,INSERT;SELECT,\n",
  );
  await runInProcess(repository.directory, ["plan", "-o", repository.resultFile], loginEnvironment([{ name: "analytics", server }]));
  expect(readChecksums(repository)).toEqual(byPlanner);
  expect((await repository.applied()).exitCode).toBe(0);
});

function readChecksums(repository: AccessRepository): readonly string[] {
  return [...readFileSync(repository.resultFile, "utf8").matchAll(/checksum: "?([0-9a-f]{64})"?/gu)]
    .map((match) => match[1] ?? "")
    .toSorted();
}

test("F42 what somebody has applied by hand is skipped, and said", async () => {
  await using repository = bench({ roles: ["analytics,external,ext,,,pg_read_all_stats"] });
  await repository.planned();
  const [session] = repository.sessions("plan");
  const byHand = await server.psql("postgres", (session?.sql_plan ?? "").replace("ROLE_PASSWORD_PLACEHOLDER", "by hand"));
  expect(byHand).toMatchObject({ code: 0 });
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(0);
  expect(repository.lastApply("ext")).toMatchObject({ status: "skipped", message: "already in sync: nothing is left of what was planned" });
  expect(repository.credentials()).toEqual([]);
});

test.each([
  ["is made a member of another role", "grant svc2 to svc"],
  ["is given an attribute", "alter role svc createdb"],
])("F41 a source role that %s after the review makes the plan stale", async (_, sql) => {
  await server.run("postgres", "create role svc; create role svc2; create role svc3; grant svc3 to svc2");
  await using repository = bench({ roles: ["analytics,external,ext,,,svc"] });
  await repository.planned();
  await server.run("postgres", sql);
  expect((await repository.applied()).exitCode).toBe(3);
  const { status, message } = repository.lastApply("ext");
  expect([status, message]).toEqual(["refused", "the catalog of analytics has changed since the plan"]);
  await repository.planned();
  await server.run("postgres", "create table granted_since (); grant select on granted_since to svc");
  expect((await repository.applied()).exitCode).toBe(0);
});

test("F44 a plan by another version is refused with the advice to plan again, and no drift is made up", async () => {
  await using repository = bench();
  await repository.planned();
  const text = readFileSync(repository.resultFile, "utf8");
  writeFileSync(
    repository.resultFile,
    text.replaceAll("checksum_version: 1", "checksum_version: 7").replace(/ {6}- role does not exist/u, "      - the role is not there"),
  );
  const { exitCode, stdout } = await repository.appliedElsewhere();
  expect(exitCode).toBe(3);
  expect(stdout).toContain("the plan was made by another version of rolewright; plan again");
  expect(stdout).not.toContain("the catalog has changed");
});

test("F14 a table that was dropped and made again between plan and apply makes the plan stale", async () => {
  await using repository = bench();
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  await server.run("app", "create table v ()");
  await repository.planned();
  await server.run("app", "drop table t; create table t (a int)");
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(3);
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
});

test("F67 a table that appears between plan and apply is never granted silently", async () => {
  await using repository = bench();
  await repository.planned();
  await server.run("app", "create table salaries ()");
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/- database "app": schema "public": 2 tables/u);
  expect(stdout).toMatch(/\+ database "app": schema "public": 3 tables/u);
  expect(await roleExists()).toBe(false);
});

test("F67 a table that appears between the gate and COMMIT rolls the database back", async () => {
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: async ({ text }) => {
      if (text.startsWith("GRANT SELECT ON ALL TABLES")) await server.run("app", "create table if not exists salaries ()");
      return "pass" as const;
    },
  });
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
  });
  await repository.planned();
  const { exitCode } = await repository.applied();
  expect(repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
  expect(repository.lastApply("ro").message).toContain("came or went in app.public after the plan was reviewed");
  expect(exitCode).toBe(1);
  expect(await server.run("app", "select from pg_class where relname = 'salaries' and relacl is not null")).toEqual([]);
  await server.run("app", "drop table salaries");
  // Where nothing of the role was applied before, it is a refusal.
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(3);
  expect(repository.lastApply("ro")).toMatchObject({ status: "refused", databases: { app: "rolled-back" } });
  proxy.close();
});

test("a declaration that changed after the review is refused, and its place is named", async () => {
  await using repository = bench();
  await repository.planned();
  repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,app,SELECT;DELETE,\n");
  const { exitCode, stdout } = await repository.applied();
  expect(exitCode).toBe(3);
  expect(repository.lastApply("ro").message).toBe(`the declaration of ${ro} in roles.csv:2 has changed since the plan`);
  expect(stdout).toContain("DELETE");
  expect(await roleExists()).toBe(false);
});

test("a role or a resource that is no longer declared is refused, and the rest is applied", async () => {
  await using repository = bench({ roles: ["analytics,managed,ro,app,SELECT,", "analytics,managed,rw,app,SELECT,"] });
  await repository.planned();
  repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,rw,app,SELECT,\n");
  const { exitCode } = await repository.applied();
  expect(exitCode).toBe(3);
  expect(repository.lastApply("ro")).toMatchObject({ status: "refused", message: `${ro} is no longer declared; plan again` });
  expect(repository.lastApply("rw").status).toBe("success");
  repository.write("inventory.csv", "name,type,host,port\n");
  repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\n");
  const gone = await repository.applied();
  expect(gone.exitCode).toBe(3);
  expect(repository.lastApply("rw")).toMatchObject({
    status: "refused",
    message: "the resource analytics is not in the inventory any more; plan again",
  });
});

test("a result file that was tampered with is refused", async () => {
  await using repository = bench();
  await repository.planned();
  const text = readFileSync(repository.resultFile, "utf8");
  const tampered: readonly (readonly [string, string, string, string?])[] = [
    [
      "the checksum of a plan",
      text.replace(/sql_plan_checksum: (?:"?)[0-9a-f]{8}/u, (found) => `${found.slice(0, -8)}00000000`),
      "result-checksum",
    ],
    ["an unknown key", `${text}approved: true\n`, "unknown-key"],
    ["the name of the role", text.replace(`role_name: ${ro}`, "role_name: postgres"), "is no longer declared", "another config"],
    ["the privileges", text.replace("- SELECT", "- DELETE"), "shows another declaration than its checksum stands for", "another config"],
    ["the cluster", text.replace(/system_identifier: "\d+"/u, 'system_identifier: "1"'), "the plan was made for", "another target"],
    ["the statements", text.replace("GRANT SELECT", "GRANT REFERENCES"), "shows other statements", "another sql_plan"],
    ["a statement less", text.replace(/ +GRANT SELECT.*\n/u, ""), "shows other statements", "another sql_plan"],
    ["the hazards", text.replace("message: SELECT", "message: REFERENCES"), "shows other hazards", "another hazards"],
    ["the catalog", text.replace("- role does not exist", "- role exists"), "shows another catalog", "another observed"],
  ];
  for (const [what, changed, byGate, byLog = byGate] of tampered) {
    expect(changed, what).not.toBe(text);
    writeFileSync(repository.resultFile, changed);
    for (const [log, expected] of [
      ["applied", byLog],
      ["appliedElsewhere", byGate],
    ] as const) {
      const { exitCode, stdout, stderr } = await repository[log]();
      expect([what, log, exitCode === 1 || exitCode === 3, stdout + stderr]).toEqual([what, log, true, expect.stringContaining(expected)]);
      expect(await roleExists()).toBe(false);
    }
  }
});

test.each(["applied", "appliedElsewhere"] as const)(
  "a result file in which a secret of the planner was masked shows the same as the plan of an admin who does not know it: %s",
  async (how) => {
    await server.run("postgres", "create role looker login password 'salaries'");
    await server.run(
      "app",
      "create table salaries (a int); create role other nologin; grant select on salaries to other with grant option",
    );
    await using repository = bench({ env: { ROLEWRIGHT_PLANNER_ANALYTICS: "looker:salaries" } });
    expect((await repository.applied()).exitCode).toBe(1);
    await repository.planned();
    expect((await repository.applied()).exitCode).toBe(0);
    await server.run("app", `grant delete on salaries to ${ro}`);
    await repository.planned();
    expect(readFileSync(repository.resultFile, "utf8")).toMatch(/REVOKE DELETE ON .*\[redacted\]/u);
    const env = loginEnvironment([{ name: "analytics", server }]);
    const sessions = how === "applied" ? [] : ["--sessions", path.join(repository.directory, "other-sessions")];
    const { exitCode, stdout } = await runInProcess(repository.directory, [...sessions, "apply", "-f", repository.resultFile], env);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("1 applied")]);
  },
);

test("a plan from flags cannot be bent to a role of another name", async () => {
  await server.run("postgres", "create role victim login");
  await using repository = bench();
  await repository.run("plan", "analytics", "--role", "adhoc", "--scopes", "app", "--privileges", "SELECT", "-o", repository.resultFile);
  const text = readFileSync(repository.resultFile, "utf8");
  writeFileSync(repository.resultFile, text.replaceAll(/hoopdev_analytics_adhoc_[0-9a-f]{8}/gu, "victim"));
  const { exitCode, stdout, stderr } = await repository.appliedElsewhere();
  expect([exitCode, stdout + stderr]).toEqual([expect.any(Number), expect.stringContaining("victim")]);
  expect(exitCode).not.toBe(0);
  expect(
    await server.run("postgres", "select shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = 'victim'"),
  ).toEqual([{ comment: null }]);
});

test("exit codes: 0 in sync, 2 pending where asked for, 3 refused, 1 failed", async () => {
  await using repository = bench();
  expect((await repository.run("plan", "--detailed-exitcode", "-o", repository.resultFile)).exitCode).toBe(2);
  expect((await repository.applied()).exitCode).toBe(0);
  expect((await repository.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
  // The same result once more: its work is done.
  expect((await repository.applied()).exitCode).toBe(0);
  expect(repository.lastApply("ro").status).toBe("skipped");
  await server.run("app", `grant delete on t to ${ro}`);
  expect((await repository.applied()).exitCode).toBe(3);
  expect((await repository.run("apply", "-f", "/nonexistent")).exitCode).toBe(1);
});

test("F47 a database that cannot be read leaves nobody in sync who holds something in it, also where another role declares it", async () => {
  await server.run("postgres", "create database other");
  await server.run("postgres", "revoke connect on database other from public; create role planner login password 'a-secret-of-planning'");
  const { run, planned, applied } = bench({
    roles: ["analytics,managed,ro,app,SELECT,", "analytics,managed,rw,other,SELECT,"],
    env: { ROLEWRIGHT_PLANNER_ANALYTICS: "planner:a-secret-of-planning" },
  });
  await server.run("postgres", "grant connect on database other to planner");
  await planned();
  expect((await applied()).exitCode).toBe(0);
  await server.run("other", `create table t (a int); grant insert on t to ${ro}`);
  await server.run("postgres", "revoke connect on database other from planner");
  const { exitCode, stdout } = await run("plan");
  expect(exitCode).toBe(1);
  expect(stdout).toContain("2 roles: 2 failed");
});

test("F47 a database that is dropped between the list of databases and the look at it fails its own role specs", async () => {
  await server.run("postgres", "create database other");
  let isDropped = false;
  // The transaction that has read the list waits for its end, and no other connection is opened before it.
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: async ({ text }) => {
      if (!text.startsWith("COMMIT") || isDropped) return "pass" as const;
      isDropped = true;
      await server.run("postgres", "drop database other");
      return "pass" as const;
    },
  });
  await using repository = bench({
    resources: [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }],
    roles: ["analytics,managed,ro,app,SELECT,", "analytics,managed,rw,other,SELECT,"],
  });
  const { exitCode, stdout } = await repository.run("plan");
  proxy.close();
  expect(exitCode, stdout).toBe(1);
  expect(repository.sessions("plan").map(({ label, status, message }) => [label, status, message])).toEqual([
    ["ro", "out-of-sync", "5 statements in 1 database"],
    ["rw", "failed", expect.stringMatching(/^database "other" could not be read: .*the database "other" does not exist/u)],
  ]);
});

test("a login whose password is part of a name in the repository is refused, since masking it would hide that name", async () => {
  const { run } = bench({ env: { ROLEWRIGHT_PLANNER_ANALYTICS: "planner:analyt" } });
  const { exitCode, stdout, stderr } = await run("plan");
  expect(exitCode).toBe(1);
  expect(`${stdout}${stderr}`).toContain("is part of a name in the access repository");
});

test("an orphan that has become a superuser since the review is refused, and not called disabled", async () => {
  await using repository = bench({ settings: ["orphans: disable"] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles([]));
  await repository.planned();
  await server.run("postgres", `alter role ${ro} superuser`);
  expect((await repository.applied()).exitCode).toBe(3);
  expect(repository.lastApply("")).toMatchObject({ status: "refused", message: "the catalog of analytics has changed since the plan" });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  expect(await server.run("postgres", `select rolcanlogin, rolsuper from pg_roles where rolname = '${ro}'`)).toEqual([
    { rolcanlogin: true, rolsuper: true },
  ]);
});

test("two resources on one cluster do not take each other's roles for orphans", async () => {
  const { run, planned, applied } = bench({
    resources: [
      { name: "analytics", server },
      { name: "marketplace", server },
    ],
    roles: ["analytics,managed,ro,app,SELECT,", "marketplace,managed,ro,app,SELECT,"],
    settings: ["orphans: {drop: {reassign_to: heir}}"],
  });
  await planned();
  expect((await applied()).exitCode).toBe(0);
  const { exitCode, stdout, stderr } = await run("plan");
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/warning\[same-cluster\] the resources analytics, marketplace are one cluster \(system identifier \d+\)/u);
  expect(stdout).toContain("2 roles: 2 in sync");
});

test("an orphan that two resources of one cluster have to drop is dropped by the first, and the second finds it gone", async () => {
  const repository = bench({
    resources: [
      { name: "analytics", server },
      { name: "marketplace", server },
    ],
    roles: ["analytics,managed,ro,app,SELECT,", "marketplace,managed,ro,app,SELECT,"],
    settings: ["orphans: {drop: {reassign_to: heir}}"],
  });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles(["marketplace,managed,ro,app,SELECT;INSERT,"]));
  await repository.planned();
  const { exitCode, stdout, stderr } = await repository.applied();
  expect(exitCode, stdout + stderr).toBe(0);
  expect(await server.run("postgres", `select from pg_roles where rolname = '${ro}'`)).toEqual([]);
  const applies = repository.sessions("apply").filter(({ config }) => config.type === "orphaned");
  expect(applies.map(({ resource_name, status, message }) => [resource_name, status, message])).toEqual([
    ["analytics", "success", expect.stringMatching(/^applied: /u)],
    ["marketplace", "skipped", "already in sync: nothing is left of what was planned"],
  ]);
  expect((await repository.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
});

test("a role that a role of another resource of the cluster is a member of is no orphan, and is kept where it becomes one", async () => {
  const people = `marketplace,external,people,,,${ro}`;
  const repository = bench({
    resources: [
      { name: "analytics", server },
      { name: "marketplace", server },
    ],
    settings: ["orphans: {drop: {reassign_to: heir}}"],
  });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles(["analytics,managed,ro,app,SELECT,", people]));
  await repository.planned();
  const warned = repository.sessions("plan").flatMap(({ command_output }) => (command_output.includes("members") ? [command_output] : []));
  expect((await repository.applied()).exitCode).toBe(0);
  await repository.planned();
  expect(warned).toEqual([]);

  repository.write("roles.csv", formatRoles([people]));
  const { exitCode, stdout } = await repository.run("plan");
  expect(exitCode).toBe(1);
  const needed = `${ro} is no longer declared, and still the source_role of marketplace/people: declare it, or name another one there`;
  expect(stdout.split(needed).length).toBeGreaterThan(2);
  expect(stdout).toContain(`source role "${ro}" is no longer declared and would be dropped (orphans: drop)`);
});

test("an orphan that somebody has dropped since the review is gone as it should be", async () => {
  await using repository = bench({ settings: ["orphans: {drop: {reassign_to: heir}}"] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles([]));
  await repository.planned();
  await server.run("app", `drop owned by ${ro}; drop role ${ro}`);
  expect((await repository.applied()).exitCode).toBe(0);
  expect(repository.lastApply("")).toMatchObject({ status: "skipped", message: "already in sync: nothing is left of what was planned" });
});

test("an orphan that has lost its marker since the review is not taken for one that is gone", async () => {
  await using repository = bench({ settings: ["orphans: {drop: {reassign_to: heir}}"] });
  await repository.planned();
  expect((await repository.applied()).exitCode).toBe(0);
  repository.write("roles.csv", formatRoles([]));
  await repository.planned();
  await server.run("postgres", `comment on role ${ro} is 'mine'`);
  expect((await repository.applied()).exitCode).toBe(3);
  expect(repository.lastApply("")).toMatchObject({ status: "refused", message: `there is nothing to plan for ${ro} any more; plan again` });
});

test("a session that is not the one in the chain is no reviewed plan", async () => {
  const repository = bench();
  await repository.planned();
  const folder = path.join(repository.directory, "sessions");
  const [file] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /[0-9a-f-]{36}\.yaml$/u.test(name));
  if (file === undefined) throw new Error("no session was recorded");
  const text = readFileSync(path.join(folder, file), "utf8");
  writeFileSync(path.join(folder, file), text.replace("message: ", "message: edited "));
  const { exitCode, stderr } = await repository.run("apply", "analytics", "--sid", path.basename(file, ".yaml"));
  expect(exitCode).toBe(1);
  expect(stderr).toContain("is not what was recorded");
});

test("the plan of one role is the same whether the orphans beside it are applied with it or not", async () => {
  const old = "hoopdev_analytics_old_7a6860f3";
  await server.run("postgres", `create role ${old}; comment on role ${old} is 'gone [rolewright test/access]'`);
  await server.run("app", `alter table t owner to ${old}`);
  await using repository = bench({ roles: [], settings: ["orphans: {drop: {reassign_to: heir}}"] });
  const role = { resource_name: "analytics", role: "ro", scopes: ["app"], privileges: ["SELECT"], future_objects: true };
  repository.write("roles.yaml", JSON.stringify({ items: [role] }));
  await repository.planned();
  const sid = repository.sessions("plan").find(({ label }) => label === "ro")?.sid ?? "";
  const alone = await repository.run("apply", "analytics", "--sid", sid);
  expect(alone.exitCode, alone.stdout + alone.stderr).toBe(0);
  expect(repository.lastApply("ro")).toMatchObject({ status: "success", sql_plan: expect.stringContaining('FOR ROLE "heir"') });
  await repository.planned();
  const rest = await repository.applied();
  expect(rest.exitCode, rest.stdout + rest.stderr).toBe(0);
  expect((await repository.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
});
