// F40: after a kill between COMMIT and the promotion of its credential a role is in sync, and only an apply delivers what it was given.
import { renameSync } from "node:fs";
import { expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { startServer } from "../../support/server.ts";

test("F40 plan says where a credential of a role that is in sync waits, and an apply of that plan delivers it", async () => {
  await using server = await startServer();
  await server.run("postgres", "create database app");
  const resources = [{ name: "analytics", server }];
  await using repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,"] });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  await run("plan", "-o", repository.resultFile);
  await run("apply", "-f", repository.resultFile);
  const delivered = `${repository.storeDirectory}/analytics/ro.json`;
  renameSync(delivered, delivered.replace("ro.json", "ro.pending-1.json"));
  const planned = await run("plan", "-o", repository.resultFile, "--detailed-exitcode");
  expect(planned.exitCode).toBe(0);
  expect(planned.stderr).toContain("analytics/ro is in sync, and a new credential waits in the store");
  expect((await run("apply", "-f", repository.resultFile)).exitCode).toBe(0);
  expect(repository.credentials().map(({ file }) => file)).toEqual(["analytics/ro.json"]);
  expect((await run("plan")).stderr).not.toContain("waits in the store");

  // Whoever only plans need not be able to read the store.
  repository.write("rolewright.yaml", "repository: test/access\ncredentials: {store: file:../result.yaml}\n");
  const elsewhere = await run("plan", "--detailed-exitcode");
  expect(elsewhere.exitCode, elsewhere.stderr).toBe(0);
});
