import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAccessRepository, sampleInventory, sampleRoles, sampleSettings } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

test("the hub's sample is valid as it stands, and only a place for passwords is missing", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": sampleInventory, "roles.csv": sampleRoles });
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "validate"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^warning\[no-credential-store\] no credential store is set: apply cannot make a role/u);
  expect(stdout).toMatch(/\n1 warning\nvalid: 2 resources, 3 roles\n$/u);
  await writeFile(join(repository.directory, "rolewright.yaml"), sampleSettings);
  expect((await runCli(["-C", repository.directory, "validate"])).stdout).toBe("valid: 2 resources, 3 roles\n");
});

const broken = { "inventory.csv": sampleInventory.replace("5433", "0"), "roles.csv": sampleRoles.replace("permissions", "permisions") };

test("every problem of every file is told at its place, with what to do, and fails the command", async () => {
  await using repository = await makeAccessRepository(broken);
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "validate"]);
  expect([exitCode, stderr]).toEqual([1, ""]);
  expect(stdout).toMatch(/^inventory\.csv:3:\d+: error\[/mu);
  expect(stdout).toMatch(/^roles\.csv:1:32: error\[unknown-column\] .*"permisions"\n {4}did you mean "permissions"/mu);
  expect(stdout).toMatch(/\n\d errors\n$/u);
});

test("--json prints one document and nothing else", async () => {
  await using repository = await makeAccessRepository(broken);
  const { exitCode, stdout, stderr } = await runCli(["validate", "--json"], { cwd: repository.directory });
  expect([exitCode, stderr]).toEqual([1, ""]);
  const document: unknown = JSON.parse(stdout);
  expect(document).toMatchObject({ valid: false, resources: expect.any(Number), roles: expect.any(Number) });
  expect(document).toHaveProperty("diagnostics.0.at", { file: "inventory.csv", line: 3, column: expect.any(Number) });
});

test("colour comes with FORCE_COLOR and goes with --no-color and NO_COLOR", async () => {
  const files = { "inventory.csv": sampleInventory, "roles.csv": sampleRoles, "rolewright.yaml": sampleSettings };
  await using repository = await makeAccessRepository(files);
  const colored = "\u001b[32mvalid\u001b[39m: 2 resources, 3 roles\n";
  const plain = "valid: 2 resources, 3 roles\n";
  const print = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
    (await runCli([...words, "validate"], { cwd: repository.directory, env })).stdout;
  expect(await print([], { FORCE_COLOR: "1" })).toBe(colored);
  expect(await print(["--no-color"], { FORCE_COLOR: "1" })).toBe(plain);
  expect(await print([], { NO_COLOR: "1" })).toBe(plain);
});

test("F49 a hostile name in a file reaches the terminal escaped", async () => {
  await using repository = await makeAccessRepository({
    "inventory.csv": `${sampleInventory}\u001b[2J\u202Egpj,PostgreSQL,127.0.0.1,5432\n`,
    "roles.csv": sampleRoles.replace("legacy", "le\u0007gacy"),
  });
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "validate"]);
  expect(exitCode).toBe(1);
  for (const hidden of ["\u001b", "\u0007", "\u202E"]) expect(stdout + stderr).not.toContain(hidden);
});

test("what a repository without a name cannot do is told, with what to do, and a remote of Git gives it one", async () => {
  const files = { "inventory.csv": sampleInventory, "roles.csv": sampleRoles, "rolewright.yaml": `orphans: disable\n${sampleSettings}` };
  await using repository = await makeAccessRepository(files);
  const validate = () => runCli(["-C", repository.directory, "validate"]);
  const unnamed = await validate();
  expect(unnamed.exitCode).toBe(0);
  expect(unnamed.stdout).toContain("rolewright.yaml:1:10: warning[unnamed-repository] orphans: disable is not carried out");
  expect(unnamed.stdout).toContain("set repository, such as repository: acme/access");
  execFileSync("git", ["init", "--quiet"], { cwd: repository.directory });
  execFileSync("git", ["remote", "add", "origin", "https://git.example/acme/access.git"], { cwd: repository.directory });
  expect((await validate()).stdout).toBe("valid: 2 resources, 3 roles\n");
});

test("a folder that is not there is named", async () => {
  const { exitCode, stdout } = await runCli(["-C", "/nowhere/at all", "validate"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("/nowhere/at all");
});
