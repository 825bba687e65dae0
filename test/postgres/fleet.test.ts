// F71: many databases, many roles, many tables. What is counted are connections, queries and memory, never time.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository, type AccessRepository } from "../support/access-repository.ts";
import { runInProcess } from "../support/in-process-cli.ts";
import { resetCluster, startServer, type Server } from "../support/server.ts";
import { startProxy } from "../support/tcp-proxy.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => resetCluster(server));

/** Settings' default. */
const connectionsPerResource = 4;

/** Beside introspection's own, on each connection: whose backend it is, BEGIN, COMMIT. */
const queriesAround = 3;
const queriesOfCluster = 3;
const mostQueriesOfDatabase = 10;

const names = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

function lines(roleCount: number, databases: readonly string[]): readonly string[] {
  return names("r", roleCount).map((role) => `analytics,managed,${role},${databases.join(";")},SELECT;INSERT;EXECUTE,`);
}

type Traffic = { readonly connections: number; readonly mostAtOnce: number; readonly queries: number };

/** Runs commands through a proxy that counts. */
async function count(
  repositoryLines: readonly string[],
  work: (run: (...words: string[]) => Promise<void>, repository: AccessRepository) => Promise<void>,
): Promise<Traffic> {
  let queries = 0;
  const proxy = await startProxy({
    target: () => server.port,
    onMessage: ({ type }) => {
      if (type === "Q" || type === "P") queries += 1;
      return "pass";
    },
  });
  const resources = [{ name: "analytics", server: { port: proxy.port, user: server.user, password: server.password } }];
  await using repository = makeAccessRepository({ resources, roles: repositoryLines });
  await work(async (...words) => {
    const { exitCode, stdout, stderr } = await runInProcess(repository.directory, words, loginEnvironment(resources));
    expect(exitCode, stdout + stderr).toBe(0);
  }, repository);
  proxy.close();
  return { connections: proxy.connections(), mostAtOnce: proxy.mostAtOnce(), queries };
}

test(
  "F71 a plan has one connection for the cluster and one for each database, whatever the number of roles",
  { timeout: 120_000 },
  async () => {
    const databases = names("d", 20);
    for (const database of [...databases, ...names("nobodys", 5)]) {
      await server.run("postgres", `create database ${database}`);
      await server.run(database, "create table t (id serial); create function f() returns int language sql as 'select 1'");
    }
    const plan = (roleCount: number): Promise<Traffic> => count(lines(roleCount, databases), (run) => run("plan"));
    const one = await plan(1);
    expect(one).toMatchObject({ connections: databases.length + 1, mostAtOnce: connectionsPerResource });
    expect(one.queries).toBeLessThanOrEqual(queriesAround + queriesOfCluster + databases.length * (queriesAround + mostQueriesOfDatabase));
    expect(await plan(100)).toEqual(one);
  },
);

test(
  "F71 an apply of many roles in many databases stays within its bounds, and writes each database in one transaction",
  { timeout: 120_000 },
  async () => {
    const databases = names("d", 12);
    for (const database of databases) {
      await server.run("postgres", `create database ${database}`);
      await server.run(database, "create table t (id serial)");
    }
    const roleCount = 30;
    const { connections, mostAtOnce } = await count(lines(roleCount, databases), async (run, repository) => {
      await run("plan", "-o", repository.resultFile);
      await run("apply", "-f", repository.resultFile);
      expect(new Set(repository.sessions("apply").map(({ status }) => status))).toEqual(new Set(["success"]));
    });
    expect(mostAtOnce).toBeLessThanOrEqual(connectionsPerResource);
    const planned = databases.length + 1;
    // Planned, planned again, proved at the end; written; the lock; and each new login is tried once.
    expect(connections).toBe(3 * planned + databases.length + 1 + roleCount);
  },
);

test("F71 200,000 ACL entries are planned within little memory", { timeout: 180_000 }, async () => {
  await server.run("postgres", "create database app");
  const roles = names("r", 100);
  await using repository = makeAccessRepository({ resources: [{ name: "analytics", server }], roles: lines(roles.length, ["app"]) });
  await repository.plan();
  expect((await repository.apply()).exitCode).toBe(0);
  // Every table lacks another role, so that no two ACLs in a row are the same.
  await server.run(
    "app",
    `do $$ declare everybody text[] := array(select rolname from pg_roles where rolname ~ '^hoopdev' order by 1); begin
       for i in 1..2000 loop
         execute format('create table t%s (id int)', i);
         execute format('grant select, insert on t%s to %s', i, array_to_string(everybody[1:i % 100] || everybody[i % 100 + 2:], ', '));
       end loop; end $$`,
  );
  const small = { nodeFlags: ["--max-old-space-size=32"] };
  const { exitCode, stdout, stderr } = await repository.cli(["plan", "--detailed-exitcode"], small);
  expect(exitCode, stdout.slice(0, 2000) + stderr).toBe(2);
  expect(stdout).toContain("100 roles: 100 out of sync");
});
