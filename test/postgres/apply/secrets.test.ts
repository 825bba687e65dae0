// A canary: no password is anywhere but in the credential store, although the server logs whatever it can.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeAccessRepository, type AccessRepository, type Run } from "../../support/access-repository.ts";
import { resetCluster, startServer, suppliesContainers, type Server } from "../../support/server.ts";

const admin = "chief";
const adminPassword = "Canary-7f3a'9c\\x \"b";

let server: Server;

beforeAll(async () => {
  server = await startServer({
    settings: {
      log_statement: "all",
      log_min_error_statement: "debug5",
      log_min_messages: "notice",
      log_connections: "on",
      log_error_verbosity: "verbose",
      log_min_duration_statement: "0",
      log_parameter_max_length_on_error: "-1",
    },
  });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  const client = await server.connect();
  // A verifier is made by the client, as rolewright itself does: this test must not put the canary into the log.
  const { makeScramVerifier } = await import("../../../src/credentials/scram.ts");
  await client.query(`create role ${admin} superuser login password '${makeScramVerifier(asciiOf(adminPassword), Buffer.alloc(16, 7))}'`);
  await client.query("create database app");
  await client.end();
  await server.run("app", "create table t (a int)");
});

/** Spaces are not in a verifier's alphabet of ours: the canary keeps every other character that quoting changes. */
function asciiOf(password: string): string {
  return password.replaceAll(" ", "");
}

const secret = asciiOf(adminPassword);

function repositoryOf(): AccessRepository {
  return makeAccessRepository({
    resources: [{ name: "analytics", server: { port: server.port, user: admin, password: secret } }],
    roles: ["analytics,managed,ro,app,SELECT,", "analytics,external,ext,,,pg_read_all_stats"],
  });
}

/** DSN as admin's login, so that the canary passes the readers of URLs, too. */
function adminByUrl(): Readonly<Record<string, string>> {
  return {
    ROLEWRIGHT_ADMIN_CSV: "",
    ROLEWRIGHT_ADMIN_ANALYTICS: `postgres://${admin}:${encodeURIComponent(secret)}@127.0.0.1:${server.port}/postgres`,
  };
}

/** Looks into every other process and into pg_stat_activity as long as the run lasts. @returns what was seen, all of it. */
async function spyOn(run: Run): Promise<string> {
  const done = new AbortController();
  const ended = run.ended.then(() => done.abort());
  const client = await server.connect();
  const seen = new Set<string>();
  while (!done.signal.aborted) {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
      // Its own environment is where the secret comes from; its children have no business with it. Before exec they look like it.
      const before = readOrEmpty(`/proc/${pid}/cmdline`);
      const environment = parentOf(pid) === run.child.pid ? readOrEmpty(`/proc/${pid}/environ`) : "";
      const command = readOrEmpty(`/proc/${pid}/cmdline`);
      seen.add(before).add(command);
      // Only what belongs to one program: between two looks a child may have become another.
      if (command !== "" && command === before && !command.includes("main.ts")) seen.add(environment);
    }
    const { rows } = await client.query<{ query: string; name: string }>("select query, application_name as name from pg_stat_activity");
    for (const { query, name } of rows) seen.add(`${query} ${name}`);
    await sleep(5);
  }
  await ended;
  await client.end();
  return [...seen].join("\n");
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)$/mu.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** As it stands and as quoting, URLs, JSON and base64 write it. */
function formsOf(password: string): readonly string[] {
  const base64 = Buffer.from(password).toString("base64").replace(/=+$/u, "").slice(0, -1);
  return [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    password.replaceAll("'", "''"),
    base64,
    Buffer.from(password).toString("hex"),
  ];
}

test.skipIf(suppliesContainers)(
  "passwords are in no output, file, session, process list, activity view or server log",
  { timeout: 120_000 },
  async () => {
    await using repository = repositoryOf();
    // Every GRANT takes long enough that whoever looks at the activity sees it.
    await server.run("app", "create function linger() returns event_trigger language plpgsql as 'begin perform pg_sleep(0.3); end'");
    await server.run("app", "create event trigger linger on ddl_command_end when tag in ('GRANT') execute function linger()");
    const outputs: string[] = [];
    const seen: string[] = [];
    const commands: readonly (readonly string[])[] = [
      ["plan", "-o", repository.resultFile],
      ["apply", "-f", repository.resultFile, "--debug"],
      ["plan", "--json"],
      ["apply", "-f", repository.resultFile, "--json", "--debug"],
      ["sessions", "list"],
      ["health", "--json"],
      ["status"],
    ];
    for (const words of commands) {
      const run = repository.start(words, { env: adminByUrl() });
      seen.push(await spyOn(run));
      const { exitCode, stdout, stderr } = await run.ended;
      expect(exitCode, stdout + stderr).toBe(0);
      outputs.push(stdout, stderr);
    }
    const generated = repository.credentials();
    expect(generated).toHaveLength(2);
    const files = filesUnder(dirname(repository.directory)).filter((path) => !path.startsWith(repository.storeDirectory));
    const places: Readonly<Record<string, string>> = {
      output: outputs.join("\n"),
      "process list and activity": seen.join("\n"),
      "server log": readFileSync(server.logFile, "utf8"),
      ...Object.fromEntries(files.map((path) => [path, readFileSync(path, "latin1")])),
    };
    for (const password of [secret, ...generated.map((credential) => credential.password)]) {
      for (const form of formsOf(password)) {
        for (const [place, text] of Object.entries(places)) expect(text.includes(form), `${form} in ${place}`).toBe(false);
      }
    }
    // The verifier is what the server gets, and its log has it; nothing of ours keeps it.
    const { "server log": log = "", "process list and activity": activity = "", ...ours } = places;
    expect(log).toMatch(/CREATE ROLE .* WITH PASSWORD 'SCRAM-SHA-256\$4096:/u);
    expect(activity).toContain("GRANT");
    for (const [place, text] of Object.entries(ours)) expect(text.includes("SCRAM-SHA-256$4096:"), `a verifier in ${place}`).toBe(false);
  },
);

test("credentials are for their owner alone", async () => {
  await using repository = repositoryOf();
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
  for (const path of filesUnder(repository.storeDirectory)) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(repository.storeDirectory).mode & 0o777).toBe(0o700);
  expect(statSync(join(repository.storeDirectory, "analytics")).mode & 0o777).toBe(0o700);
});

