import { expect, test } from "vitest";
import { makeAccessRepository, sampleInventory, sampleRoles, sampleSettings } from "./access-repository.ts";
import { runCli } from "./run-cli.ts";

test("shows how far each resource is, without a server and without a session", async () => {
  await using repository = await makeAccessRepository({
    "inventory.csv": `${sampleInventory}idle,PostgreSQL,127.0.0.1,5434\n`,
    "roles.csv": sampleRoles,
    "rolewright.yaml": sampleSettings,
  });
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "status"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^analytics +2\/3 +Inventory → Manage +0\/2 +Provision: ro: never planned or applied; rw: /mu);
  expect(stdout).toMatch(/^idle +1\/3 +Inventory +0\/0 +Manage: declare a role for it$/mu);
  expect(stdout).toMatch(/\n3 resources: 0 set up, 1 to manage, 2 to provision \(3 roles pending\)\n$/u);
});

test("--json gives the same as one document", async () => {
  const files = { "inventory.csv": sampleInventory, "roles.csv": sampleRoles, "rolewright.yaml": sampleSettings };
  await using repository = await makeAccessRepository(files);
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "status", "--json"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({
    resources: [
      {
        resource: "analytics",
        steps: 2,
        roles: [{ label: "ro", role_name: "hoopdev_analytics_ro_6075a443", provisioned: false }, { label: "rw" }],
      },
      { resource: "marketplace", steps: 2 },
    ],
    pending: { manage: 0, provision: 2, roles: 3 },
  });
});

test("files with errors give no status, and with --json a document that says why", async () => {
  await using repository = await makeAccessRepository({ "inventory.csv": sampleInventory, "roles.csv": "nonsense\n" });
  const { exitCode, stdout, stderr } = await runCli(["-C", repository.directory, "status", "--json"]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toHaveProperty("error.message");
  expect(stderr).toContain("roles.csv:1:1: error[");
});
