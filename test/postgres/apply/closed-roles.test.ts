// Roles that are declared so that nobody can log in: their credentials cannot be tried, and are delivered all the same.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type AccessRepository, type Outcome } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

const ro = "hoopdev_analytics_ro_6075a443";

function declare(repository: AccessRepository, closed: Readonly<Record<string, string | number | boolean>>): void {
  repository.write(
    "roles.yaml",
    JSON.stringify({ items: [{ resource_name: "analytics", role: "ro", scopes: ["postgres"], privileges: ["SELECT"], ...closed }] }),
  );
}

async function planAndApply(repository: AccessRepository): Promise<Outcome> {
  const run = (...words: readonly string[]): Promise<Outcome> =>
    runInProcess(repository.directory, words, loginEnvironment([{ name: "analytics", server }]));
  const planned = await run("plan", "-o", repository.resultFile);
  expect(planned.exitCode, planned.stdout + planned.stderr).toBe(0);
  return run("apply", "-f", repository.resultFile);
}

const stored = ({ storeDirectory }: AccessRepository): readonly string[] => readdirSync(join(storeDirectory, "analytics")).toSorted();

test.each([
  ["has expired", { expires_at: "2020-01-01T00:00:00Z" }, { expires_at: "2999-01-01T00:00:00Z" }],
  ["has no connection", { connection_limit: 0 }, { connection_limit: 1 }],
])("the credential of a role that %s is delivered, and works once the role is let in", async (_name, closed, open) => {
  await using repository = makeAccessRepository({ resources: [{ name: "analytics", server }], roles: [] });
  declare(repository, closed);
  const applied = await planAndApply(repository);
  expect(applied.exitCode, applied.stdout + applied.stderr).toBe(0);
  expect(stored(repository)).toEqual(["ro.json"]);
  declare(repository, open);
  const opened = await planAndApply(repository);
  expect(opened.exitCode, opened.stdout + opened.stderr).toBe(0);
  const client = new Client({ connectionString: repository.credentials()[0]?.dsn ?? "" });
  await client.connect();
  expect((await client.query<{ user: string }>("SELECT current_user AS user")).rows).toEqual([{ user: ro }]);
  await client.end();
});