test("a CREATE ROLE that fails shows its verifier to nobody but the server", async () => {
  await using repository = repositoryOf();
  await repository.plan();
  // The role is there before apply sends its CREATE ROLE: made in the window between the gate and the statement.
  const { startProxy } = await import("../../support/tcp-proxy.ts");
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: async ({ text }) => {
      if (text.startsWith("CREATE ROLE")) await server.run("postgres", "create role hoopdev_analytics_ro_6075a443").catch(() => {});
      return "pass" as const;
    },
  });
  repository.write("inventory.csv", `name,type,host,port\nanalytics,PostgreSQL,127.0.0.1,${proxy.port}\n`);
  await repository.plan();
  const { exitCode, stdout, stderr } = await repository.apply({ env: {} });
  proxy.close();
  expect(exitCode).not.toBe(0);
  expect(repository.lastApply("ro").status).not.toBe("success");
  const texts = [stdout, stderr, ...filesUnder(join(repository.directory, "sessions")).map((path) => readFileSync(path, "utf8"))].join(
    "\n",
  );
  expect(texts).toContain("already exists");
  expect(texts).toContain("ROLE_PASSWORD_PLACEHOLDER");
  expect(texts).not.toMatch(/SCRAM-SHA-256\$[0-9]/u);
});

test("F75 a missing, empty or wrong admin secret is an error, and changes nothing", async () => {
  await using repository = repositoryOf();
  await repository.plan();
  const wrong: readonly (readonly [Record<string, string>, string])[] = [
    [{ ROLEWRIGHT_ADMIN_CSV: "" }, "ROLEWRIGHT_ADMIN"],
    [{ ROLEWRIGHT_ADMIN_CSV: "", ROLEWRIGHT_ADMIN_ANALYTICS: "" }, "ROLEWRIGHT_ADMIN_ANALYTICS"],
    [{ ROLEWRIGHT_ADMIN_CSV: "", ROLEWRIGHT_ADMIN_ANALYTICS: `${admin}:` }, "password"],
    [{ ROLEWRIGHT_ADMIN_CSV: "", ROLEWRIGHT_ADMIN_ANALYTICS: `${admin}:wrong-Canary` }, "password"],
  ];
  for (const [env, expected] of wrong) {
    const { exitCode, stdout, stderr } = await repository.apply({ env });
    expect([exitCode, stdout + stderr]).toEqual([1, expect.stringContaining(expected)]);
    expect(stdout + stderr).not.toContain("wrong-Canary");
  }
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  expect(repository.credentials()).toEqual([]);
});

test("rotate_password gives one new password for each apply; the old one stops working, and the role stays in sync otherwise", async () => {
  await using repository = repositoryOf();
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
  const first = passwordOf(repository);
  repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\nanalytics,external,ext,,,pg_read_all_stats\n");
  repository.write(
    "roles.yaml",
    "items: [{resource_name: analytics, role: ro, scopes: [app], privileges: [SELECT], rotate_password: true}]\n",
  );
  await repository.plan();
  expect(repository.sessions("plan").findLast(({ label }) => label === "ro")).toMatchObject({
    status: "out-of-sync",
    message: "1 statement",
  });
  expect((await repository.apply()).exitCode).toBe(0);
  const second = passwordOf(repository);
  expect(second).not.toBe(first);
  expect(await logsIn(first)).toBe(false);
  expect(await logsIn(second)).toBe(true);
  // The same result again asks for a rotation again.
  expect((await repository.apply()).exitCode).toBe(0);
  const third = passwordOf(repository);
  expect([await logsIn(second), await logsIn(third)]).toEqual([false, true]);
  repository.write("roles.yaml", "items: [{resource_name: analytics, role: ro, scopes: [app], privileges: [SELECT]}]\n");
  expect((await repository.cli(["plan", "--detailed-exitcode"])).exitCode).toBe(0);
});

function passwordOf(repository: AccessRepository): string {
  return repository.credentials().find(({ file }) => file === "analytics/ro.json")?.password ?? "";
}

async function logsIn(password: string): Promise<boolean> {
  const client = new Client({ host: "127.0.0.1", port: server.port, user: "hoopdev_analytics_ro_6075a443", password, database: "app" });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
