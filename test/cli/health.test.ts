import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type Server } from "../support/server.ts";
import { makeAccessRepository } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const roles = "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,postgres,SELECT,\n";

function inventory(...ports: readonly number[]): string {
  const names = ["analytics", "marketplace"];
  return `name,type,host,port\n${ports.map((port, index) => `${names[index] ?? ""},PostgreSQL,127.0.0.1,${port}\n`).join("")}`;
}

function login(): Readonly<Record<string, string>> {
  const rows = ["analytics", "marketplace"].map((name) => `${name},${server.user},${server.password}\n`);
  return { ROLEWRIGHT_ADMIN_CSV: `resource_name,username,password\n${rows.join("")}` };
}

test("says what answers at each resource", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(server.port), "roles.csv": roles });
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "health"], { env: login() });
  expect(stderr).toBe("analytics: connecting\nanalytics: ok\n");
  expect(stdout).toMatch(
    new RegExp(String.raw`^analytics +admin +ok +${server.version}\S* .*primary +no +\d+ ms +postgres +127\.0\.0\.1:${server.port}$`, "mu"),
  );
  expect(stdout).toMatch(/\n1 resource: all healthy\n$/u);
  expect(exitCode).toBe(0);
});

test("one resource that fails fails the command, and the others are still told", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(server.port, 1), "roles.csv": roles });
  const { exitCode, stdout } = await runCli(["-C", repository.directory, "health", "--json"], { env: login() });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    resources: [
      { resource: "analytics", healthy: true, primary: true, tls: false, login: "postgres" },
      { resource: "marketplace", healthy: false, message: expect.stringContaining("127.0.0.1:1") },
    ],
  });
});

test("logs in as planner and as admin, and says which of them fails", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(server.port), "roles.csv": roles });
  await server.run("postgres", "create role looker login password 'only-looks'");
  const env = { ROLEWRIGHT_PLANNER_ANALYTICS: "looker:only-looks", ROLEWRIGHT_ADMIN_ANALYTICS: "postgres:wrong-password" };
  const { exitCode, stdout } = await runCli(["-C", repository.directory, "health"], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^analytics +planner +ok .* looker /mu);
  expect(stdout).toMatch(/^analytics +admin +failed /mu);
  expect(stdout).toMatch(/^analytics as admin: .*password/mu);
  expect(stdout).toMatch(/\n1 resource: 1 failed\n$/u);
  const alone = await runCli(["-C", repository.directory, "health", "--json"], {
    env: { ROLEWRIGHT_PLANNER_ANALYTICS: "looker:only-looks" },
  });
  expect([alone.exitCode, JSON.parse(alone.stdout)]).toMatchObject([0, { resources: [{ as: "planner", healthy: true, login: "looker" }] }]);
});

test("hides no login of a server that is down", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(1), "roles.csv": roles });
  const env = { ROLEWRIGHT_PLANNER_ANALYTICS: "owner:only-looks", ROLEWRIGHT_ADMIN_ANALYTICS: "owner:secret-enough" };
  const { exitCode, stdout } = await runCli(["-C", repository.directory, "health", "--json"], { env });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ resources: [{ as: "planner" }, { as: "admin" }] });
  // An admin who plans, too, is one login, whatever is wrong with it.
  const broken = await runCli(["-C", repository.directory, "health", "--json"], { env: { ROLEWRIGHT_ADMIN_ANALYTICS: "postgres" } });
  expect(JSON.parse(broken.stdout)).toMatchObject({ resources: [{ as: "admin", message: expect.stringContaining("ROLEWRIGHT_ADMIN") }] });
  expect(JSON.parse(broken.stdout).resources).toHaveLength(1);
});

test("asks only the resources that are named, and refuses unknown ones", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(server.port, 1), "roles.csv": roles });
  const named = await runCli(["-C", repository.directory, "health", "analytics"], { env: login() });
  expect(named.exitCode).toBe(0);
  const unknown = await runCli(["-C", repository.directory, "health", "analytic"], { env: login() });
  expect([unknown.exitCode, unknown.stdout]).toEqual([1, ""]);
  expect(unknown.stderr).toContain('there is no resource "analytic" in the inventory\n  It has: analytics, marketplace');
});

test("F73 a password that is wrong is in no output", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(server.port), "roles.csv": roles });
  const env = { ROLEWRIGHT_ADMIN_ANALYTICS: "postgres:canary-7f3a9c" };
  for (const words of [["health"], ["health", "--json"], ["health", "--debug"]]) {
    const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, ...words], { env });
    expect(exitCode).toBe(1);
    expect(stdout + stderr).not.toContain("canary-7f3a9c");
  }
});

test("Ctrl-C ends a command that waits for a silent server, with 130", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  await using repository = await makeAccessRepository({ "inventory.csv": inventory(port), "roles.csv": roles });
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "-C", repository.directory, "health"], {
    env: { ...login() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const connected = new Promise<void>((resolve) => silent.once("connection", () => resolve()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await connected;
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(stderr).toContain("cancelling…");
  silent.close();
});
