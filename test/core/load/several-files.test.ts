// Several files: their order, what is twice in them, and that a problem of one hides none of another.
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { check, inventory, load, roles, withRepository } from "./repository-on-disk.ts";

test("F24 a resource in two files is reported at the second, and names the first", async () => {
  const [found] = await check({ "inventory.csv": inventory, "inventory/eu.yaml": "resources:\n  - name: marketplace\n    host: db\n" }, [
    "duplicate-resource inventory/eu.yaml:2:11 ← inventory.csv:3:1",
  ]);
  expect(found?.message).toContain("inventory.csv:3:1");
});

test("F24 a role in a CSV and a YAML file is reported at the second, and names the first", async () => {
  const text = "items:\n  - resource_name: analytics\n    role: ro\n    scopes: [other]\n    privileges: [INSERT]\n";
  const [found] = await check({ "roles.csv": roles, "roles.yaml": text }, ["duplicate-role roles.yaml:3:11 ← roles.csv:2:19"]);
  expect(found?.message).toContain("roles.csv:2:19");
});

test("F24 a role twice in one file is one role and an error", async () => {
  const files = { "inventory.csv": inventory, "roles.csv": `${roles}analytics,managed,ro,legacy,INSERT,\n` };
  await check(files, ["duplicate-role roles.csv:3:19 ← roles.csv:2:19"]);
  expect((await load(files)).desired.roles).toHaveLength(1);
});

test("F24 two labels whose role names are the same are an error", async () => {
  // The hash has 32 bits; these two labels were searched for.
  const [a, b] = ["a_b.c d-e-f-g.h i j k l", "a.b_c-d-e f_g_h i.j k l"];
  const text = `resource_name,role,scopes,permissions\nanalytics,${a},x,SELECT\nanalytics,${b},x,SELECT\n`;
  await check({ "roles.csv": text }, ["role-name-collision roles.csv:3:11 ← roles.csv:2:11"]);
});

test("reads single files and folders, and ignores notes and hidden files", async () => {
  const { desired, diagnostics } = await load({
    "inventory.csv": "name,host\na,h\n",
    "inventory/z/deep.yml": "resources: [{ name: d, host: h }]\n",
    "inventory/b.csv": "name,host\nb,h\n",
    "inventory/c.yaml": "items: [{ name: c, host: h }]\n",
    "inventory/README.md": "notes",
    "inventory/.hidden.csv": "nonsense",
    "roles/team.csv": "resource_name,type,role,source_role\na,external,ro,pg_monitor\n",
    "notes.txt": "nothing",
  });
  expect(diagnostics).toEqual([]);
  expect(desired.resources.map(({ name, origin }) => [name, origin.file])).toEqual([
    ["a", "inventory.csv"],
    ["b", "inventory/b.csv"],
    ["c", "inventory/c.yaml"],
    ["d", "inventory/z/deep.yml"],
  ]);
  expect(desired.roles[0]?.origin.file).toBe("roles/team.csv");
});

test("problems of all files come at once, in the order of files, lines and columns", async () => {
  await check(
    {
      "access.yaml": "groups: 5\n",
      "inventory.csv": "name,host,port\nanalytics,d b,0\n,h,\n",
      "roles.csv": "resource_name,role,scopes,permissions\nanalytics,ro,a.b.c,SELCT\n",
      "roles/broken.yaml": "items: [\n",
      "rolewright.yaml": "prefx: x\n",
    },
    [
      "wrong-type access.yaml:1:9",
      "bad-host inventory.csv:2:11",
      "out-of-range inventory.csv:2:15",
      "missing-value inventory.csv:3:1",
      "bad-scope roles.csv:2:14",
      "unknown-privilege roles.csv:2:20",
      "yaml-syntax roles/broken.yaml:2:1",
      "unknown-key rolewright.yaml:1:1",
    ],
  );
});

