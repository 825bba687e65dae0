// More sequences than one statement names: each that a default draws from is granted, and no other.
import { afterAll, beforeAll, expect, test } from "vitest";
import { loginEnvironment, makeAccessRepository } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";
import { startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
  await server.run("postgres", "create database app");
  await server.run("app", "do $$ begin for i in 1..1200 loop execute format('create sequence s%s', i); end loop; end $$");
  const columns = Array.from({ length: 1100 }, (_, index) => `c${index + 1} int default nextval('s${index + 1}')`);
  await server.run("app", `create table t (${columns.join(", ")})`);
});
afterAll(() => server[Symbol.asyncDispose]());

test("they are granted in batches, and taken away again", async () => {
  const resources = [{ name: "analytics", server }];
  await using repository = makeAccessRepository({ resources, roles: ["analytics,managed,ro,app,INSERT,"] });
  const apply = async (): Promise<readonly string[]> => {
    for (const words of [
      ["plan", "-o", repository.resultFile],
      ["apply", "-f", repository.resultFile],
    ]) {
      const { exitCode, stdout, stderr } = await runInProcess(repository.directory, words, loginEnvironment(resources));
      expect(exitCode, stdout + stderr).toBe(0);
    }
    return (repository.lastApply("ro").statements ?? []).map(({ sql }) => sql.slice(0, 24));
  };
  const held = (): Promise<readonly unknown[]> =>
    server.run("app", "select count(*)::int as held from pg_class where relkind = 'S' and relacl::text like '%hoopdev_analytics_ro%'");

  const granted = await apply();
  expect(granted.filter((sql) => sql.startsWith("GRANT USAGE ON SEQUENCE"))).toHaveLength(2);
  expect(await held()).toEqual([{ held: 1100 }]);

  repository.write("roles.csv", "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,app,SELECT,\n");
  const revoked = await apply();
  expect(revoked.filter((sql) => sql.startsWith("REVOKE USAGE ON SEQUENCE"))).toHaveLength(2);
  expect(await held()).toEqual([{ held: 0 }]);
});
