// Plans that are not simply those of the repository's files: from flags, from files of their own, from another session log.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  formatRoles,
  loginEnvironment,
  makeAccessRepository,
  type AccessRepository,
  type Outcome,
} from "../../support/access-repository.ts";
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
  await server.run("postgres", "create role heir nologin");
  await server.run("app", "create table t (a int)");
});

const declared = "analytics,managed,ro,app,SELECT,";
const ofDeclared = ["plan", "analytics", "--role", "ro", "--scopes", "app"];
const ofUndeclared = ["plan", "analytics", "--role", "adhoc", "--scopes", "app", "--privileges", "SELECT"];

type Bench = AccessRepository & {
  readonly run: (...words: readonly string[]) => Promise<Outcome>;
  /** Plans, and gives what the plan says to do next. */
  readonly planned: (...words: readonly string[]) => Promise<readonly string[]>;
};

function bench(settings: readonly string[] = []): Bench {
  const resources = [{ name: "analytics", server }];
  const repository = makeAccessRepository({ resources, roles: [declared], settings });
  const run = (...words: readonly string[]): Promise<Outcome> => runInProcess(repository.directory, words, loginEnvironment(resources));
  return {
    ...repository,
    run,
    planned: async (...words) => {
      const { exitCode, stdout, stderr } = await run(...words);
      expect(exitCode, stdout + stderr).toBe(0);
      return (/^ {2}rolewright (apply .*)$/mu.exec(stderr)?.[1] ?? "").split(" ");
    },
  };
}

async function ours(): Promise<readonly { readonly name: string; readonly comment: string }[]> {
  const rows = await server.run(
    "postgres",
    `select rolname::text as name, shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname ~ '^hoopdev' order by 1`,
  );
  return rows.map(({ name, comment }) => ({ name: String(name), comment: String(comment) }));
}

describe("a role that no file declares", () => {
  test("is made by flags and by --sid, and plans of the repository leave it alone, whatever becomes of orphans", async () => {
    await using repository = bench(["orphans: {drop: {reassign_to: heir}}"]);
    expect((await repository.run(...(await repository.planned(...ofUndeclared)))).exitCode).toBe(0);
    const [made] = await ours();
    expect(made).toEqual({
      name: expect.stringMatching(/^hoopdev_analytics_adhoc_/u),
      comment: "Made by rolewright, do not change by hand [rolewright test/access, undeclared]",
    });
    expect((await repository.planned(...ofUndeclared)).join("")).toBe("");
    const { stdout } = await repository.run("plan", "-o", repository.resultFile);
    expect(stdout).toContain(`${made?.name} was planned from flags or from a file of its own, and no file of this repository declares it`);
    expect((await repository.run("apply", "-f", repository.resultFile)).exitCode).toBe(0);
    expect((await ours()).map(({ name }) => name)).toContain(made?.name);
    expect(await server.run("app", `select has_table_privilege('${made?.name}', 't', 'select') as may`)).toEqual([{ may: true }]);
  });

  test("becomes one of the repository by its declaration, and an orphan when that goes", async () => {
    await using repository = bench(["orphans: {drop: {reassign_to: heir}}"]);
    await repository.run(...(await repository.planned(...ofUndeclared)));
    const [made] = await ours();
    repository.write("roles.csv", formatRoles(["analytics,managed,adhoc,app,SELECT,"]));
    const next = await repository.planned("plan");
    const [session] = repository.sessions("plan").slice(-1);
    expect(session?.sql_plan.match(/^[A-Z]+ (?:ON )?ROLE/gmu)).toEqual(["COMMENT ON ROLE"]);
    expect((await repository.run(...next)).exitCode).toBe(0);
    expect(await ours()).toEqual([{ name: made?.name, comment: "Made by rolewright, do not change by hand [rolewright test/access]" }]);
    repository.write("roles.csv", formatRoles([]));
    expect((await repository.run(...(await repository.planned("plan")))).exitCode).toBe(0);
    expect(await ours()).toEqual([]);
  });

  test("that has been declared since the plan is refused", async () => {
    await using repository = bench();
    const next = await repository.planned(...ofUndeclared);
    repository.write("roles.csv", formatRoles(["analytics,managed,adhoc,app,SELECT,"]));
    expect((await repository.run(...next)).exitCode).toBe(3);
    expect(await ours()).toEqual([]);
  });
});

