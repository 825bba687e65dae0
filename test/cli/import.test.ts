import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAccessRepository, sampleInventory, sampleRoles } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

const incoming = "name,type,host,port\nanalytics,PostgreSQL,db.example.com,5432\nreporting,PostgreSQL,127.0.0.1,5440\n";

async function prepare(inventory = sampleInventory) {
  const repository = await makeAccessRepository({ "inventory.csv": inventory, "roles.csv": sampleRoles, "in/export.csv": incoming });
  const run = (...words: readonly string[]) => runCli(["import", "inventory", "in/export.csv", ...words], { cwd: repository.directory });
  return { repository, run, read: () => readFile(join(repository.directory, "inventory.csv"), "utf8") };
}

test("shows new, updated, unchanged and missing rows, and writes nothing", async () => {
  const { repository, run, read } = await prepare();
  await using _ = repository;
  const { exitCode, stdout, stderr } = await run();
  expect([exitCode, stderr]).toEqual([0, "nothing was written; --write does it\n"]);
  expect(stdout).toMatch(/^new +reporting +in\/export\.csv:3:1$/mu);
  expect(stdout).toMatch(/^updated +analytics +host: 127\.0\.0\.1 → db\.example\.com +inventory\.csv:2:1$/mu);
  expect(stdout).toMatch(/^missing +marketplace +not in the imported file, stays in the repository +inventory\.csv:3:1$/mu);
  expect(stdout).toMatch(/\n1 new entry, 1 updated, 0 unchanged, 1 missing and kept\n$/u);
  expect(await read()).toBe(sampleInventory);
});

test("--write keeps what the file does not name, and a second import changes nothing", async () => {
  const { repository, run, read } = await prepare();
  await using _ = repository;
  expect((await run("--write")).stderr).toBe("wrote inventory.csv\n");
  expect(await read()).toBe(
    "name,type,host,port\nanalytics,PostgreSQL,db.example.com,5432\nmarketplace,PostgreSQL,127.0.0.1,5433\nreporting,PostgreSQL,127.0.0.1,5440\n",
  );
  const again = await run("--write");
  expect([again.exitCode, again.stderr]).toEqual([0, ""]);
  expect(again.stdout).toMatch(/0 new entries, 0 updated, 2 unchanged, 1 missing and kept\n$/u);
});

test("--remove-missing removes only when it is asked to write", async () => {
  const { repository, run, read } = await prepare();
  await using _ = repository;
  expect((await run("--remove-missing")).stdout).toMatch(/^removed +marketplace +inventory\.csv:3:1$/mu);
  expect(await read()).toBe(sampleInventory);
  await run("--remove-missing", "--write");
  expect(await read()).toBe(incoming);
});

test("a file with errors writes nothing and says all of them", async () => {
  const { repository, read } = await prepare();
  await using _ = repository;
  const { exitCode, stdout, stderr } = await runCli(["import", "inventory", "roles.csv", "--write"], { cwd: repository.directory });
  expect([exitCode, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("roles.csv:1:1: error[");
  expect(stderr).toMatch(/the import has \d+ errors; nothing was written\n$/u);
  expect(await read()).toBe(sampleInventory);
});

test("--json prints the preview as one document", async () => {
  const { repository, run } = await prepare();
  await using _ = repository;
  const { stdout } = await run("--json");
  expect(JSON.parse(stdout)).toMatchObject({
    added: [{ key: "reporting" }],
    updated: [{ key: "analytics", changes: [{ column: "host", from: "127.0.0.1", to: "db.example.com" }] }],
    unchanged: [],
    removed: [{ key: "marketplace" }],
    written: [],
  });
});

test("only inventory and roles can be imported", async () => {
  const { exitCode, stderr } = await runCli(["import", "groups", "x.csv"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Allowed choices are inventory, roles");
});
