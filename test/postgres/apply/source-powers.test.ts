// Powers that a run takes from a source role count as gone when the run is planned. Where they are not taken, nobody gets them by a membership.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

const ro = "hoopdev_analytics_ro_6075a443";
const app = "hoopdev_analytics_app_52fc05d5";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("postgres", `create role boss createrole; create role ${ro} login createrole; grant boss to ${ro}`);
  await server.run("postgres", `comment on role ${ro} is 'x [rolewright test/access]'`);
});

test("a source role whose own plan is stale by then gets no member as long as it has its powers", async () => {
  const resources = [{ name: "analytics", server }];
  await using repository = makeAccessRepository({
    resources,
    roles: ["analytics,managed,ro,app,SELECT,", `analytics,external,app,,,${ro}`],
  });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  const members = (): Promise<readonly unknown[]> =>
    server.run("postgres", `select member::regrole::text from pg_auth_members where roleid = '${ro}'::regrole and member <> 10`);
  const planned = await run("plan", "-o", repository.resultFile);
  expect(planned.stdout, planned.stderr).toContain(app);
  await server.run("postgres", `alter role ${ro} connection limit 7`);
  const { exitCode, stdout } = await run("apply", "-f", repository.resultFile);
  expect([exitCode, await members()], stdout).toEqual([expect.any(Number), []]);
  expect(exitCode).not.toBe(0);
  expect(stdout).toContain("has CREATEROLE");

  await run("plan", "-o", repository.resultFile);
  expect((await run("apply", "-f", repository.resultFile)).exitCode).toBe(0);
  expect(await members()).toEqual([{ member: app }]);
});
