// The hub's sample files, as they stand in examples/quickstart.
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";

test("the quickstart loads without a diagnostic and gives the hub's role names", async () => {
  const { desired, diagnostics } = await loadRepository({ directory: "examples/quickstart", repositoryName: "local" });
  expect(diagnostics).toEqual([]);
  expect(desired.settings.repository).toBe("example/access");
  expect(desired.resources.map(({ name, host, port }) => [name, host, port])).toEqual([
    ["analytics", "192.168.18.54", 5432],
    ["marketplace", "192.168.18.54", 5432],
  ]);
  expect(desired.roles.map(({ roleName, origin }) => [roleName, origin])).toEqual([
    ["hoopdev_analytics_ro_6075a443", { file: "roles.csv", line: 2, column: 1 }],
    ["hoopdev_analytics_rw_2c764c3a", { file: "roles.csv", line: 3, column: 1 }],
    ["hoopdev_marketplace_ro_dc311713", { file: "roles.csv", line: 4, column: 1 }],
  ]);
});