test("no role's resource is called unknown while a file of the inventory cannot be read", async () => {
  await check({ "inventory.yaml": "resources: [\n", "roles.csv": roles }, ["yaml-syntax inventory.yaml:2:1"]);
});

test("a resource with a mistake is still known to its roles", async () => {
  await check({ "inventory.csv": "name,host,port\nanalytics,db,0\n", "roles.csv": roles }, ["out-of-range inventory.csv:2:14"]);
});

test("both words for the list of an inventory in one file are refused", async () => {
  await check({ "inventory.yaml": "resources: [{ name: analytics, host: h }]\nitems: []\n" }, ["too-many-keys inventory.yaml:1:1"]);
});

test.each([
  ["rolewright.yml", "rename it to rolewright.yaml"],
  ["Roles.yaml", "rename it to roles.yaml or roles.csv"],
  ["inventry.csv", "rename it to inventory.yaml or inventory.csv"],
  ["access.json", "rename it to access.yaml"],
])("a file that looks like one of ours but is not read is an error: %s", async (file, hint) => {
  const [found] = await check({ "inventory.csv": inventory, "roles.csv": roles, [file]: "x" }, [`misnamed-file ${file}:1:1`]);
  expect(found?.hint).toBe(hint);
});

test("a file in a folder of ours that is not read is a warning", async () => {
  await check({ "roles.csv": roles, "roles/team.yaml.bak": "x" }, ["~ignored-file roles/team.yaml.bak:1:1"]);
});

test("an empty repository has no inventory, one without roles orphans them", async () => {
  const { diagnostics } = await load({});
  expect(diagnostics.map(({ severity, code }) => [severity, code])).toEqual([["error", "no-inventory"]]);
  const { diagnostics: without } = await load({ "inventory.csv": inventory });
  expect(without.map(({ severity, code }) => [severity, code])).toEqual([["warning", "no-roles"]]);
});

test("at most 1,000 problems are shown, errors first, and the rest is counted", async () => {
  const rows = Array.from({ length: 1500 }, (_, index) => `analytics,r${index},a;a,SELCT\n`).join("");
  const { diagnostics } = await load({ "inventory.csv": inventory, "roles.csv": `resource_name,role,scopes,permissions\n${rows}` });
  expect(diagnostics).toHaveLength(1001);
  expect(diagnostics.at(-1)).toMatchObject({ code: "too-many-problems", message: "2000 more problems are not shown" });
  expect(new Set(diagnostics.slice(0, 1000).map(({ severity }) => severity))).toEqual(new Set(["error"]));
});

test("what access.yaml says of undeclared roles and unknown keys is an error", async () => {
  const text =
    "groups:\n  team:\n    members: [ada@example.com]\n    roles: [analytics/ro, analytics/r0]\n    owner: x\n  other:\n    members: []\n";
  await check({ "access.yaml": text }, ["unknown-role access.yaml:4:27", "unknown-key access.yaml:5:5", "missing-key access.yaml:7:5"]);
});

test("reads groups", async () => {
  const { desired } = await load({
    "inventory.csv": inventory,
    "roles.csv": roles,
    "access.yaml": "groups:\n  b: { members: [x], roles: [analytics/ro] }\n  a: { members: [], roles: [] }\n",
  });
  expect(desired.groups).toEqual([
    { name: "a", members: [], roles: [] },
    { name: "b", members: ["x"], roles: ["analytics/ro"] },
  ]);
});

test.each(["roles.csv", "roles", "role.csv"])("a %s that cannot be read is no missing one", async (name) => {
  await withRepository({ "inventory.csv": inventory, ...(name === "role.csv" ? { "role.csv": roles } : {}) }, async (directory) => {
    if (name !== "role.csv") symlinkSync("/etc/hostname", join(directory, name));
    const { diagnostics } = await loadRepository({ directory, repositoryName: "acme/access" });
    expect(diagnostics.map(({ code }) => code)).toEqual([name === "role.csv" ? "misnamed-file" : "outside-repository"]);
  });
});
