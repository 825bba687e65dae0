import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { resetCluster, startServer, type Server } from "../support/server.ts";
import { makeAccessRepository, type AccessRepository } from "./access-repository.ts";
import { runCli, type Outcome } from "./run-cli.ts";

const role = "hoopdev_analytics_ro_6075a443";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table a (id int); create table b (id int)");
});

type Desk = { readonly repository: AccessRepository; readonly run: (...words: readonly string[]) => Promise<Outcome> } & AsyncDisposable;

async function sitDown(roles = "analytics,managed,ro,app,SELECT,\n"): Promise<Desk> {
  const store = await mkdtemp(join(tmpdir(), "rolewright-store-"));
  const repository = await makeAccessRepository({
    "rolewright.yaml": `credentials:\n  store: ${JSON.stringify(`file:${store}`)}\n`,
    "inventory.csv": `name,type,host,port\nanalytics,PostgreSQL,127.0.0.1,${server.port}\n`,
    "roles.csv": `resource_name,type,role,scopes,permissions,source_role\n${roles}`,
  });
  const env = { ROLEWRIGHT_ADMIN_ANALYTICS: `${server.user}:${server.password}` };
  return {
    repository,
    run: (...words) => runCli(words, { cwd: repository.directory, env }),
    [Symbol.asyncDispose]: async () => {
      await repository[Symbol.asyncDispose]();
      await rm(store, { recursive: true, force: true });
    },
  };
}

