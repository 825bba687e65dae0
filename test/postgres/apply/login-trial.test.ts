// pg_hba.conf refuses the generated logins from the machine that applies: what was done is told, and nobody else is made up.
import { expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { startServer, suppliesContainers } from "../../support/server.ts";

test.skipIf(suppliesContainers)("F40 a second apply after a refused login says what is known, and who did it is not", async () => {
  await using server = await startServer({ hba: ["host all postgres 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 reject"] });
  await server.run("postgres", "create database app");
  const resources = [{ name: "analytics", server }];
  await using repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,SELECT,"] });
  const env = loginEnvironment(resources);
  const planned = await runInProcess(repository.directory, ["plan", "-o", repository.resultFile], env);
  expect(planned.exitCode, planned.stderr).toBe(0);
  const apply = (): Promise<Outcome> => runInProcess(repository.directory, ["apply", "-f", repository.resultFile], env);
  expect((await apply()).exitCode).toBe(1);
  expect(repository.lastApply("ro")).toMatchObject({
    status: "failed",
    message: expect.stringMatching(/is delivered, but could not be tried: /u),
  });
  expect((await apply()).exitCode).toBe(0);
  expect(repository.lastApply("ro")).toMatchObject({ status: "skipped", message: "already in sync: nothing is left of what was planned" });
});
