// F41: what was to be verified and cannot be is refused, never taken for verified.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type AccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
});

type Bench = AccessRepository & { readonly run: (...words: readonly string[]) => Promise<Outcome> };

function bench(): Bench {
  const resources = [{ name: "analytics", server }];
  const repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,"] });
  return { ...repository, run: (...words) => runInProcess(repository.directory, words, loginEnvironment(resources)) };
}

async function expectNothingDone(repository: AccessRepository): Promise<void> {
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  expect(repository.credentials()).toEqual([]);
}

test.each([[["apply"]], [["apply", "analytics"]]])("F41 %j is refused without a reviewed plan, whatever was planned", async (words) => {
  await using repository = bench();
  expect((await repository.run("plan", "-o", repository.resultFile)).exitCode).toBe(0);
  const { exitCode, stderr } = await repository.run(...words);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/reviewed plan/u);
  await expectNothingDone(repository);
});

/** As somebody would write it who wants no comparison: a result that agrees with itself. */
const withoutChecksum = `checksum: ${createHash("sha256").update("").digest("hex")}`;

test.each<[string, (text: string) => string, number, RegExp]>([
  ["no checksum of its own", (text) => text.replace(/^checksum: .*\n/mu, ""), 1, /lacks the key "checksum"/u],
  ["a plan without a checksum", (text) => text.replace(/ {4}sql_plan_checksum: .*\n/u, ""), 1, /lacks the key "sql_plan_checksum"/u],
  [
    "a plan whose checksum is empty",
    (text) => text.replace(/sql_plan_checksum: .*/u, 'sql_plan_checksum: ""').replace(/^checksum: .*/mu, withoutChecksum),
    3,
    /made by another version|has changed since the plan|recorded with another checksum/u,
  ],
])("F41 a result with %s is refused", async (_, change, code, message) => {
  await using repository = bench();
  expect((await repository.run("plan", "-o", repository.resultFile)).exitCode).toBe(0);
  const text = readFileSync(repository.resultFile, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(repository.resultFile, changed);
  const { exitCode, stdout, stderr } = await repository.run("apply", "-f", repository.resultFile);
  expect([exitCode, stdout + stderr]).toEqual([code, expect.stringMatching(message)]);
  await expectNothingDone(repository);
});

test("F41 sessions verify of a folder without a session is an error, not a whole log", async () => {
  await using repository = bench();
  const { exitCode, stdout, stderr } = await repository.run("sessions", "verify");
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/there is no session in .*sessions, so that nothing was verified/u);
  await repository.run("plan");
  expect((await repository.run("sessions", "verify")).stdout).toContain("whole: 1 session");
});

test("F41 certificate authorities for a resource whose certificate is not checked are an error", async () => {
  await using repository = bench();
  repository.write("ca.pem", "unused");
  // Where no mode is said, this machine is talked to in plain text.
  repository.write("inventory.csv", `name,host,port,sslrootcert\nanalytics,127.0.0.1,${server.port},ca.pem\n`);
  const implied = await repository.run("plan");
  expect(implied.exitCode).toBe(1);
  expect(implied.stdout).toContain(
    "analytics has a sslrootcert, and sslmode disable (from its login, or since the host is this machine) checks no certificate",
  );
  repository.write("inventory.csv", `name,host,port,sslmode,sslrootcert\nanalytics,127.0.0.1,${server.port},require,ca.pem\n`);
  const said = await repository.run("plan");
  expect(said.exitCode).toBe(1);
  expect(said.stderr).toContain("inventory.csv:2:35: error[unused-sslrootcert] sslrootcert: sslmode require checks no certificate");
});
