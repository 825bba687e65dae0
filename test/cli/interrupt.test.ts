// Ctrl-C and SIGTERM at the command line as a process of its own: it ends with 130, leaves no server, no connection and no half a file.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeAccessRepository, type AccessRepository } from "../support/access-repository.ts";
import { leftIn, postmasters, processesIn, removeDemoFolders, startDemo, type Demo } from "../support/demo-process.ts";
import { resetCluster, startServer, type Server } from "../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await server.run(
    "postgres",
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

const signals = ["SIGINT", "SIGTERM"] as const;

function repositoryOf(): AccessRepository {
  return makeAccessRepository({
    resources: [{ name: "analytics", server }],
    roles: ["analytics,managed,ro,app,SELECT,"],
    settings: ["timeouts: {lock: 100}"],
  });
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 1200; waited += 1) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error(`it never came to this: ${what}`);
}

async function isWaiting(database: string): Promise<boolean> {
  const rows = await server.run(
    "postgres",
    `select from pg_stat_activity where datname = '${database}' and application_name like 'rolewright%' and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function ourConnections(): Promise<readonly unknown[]> {
  return server.run("postgres", "select pid, state, query from pg_stat_activity where application_name like 'rolewright%'");
}

/** Every file below a folder but those of Git, with its text. */
function filesIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !path.includes("/.git/"));
  return Object.fromEntries(paths.toSorted().map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

describe.each(signals)("%s", (signal) => {
  test("F72 F73 ends a plan that waits, with 130; files are as they were, and no connection is left", async () => {
    await using repository = repositoryOf();
    await repository.plan();
    const root = join(repository.directory, "..");
    const before = filesIn(root);
    await server.run("app", "create table another (a int)");
    const blocker = await server.connect("app");
    // Behind it wait all who read the default privileges.
    await blocker.query("begin; lock table pg_catalog.pg_default_acl in access exclusive mode");
    const run = repository.start(["plan", "-o", repository.resultFile]);
    await until("the plan waits", () => isWaiting("app"));
    run.child.kill(signal);
    const { exitCode, stdout, stderr } = await run.ended;
    expect([exitCode, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/cancelling…[^]*error: interrupted\n$/u);
    expect(await ourConnections()).toEqual([]);
    expect(filesIn(root)).toEqual(before);
    await blocker.query("rollback");
    await repository.plan();
    expect((await repository.cli(["sessions", "verify"])).exitCode).toBe(0);
  });

  test("F72 ends health that waits, with 130", async () => {
    await using repository = repositoryOf();
    // The server itself is there and does not answer.
    process.kill(postmaster(), "SIGSTOP");
    const run = repository.start(["health"]);
    try {
      await until("health connects", () => run.stderr().includes("connecting"));
      await sleep(200);
      run.child.kill(signal);
      const { exitCode, stdout, stderr } = await run.ended;
      expect([exitCode, stdout]).toEqual([130, ""]);
      expect(stderr).toContain("cancelling…");
    } finally {
      process.kill(postmaster(), "SIGCONT");
    }
    await until("no connection is left", async () => (await ourConnections()).length === 0);
  });

  test("F72 F73 ends an apply that waits, with 130; what was written is whole, and no connection is left", async () => {
    await using repository = repositoryOf();
    await repository.plan();
    const result = readFileSync(repository.resultFile, "utf8");
    const blocker = await server.connect("app");
    await blocker.query("begin; alter table t add b int");
    const run = repository.start(["apply", "-f", repository.resultFile]);
    await until("the apply waits", () => isWaiting("app"));
    run.child.kill(signal);
    const ended = await run.ended;
    expect([ended.exitCode, ended.stdout]).toEqual([130, expect.stringContaining("shared catalogs applied, 1 rolled-back")]);
    expect(await ourConnections()).toEqual([]);
    expect(repository.lastApply("ro")).toMatchObject({ status: "failed", databases: { "": "applied", app: "rolled-back" } });
    // Delivered by the next run, which tries it first.
    expect(repository.credentials()).toMatchObject([{ file: "analytics/ro.pending-1.json", password: expect.stringMatching(/.{40}/u) }]);
    expect(readFileSync(repository.resultFile, "utf8")).toBe(result);
    const leftovers = Object.keys(filesIn(join(repository.directory, ".."))).filter((path) => /\.tmp|\.running\/|\.pending\//u.test(path));
    expect(leftovers).toEqual([]);
    expect((await repository.cli(["sessions", "verify"])).exitCode).toBe(0);
    await blocker.query("rollback");
    // Half of the role is there, which the old plan does not know.
    expect(repository.lastApply("ro").message).toContain("plan again, and apply that");
    expect((await repository.apply()).exitCode).toBe(3);
    await repository.plan();
    expect((await repository.apply()).exitCode).toBe(0);
  });
});

function postmaster(): number {
  return Number(readFileSync(join(server.dataDirectory ?? "", "postmaster.pid"), "utf8").split("\n")[0]);
}

afterAll(removeDemoFolders);

const moments: Readonly<Record<string, (demo: Demo) => boolean>> = {
  "while its servers start": ({ output }) => output().includes("starting two PostgreSQL clusters"),
  "while the first data directory is made": ({ folder }) => processesIn(folder).some((line) => line.includes("initdb")),
  "while it plans": ({ output }) => output().includes("reading the catalogs"),
  "while it applies": ({ output }) => output().includes("waiting for the lock"),
};

describe.skipIf(!existsSync("/proc/self"))("the demo", () => {
  test.each(Object.entries(moments).flatMap(([moment, condition]) => signals.map((signal) => [moment, signal, condition] as const)))(
    "F72 %s: %s ends it with 130, and no server, file or folder is left",
    { timeout: 120_000 },
    async (moment, signal, condition) => {
      const demo = startDemo();
      await until(moment, () => condition(demo));
      if (signal === "SIGINT") process.kill(-(demo.child.pid ?? 0), signal);
      else demo.child.kill(signal);
      expect(await demo.ended, demo.output()).toBe(130);
      await until("no server is left", () => processesIn(demo.folder).length === 0);
      expect(leftIn(demo.folder)).toEqual([]);
    },
  );

  test.each(["SIGINT twice", "SIGKILL"])("F72 %s leaves no server either", { timeout: 120_000 }, async (how) => {
    const demo = startDemo();
    await until("it plans", () => demo.output().includes("reading the catalogs"));
    expect(processesIn(demo.folder).some((line) => line.includes("postgres"))).toBe(true);
    if (how === "SIGKILL") demo.child.kill("SIGKILL");
    else {
      process.kill(postmasters(demo.folder)[0] ?? 0, "SIGSTOP"); // So that nothing ends in order.
      demo.child.kill("SIGINT");
      await sleep(400);
      demo.child.kill("SIGINT");
    }
    expect(await demo.ended, demo.output()).toBe(how === "SIGKILL" ? null : 130);
    for (const pid of postmasters(demo.folder)) process.kill(pid, "SIGCONT");
    await until("no server is left", () => processesIn(demo.folder).length === 0);
    expect(leftIn(demo.folder).filter((name) => name.startsWith("rolewright-server-"))).toEqual([]);
  });
});
