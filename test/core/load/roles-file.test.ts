// Role specs beside the repository: `plan -f FILE` and flags.
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { loadRolesFile, loadRolesPath, roleSpecFromFlags } from "../../../src/load/load-roles-file.ts";
import { summary } from "./repository-on-disk.ts";

const { desired } = await loadRepository({ directory: "examples/quickstart", repositoryName: "local" });

test("reads the hub's plan file", () => {
  const text = `items:
  - resource_name: analytics
    type: managed
    role: ro
    scopes: [analytics.public, legacy, app]
    privileges: [SELECT]
    rotate_password: false
  - resource_name: marketplace
    type: external
    role: ro
    source_role: pg_read_all_data
`;
  const { roles, diagnostics } = loadRolesFile({ path: "plan.yaml", text, desired });
  expect(diagnostics).toEqual([]);
  const withoutOrigin = desired.roles.filter(({ label }) => label === "ro").map(({ origin: _, ...spec }) => spec);
  expect(roles.map(({ origin: _, ...spec }) => spec)).toEqual(withoutOrigin);
  expect(roles.map(({ origin }) => origin)).toEqual([
    { file: "plan.yaml", line: 2, column: 5 },
    { file: "plan.yaml", line: 8, column: 5 },
  ]);
});

test("reads CSV by its extension", () => {
  const text = "resource_name,role,scopes,permissions\nanalytics,rw,app,INSERT\n";
  expect(loadRolesFile({ path: "dir/plan.CSV", text, desired }).roles.map(({ roleName }) => roleName)).toEqual([
    "hoopdev_analytics_rw_2c764c3a",
  ]);
});

test("problems of the file have its name and their place", () => {
  const text = "items:\n  - resource_name: analitics\n    role: ro\n    scopes: [a.b.c]\n    privileges: [SELCT]\n";
  const { diagnostics } = loadRolesFile({ path: "plan.yaml", text, desired });
  expect(diagnostics.map(summary)).toEqual([
    "unknown-resource plan.yaml:2:20",
    "bad-scope plan.yaml:4:14",
    "unknown-privilege plan.yaml:5:18",
  ]);
});

test("a file from disk is read within the same limits", async () => {
  const { roles, diagnostics } = await loadRolesPath({ path: "examples/quickstart/roles.csv", desired });
  expect(diagnostics).toEqual([]);
  expect(roles).toHaveLength(3);
  const missing = await loadRolesPath({ path: "examples/none.yaml", desired });
  expect(missing.diagnostics.map(summary)).toEqual(["missing-file examples/none.yaml:1:1"]);
});

test("flags make the same role spec as a file", () => {
  const { roles, diagnostics } = roleSpecFromFlags(
    {
      resource: "analytics",
      role: "ro",
      type: "managed",
      scopes: "analytics.public, legacy,app",
      privileges: "select",
      rotatePassword: true,
    },
    desired,
  );
  expect(diagnostics).toEqual([]);
  const [first] = desired.roles;
  expect(roles).toEqual([{ ...first, rotatePassword: true, origin: { file: "command line", line: 1, column: 1 } }]);
});

test.each<[name: string, flags: Parameters<typeof roleSpecFromFlags>[0], messages: readonly string[]]>([
  [
    "no role",
    { resource: "analytics" },
    ["--privileges: a managed role needs some", "--role is missing", "--scopes: a managed role needs some"],
  ],
  [
    "an unknown resource",
    { resource: "x", role: "ro", scopes: "a", privileges: "SELECT" },
    ['the resource: the resource "x" is not in the inventory'],
  ],
  ["an unknown type", { resource: "analytics", role: "ro", type: "manged" }, ['--type: "manged" is not one of managed, external']],
  [
    "an unknown privilege",
    { resource: "analytics", role: "ro", scopes: "a", privileges: "SELCT" },
    ['--privileges: unknown privilege "SELCT"'],
  ],
  [
    "a scope of three parts",
    { resource: "analytics", role: "ro", scopes: "a.b.c", privileges: "SELECT" },
    ['--scopes: "a.b.c": a scope has at most two parts, database.schema, and this one has 3'],
  ],
  [
    "a source role on managed",
    { resource: "analytics", role: "ro", scopes: "a", privileges: "SELECT", sourceRole: "x" },
    ["--source-role: a managed role has no source role"],
  ],
  [
    "scopes on external",
    { resource: "analytics", role: "ro", type: "external", scopes: "a", sourceRole: "x" },
    ["--scopes: an external role has none: it is a member of its source role and nothing else"],
  ],
  [
    "a control character",
    { resource: "analytics", role: "ro", scopes: "a\nb", privileges: "SELECT" },
    [String.raw`--scopes: there is a control or invisible character in "a\u000ab"`],
  ],
])("names the flag for %s", (_, flags, messages) => {
  const { diagnostics } = roleSpecFromFlags(flags, desired);
  expect(diagnostics.map(({ message }) => message).toSorted()).toEqual(messages);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.at).toBeUndefined();
    expect(diagnostic.hint).toMatch(/\S/u);
  }
});