describe("plan and apply", () => {
  test("go from the files to an empty plan by the commands that each step prints", async () => {
    await using desk = await sitDown();
    const planned = await desk.run("plan");
    expect(planned.stdout).toMatch(/^1 role: 1 out of sync; \d+ statements; \d+ widen access\n/u);
    const next = /^ {2}rolewright (apply analytics --sid \S+)$/mu.exec(planned.stderr)?.[1] ?? "";
    expect(next).not.toBe("");
    expect((await desk.run(...next.split(" "))).exitCode).toBe(0);
    const again = await desk.run("plan", "--detailed-exitcode");
    expect([again.exitCode, again.stdout]).toEqual([0, "1 role: 1 in sync\n"]);
    expect((await desk.run("status")).stdout).toMatch(/^analytics +3\/3 +Inventory → Manage → Provision +1\/1$/mu);
  });

  test("plan says that there is nowhere to put the password that apply will make", async () => {
    await using desk = await sitDown();
    await writeFile(join(desk.repository.directory, "rolewright.yaml"), "");
    const planned = await desk.run("plan", "-o", "result.yaml");
    expect([planned.exitCode, planned.stderr]).toEqual([
      0,
      expect.stringContaining(
        "warning[no-credential-store] no credential store is set: apply cannot make a role or give one a new password",
      ),
    ]);
    const applied = await desk.run("apply", "-f", "result.yaml");
    expect([applied.exitCode, applied.stdout]).toEqual([1, expect.stringContaining("there is no credential store")]);
    await server.run("postgres", `create role ${role} login`);
    expect((await desk.run("plan")).stderr).not.toContain("no-credential-store");
  });

  test("plan -o writes what apply -f takes, once", async () => {
    await using desk = await sitDown();
    expect((await desk.run("plan", "-o", "result.yaml", "--detailed-exitcode")).exitCode).toBe(2);
    expect((await desk.run("apply", "-f", "result.yaml")).exitCode).toBe(0);
    expect((await desk.run("apply", "-f", "result.yaml")).stdout).toContain("1 skipped");
  });

  test("plan status shows a recorded plan again, and nothing but plans", async () => {
    await using desk = await sitDown();
    const document: { readonly results: readonly { readonly sid: string; readonly sql_plan_checksum: string }[] } = JSON.parse(
      (await desk.run("plan", "--json")).stdout,
    );
    const [result] = document.results;
    const shown = await desk.run("plan", "status", result?.sid ?? "");
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain(`analytics/ro  ${role}  out-of-sync`);
    expect(shown.stdout).toContain(`  checksum  ${result?.sql_plan_checksum ?? ""}\n`);
    const unknown = await desk.run("plan", "status", "986e35ce-f3fc-4f79-b136-512eada7b850");
    expect([unknown.exitCode, unknown.stdout]).toEqual([1, ""]);
    expect(unknown.stderr).toContain("there is no session 986e35ce-f3fc-4f79-b136-512eada7b850");
    expect((await desk.run("plan", "status", "../../etc/passwd")).stderr).toContain("is not the id of a session");
  });

  test("a session is found by the beginning of its id, and one that was changed is no genuine one", async () => {
    await using desk = await sitDown();
    await desk.run("plan");
    await desk.run("plan");
    const sessions: { readonly sessions: readonly { readonly sid: string }[] } = JSON.parse(
      (await desk.run("sessions", "list", "--json")).stdout,
    );
    const [newest, oldest] = sessions.sessions.map(({ sid }) => sid);
    const beginning = oldest?.slice(0, 8) ?? "";
    expect((await desk.run("sessions", "show", beginning)).stdout).toContain(`sid: ${oldest}`);
    const folder = join(desk.repository.directory, "sessions");
    const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(`${oldest}.yaml`)) ?? "";
    const text = readFileSync(join(folder, file), "utf8");
    await writeFile(join(folder, file), text.replaceAll("GRANT SELECT", "GRANT REFERENCES"));
    for (const words of [
      ["sessions", "show"],
      ["plan", "status"],
    ]) {
      const shown = await desk.run(...words, beginning);
      expect([shown.exitCode, shown.stdout, shown.stderr]).toEqual([
        1,
        expect.stringContaining("GRANT REFERENCES"),
        expect.stringMatching(/^error: session \S+ is not what was recorded: session 1 has been changed: .*\n {2}plan again, and see/mu),
      ]);
      expect(shown.stderr).not.toContain("apply analytics");
    }
    expect((await desk.run("apply", "analytics", "--sid", beginning)).stderr).toContain("is not what was recorded");
    expect((await desk.run("apply", "analytics", "--sid", newest?.slice(0, 8) ?? "")).exitCode).toBe(0);
  });

  test("F34 a grant made by hand after the review has the plan refused with 3, and the difference named", async () => {
    await using desk = await sitDown();
    await desk.run("plan", "-o", "first.yaml");
    await desk.run("apply", "-f", "first.yaml");
    await server.run("app", `revoke select on a from ${role}`);
    await desk.run("plan", "-o", "second.yaml");
    await server.run("app", `grant insert on b to ${role}`);
    const refused = await desk.run("apply", "-f", "second.yaml");
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout).toMatch(/^ *the catalog has changed:$/mu);
    expect(refused.stdout).toContain(`+ database "app": schema "public": INSERT on 1 of 2 tables`);
    expect(refused.stdout).not.toContain('{"');
    expect(refused.stdout).toMatch(/\nnext: plan again, have the new plan reviewed, and apply that one\n$/u);
    expect((await desk.run("status")).stdout).toContain("ro: the last apply was refused as stale");
  });

  test("--json is one document on stdout for plan, apply, status, health, sessions and failures", async () => {
    await using desk = await sitDown();
    await desk.run("plan", "-o", "result.yaml");
    const lines = [
      ["plan"],
      ["apply", "-f", "result.yaml"],
      ["status"],
      ["health"],
      ["sessions", "list"],
      ["sessions", "verify"],
      ["plan", "nowhere"],
      ["apply", "-f", "missing.yaml"],
    ];
    for (const words of lines) {
      const { stdout } = await desk.run(...words, "--json");
      expect(() => JSON.parse(stdout), `${words.join(" ")}: ${stdout}`).not.toThrow();
    }
  });

  test("--quiet leaves the result on stdout and nothing on stderr", async () => {
    await using desk = await sitDown();
    const { stdout, stderr } = await desk.run("plan", "--quiet");
    expect(stdout).toContain("1 role: 1 out of sync");
    expect(stderr).toBe("");
  });

  test("a resource that cannot be reached fails its roles, and the plan says so first", async () => {
    await using desk = await sitDown();
    await server.stop();
    try {
      const { exitCode, stdout, stderr } = await desk.run("plan");
      expect(exitCode).toBe(1);
      expect(stdout, stderr).toMatch(/^1 role: 1 failed\n/u);
      expect(stdout).toContain(`127.0.0.1:${server.port}`);
    } finally {
      await server.start();
    }
  });
});
