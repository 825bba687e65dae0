// F56: roles that are never ours to change, whatever their comments say.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type AccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

let server: Server;

/** The login that applies, under a name that we could have made. */
const admin = "hoopdev_analytics_admin_0a1b2c3d";
const marker = "'[rolewright test/access]'";

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  // One that PostgreSQL would let do anything.
  await server.run("postgres", `create role ${admin} superuser createrole login password 'admin-of-all'; create role heir`);
  await server.run("postgres", "create role looker login password 'looks-only'");
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

type Bench = AccessRepository & { readonly run: (...words: readonly string[]) => Promise<Outcome> };

/** Planned by a login that does not know whom apply logs in as. */
function bench(orphans: string): Bench {
  const resources = [{ name: "analytics", server: { port: server.port, user: admin, password: "admin-of-all" } }];
  const repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,"], settings: [`orphans: ${orphans}`] });
  const env = { ...loginEnvironment(resources), ROLEWRIGHT_PLANNER_ANALYTICS: "looker:looks-only" };
  return { ...repository, run: (...words) => runInProcess(repository.directory, words, env) };
}

/** Everything of roles but analytics/ro that an orphan would lose. */
async function others(): Promise<readonly unknown[]> {
  return server.run(
    "postgres",
    `select r.rolname, r.rolcanlogin, r.rolsuper, r.rolcreaterole, a.rolpassword, shobj_description(r.oid, 'pg_authid') as comment,
       (select count(*)::int from pg_shdepend d where d.refobjid = r.oid) as things
     from pg_roles r join pg_authid a on a.oid = r.oid where r.rolname !~ '^hoopdev_analytics_ro' order by 1`,
  );
}

/** Plans and applies. @returns what the other roles were and are, and every statement that was applied to those of these names. */
async function runAll(repository: Bench, names: readonly string[]) {
  const before = await others();
  await repository.run("plan", "-o", repository.resultFile);
  await repository.run("apply", "-f", repository.resultFile);
  const own = repository.sessions("apply").filter(({ config }) => names.includes(config.role_name));
  const applied = own.flatMap(({ statements }) => statements ?? []).filter(({ outcome }) => outcome === "applied");
  return { before, after: await others(), applied };
}

const policies = ["disable", "{drop: {reassign_to: heir, terminate_sessions: true}}"];

test.each(policies)(
  "F56 the login that applies is never retired, even under a name of ours with our marker: orphans %s",
  async (policy) => {
    await server.run("postgres", `comment on role ${admin} is ${marker}`);
    await using repository = bench(policy);
    const { before, after, applied } = await runAll(repository, [admin]);
    expect([after, applied]).toEqual([before, []]);
    expect(repository.lastApply("ro").status, "nobody else was held up by it").toBe("success");
  },
);

test.each(policies)(
  "F56 providers' roles and those of PostgreSQL are never retired, although our marker is on them: orphans %s",
  async (policy) => {
    const names = ["rdsadmin", "cloudsqlsuperuser", "azure_pg_admin", "pg_monitor"];
    for (const name of names.slice(0, 3)) await server.run("postgres", `create role ${name} login createrole password 'provided-by-us'`);
    for (const name of names) await server.run("postgres", `comment on role ${name} is ${marker}`);
    await using repository = bench(policy);
    const { before, after, applied } = await runAll(repository, names);
    await server.run("postgres", "comment on role pg_monitor is null");
    expect([after, applied]).toEqual([before, []]);
    expect(repository.lastApply("ro").status, "nobody else was held up by it").toBe("success");
  },
);

test.each(["pg", "rds", "cloudsql", "azure"])("F56 the prefix %s would make names that are not ours to give", async (prefix) => {
  await using repository = bench("report");
  repository.write("rolewright.yaml", `repository: test/access\nprefix: ${prefix}\ncredentials: {store: file:../credentials}\n`);
  const { exitCode, stdout, stderr } = await repository.run("plan", "-o", repository.resultFile);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toMatch(/prefix/u);
  expect(await server.run("postgres", `select from pg_roles where rolname ~ '^${prefix}_analytics'`)).toEqual([]);
});
