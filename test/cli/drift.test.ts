import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles } from "../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../support/server.ts";
import { makeAccessRepository, type AccessRepository } from "./access-repository.ts";
import { runCli, type Outcome } from "./run-cli.ts";

const role = "hoopdev_analytics_ro_6075a443";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table a (id int); create table b (id int)");
});

type Desk = { readonly repository: AccessRepository; readonly run: (...words: readonly string[]) => Promise<Outcome> } & AsyncDisposable;

/** One role that is applied, a group that uses it, and a resource without roles that nobody has a login for. */
async function sitDown(environment: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const store = await mkdtemp(join(tmpdir(), "rolewright-store-"));
  const repository = await makeAccessRepository({
    "inventory.csv": `name,type,host,port\nanalytics,PostgreSQL,127.0.0.1,${server.port}\nlater,PostgreSQL,127.0.0.1,1\n`,
    "roles.csv": formatRoles(["analytics,managed,ro,app,SELECT,"]),
    "access.yaml": "groups:\n  analysts:\n    members: [ada, grace]\n    roles: [analytics/ro]\n",
    "rolewright.yaml": `credentials: {store: ${JSON.stringify(`file:${store}`)}}\n`,
  });
  const env = { ROLEWRIGHT_ADMIN_ANALYTICS: `${server.user}:${server.password}`, ...environment };
  const run = (...words: readonly string[]): Promise<Outcome> => runCli(words, { cwd: repository.directory, env });
  await run("plan", "-o", "result.yaml");
  await run("apply", "-f", "result.yaml");
  return {
    repository,
    run,
    [Symbol.asyncDispose]: async () => {
      await repository[Symbol.asyncDispose]();
      await rm(store, { recursive: true, force: true });
    },
  };
}

test("drift says nothing differs, then what does and who is affected, and exits with 2", async () => {
  await using desk = await sitDown();
  const clean = await desk.run("drift");
  expect([clean.exitCode, clean.stdout], clean.stderr).toEqual([0, "no drift: 1 role as declared\n"]);
  await server.run("app", `revoke select on a from ${role}`);
  const drifted = await desk.run("drift");
  expect(drifted.exitCode).toBe(2);
  expect(drifted.stdout).toMatch(/^drift: 1 role in 1 resource\n/u);
  expect(drifted.stdout).toContain(`GRANT SELECT ON TABLE "public"."a" TO "${role}"`);
  expect(drifted.stdout).toContain("affected\n  analysts (2 members) through analytics/ro\n");
  expect(drifted.stderr).toContain("rolewright apply -f result.yaml");
  const document: unknown = JSON.parse((await desk.run("drift", "--json")).stdout);
  expect(document).toMatchObject({
    version: 1,
    clean: false,
    drifted: 1,
    unread: [],
    affected: [{ name: "analysts", members: ["ada", "grace"], roles: ["analytics/ro"] }],
    results: [{ kind: "plan", label: "ro", status: "out-of-sync" }],
  });
});

test("what cannot be read is no drift and not clean: drift exits with 1", async () => {
  await using desk = await sitDown({ ROLEWRIGHT_ADMIN_LATER: "nobody:nothing-here" });
  const unread = await desk.run("drift");
  expect([unread.exitCode, unread.stdout.split("\n", 1)[0]], unread.stderr).toEqual([1, "drift: 1 resource not read"]);
  expect(unread.stdout).toMatch(/^ {2}later: .*127\.0\.0\.1:1/mu);
});

test("a password that the files ask to rotate is no drift", async () => {
  await using desk = await sitDown();
  await rm(join(desk.repository.directory, "roles.csv"));
  await writeFile(
    join(desk.repository.directory, "roles.yaml"),
    "items:\n  - {resource_name: analytics, role: ro, scopes: [app], privileges: [SELECT], rotate_password: true}\n",
  );
  expect((await desk.run("plan", "--detailed-exitcode")).exitCode).toBe(2);
  const drift = await desk.run("drift");
  expect([drift.exitCode, drift.stdout], drift.stderr).toEqual([0, "no drift: 1 role as declared\n"]);
});