describe("a role that the repository declares", () => {
  test("is planned otherwise from flags to look at, and apply refuses that", async () => {
    await using repository = bench();
    const { exitCode, stdout, stderr } = await repository.run(...ofDeclared, "--privileges", "SELECT,DELETE", "-o", repository.resultFile);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("GRANT SELECT, DELETE ON ALL TABLES")]);
    expect(stderr).toMatch(/roles\.csv:2:1.*the repository declares ro of analytics otherwise/u);
    expect(stderr, "what apply will refuse is no next step").not.toMatch(/^ {2}rolewright apply/mu);
    const sid = repository.sessions("plan")[0]?.sid ?? "";
    for (const words of [
      ["apply", "-f", repository.resultFile],
      ["apply", "analytics", "--sid", sid],
    ]) {
      expect((await repository.run(...words)).exitCode).toBe(3);
      expect(repository.lastApply("ro")).toMatchObject({
        status: "refused",
        message: expect.stringMatching(/^hoopdev_analytics_ro_6075a443 is declared in roles\.csv:2:1, otherwise than this plan says/u),
      });
    }
    expect(await ours()).toEqual([]);
  });

  test("is planned otherwise from a file, too, and refused beside others that are applied", async () => {
    await using repository = bench();
    const file = join(repository.directory, "..", "beside.csv");
    writeFileSync(file, formatRoles(["analytics,managed,ro,app,DELETE,", "analytics,managed,adhoc,app,SELECT,"]));
    expect((await repository.run("plan", "-f", file, "-o", repository.resultFile)).exitCode).toBe(0);
    expect((await repository.run("apply", "-f", repository.resultFile)).exitCode).toBe(3);
    expect([repository.lastApply("ro").status, repository.lastApply("adhoc").status]).toEqual(["refused", "success"]);
  });

  test("is planned the same from flags, and then is the declared one, also with a new password", async () => {
    await using repository = bench();
    for (const words of [[], ["--rotate-password"]]) {
      expect((await repository.run(...(await repository.planned(...ofDeclared, "--privileges", "SELECT", ...words)))).exitCode).toBe(0);
      expect(repository.lastApply("ro").status).toBe("success");
    }
    expect((await ours())[0]?.comment).toContain("[rolewright test/access]");
    expect((await repository.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
  });
});

test("a declared role gets a new password by its name alone, and stays as it is declared", async () => {
  await using repository = bench();
  repository.write("roles.csv", formatRoles([declared, "analytics,external,ext,,,pg_read_all_stats"]));
  expect((await repository.run("plan", "-o", repository.resultFile)).exitCode).toBe(0);
  expect((await repository.run("apply", "-f", repository.resultFile)).exitCode).toBe(0);
  for (const role of ["ro", "ext"]) {
    const next = await repository.planned("plan", "analytics", "--role", role, "--rotate-password");
    expect((await repository.run(...next)).exitCode).toBe(0);
    expect(repository.lastApply(role)).toMatchObject({ status: "success", statements: [{ sql: expect.stringContaining("PASSWORD") }] });
  }
  expect((await repository.run("plan", "analytics", "--role", "nobody", "--rotate-password")).exitCode).toBe(1);
  expect((await repository.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
});

describe("a result file", () => {
  test("of another session log is applied where planning again comes to the same, and that is said and recorded", async () => {
    await using repository = bench();
    const elsewhere = join(repository.directory, "..", "other-log");
    const planned = await repository.cli(["--sessions", elsewhere, "plan", "-o", repository.resultFile]);
    expect(planned.exitCode).toBe(0);
    const { exitCode, stderr } = await repository.run("apply", "-f", repository.resultFile);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("warning: 1 plan of the result file is not in the session log ");
    const session = repository.lastApply("ro");
    expect(session.command_output).toBe(`the plan ${session.plan_sid} is not in this session log: it was planned with another one\n`);
  });

  test("of this session log needs no such words", async () => {
    await using repository = bench();
    await repository.planned("plan", "-o", repository.resultFile);
    const { exitCode, stderr } = await repository.run("apply", "-f", repository.resultFile);
    expect([exitCode, stderr, repository.lastApply("ro").command_output]).toEqual([0, "", ""]);
  });

  test("whose plan was recorded with another checksum is refused, although planning again comes to the same", async () => {
    await using repository = bench();
    await repository.planned("plan", "-o", repository.resultFile);
    const first = readFileSync(repository.resultFile, "utf8");
    await server.run("app", "create table u (a int)");
    await repository.planned("plan", "-o", repository.resultFile);
    const second = readFileSync(repository.resultFile, "utf8");
    const keysOf = (text: string): readonly string[] => [/sid: (\S+)/u.exec(text)?.[1] ?? "", /started_at: (\S+)/u.exec(text)?.[1] ?? ""];
    const [from, to] = [keysOf(second), keysOf(first)];
    const forged = from.reduce((text, key, index) => text.replaceAll(key, to[index] ?? ""), second);
    expect(forged).not.toBe(second);
    writeFileSync(repository.resultFile, forged);
    expect((await repository.run("apply", "-f", repository.resultFile)).exitCode).toBe(3);
    expect(repository.lastApply("ro")).toMatchObject({
      status: "refused",
      message: `session ${to[0]} was recorded with another checksum: this is not that plan; plan again`,
    });
    expect(await ours()).toEqual([]);
  });
});
