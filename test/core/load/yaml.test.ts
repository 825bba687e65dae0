// YAML: what is read, and what is wrong with it, each at its node.
import { expect, test } from "vitest";
import { check, load } from "./repository-on-disk.ts";

const role = (...lines: readonly string[]): string =>
  `items:\n  - resource_name: analytics\n    role: ro\n${lines.map((line) => `    ${line}\n`).join("")}`;
const good = ["scopes: [a]", "privileges: [SELECT]"];

test.each<[name: string, roles: string, expected: readonly string[]]>([
  ["an unknown key", role(...good, "colour: red"), ["unknown-key roles.yaml:6:5"]],
  ["an unknown key at the top", `${role(...good)}version: 1\n`, ["unknown-key roles.yaml:6:1"]],
  ["a list that is missing", "{}\n", ["missing-key roles.yaml:1:1"]],
  ["a list where a mapping must be", "- resource_name: analytics\n", ["wrong-type roles.yaml:1:1"]],
  ["a missing key", "items:\n  - role: ro\n    scopes: [a]\n    privileges: [SELECT]\n", ["missing-key roles.yaml:2:5"]],
  ["an entry that is no mapping", "items:\n  - ro\n", ["wrong-type roles.yaml:2:5"]],
  ["text instead of a list", role("scopes: a", "privileges: [SELECT]"), ["wrong-type roles.yaml:4:13"]],
  ["a number instead of text", role("scopes: [a, 5]", "privileges: [SELECT]"), ["wrong-type roles.yaml:4:17"]],
  ["text instead of true or false", role(...good, "rotate_password: yes"), ["wrong-type roles.yaml:6:22"]],
  ["text instead of a number", role(...good, 'connection_limit: "5"'), ["wrong-type roles.yaml:6:23"]],
  ["a number with a fraction", role(...good, "connection_limit: 1.5"), ["wrong-type roles.yaml:6:23"]],
  ["a key without a value", role(...good, "description:"), ["wrong-type roles.yaml:6:17"]],
  ["a number out of range", role(...good, "connection_limit: -1"), ["out-of-range roles.yaml:6:23"]],
  ["an empty entry of a list", role('scopes: [a, ""]', "privileges: [SELECT]"), ["empty-value roles.yaml:4:17"]],
  ["a key twice", role(...good, "role: rw"), ["duplicate-key roles.yaml:6:5 ← roles.yaml:3:5"]],
  ["two documents", `${role(...good)}---\nitems: []\n`, ["multiple-documents roles.yaml:6:1"]],
  ["a tag", role(...good, "description: !secret x"), ["custom-tag roles.yaml:6:18"]],
  ["a tag of a programming language", role(...good, 'description: !!js/function "x"'), ["custom-tag roles.yaml:6:18"]],
  ["another YAML version", "%YAML 1.1\n---\nitems: []\n", ["yaml-version roles.yaml:1:1"]],
  ["a key that is a list", "items: []\n? [a]\n: b\n", ["bad-key roles.yaml:2:3"]],
  ["a merge key", role(...good, "<<: {description: x}"), ["unknown-key roles.yaml:6:5"]],
  ["a prototype", role(...good, "__proto__: {description: x}"), ["unknown-key roles.yaml:6:5"]],
  ["a tab", "items:\n\t- role: ro\n", ["yaml-syntax roles.yaml:2:1"]],
  ["a quote that is never closed", "items: 'a\n", ["yaml-syntax roles.yaml:2:1"]],
  ["an alias without an anchor", role("scopes: *nothing", "privileges: [SELECT]"), ["yaml-syntax roles.yaml:4:13"]],
  ["an empty file", "", ["empty-file roles.yaml:1:1"]],
  ["a file of comments", "# nothing\n", ["empty-file roles.yaml:1:1"]],
  ["a value of the wrong kind once, not for every rule that it breaks", role(...good, "type: [managed]"), ["wrong-type roles.yaml:6:11"]],
])("reports %s", async (_, roles, expected) => {
  await check({ "roles.yaml": roles }, expected);
});

test.each<[name: string, roles: string, expected: readonly string[]]>([
  [
    "a key that is there twice",
    role("role: rw", "scopes: a", "privileges: [SELEKT]"),
    ["duplicate-key roles.yaml:4:5 ← roles.yaml:3:5", "wrong-type roles.yaml:5:13", "unknown-privilege roles.yaml:6:18"],
  ],
  [
    "a tag",
    role("scopes: !all a", "privileges: [!x SELEKT, !y INSERT]", "description: !secret x"),
    [
      "custom-tag roles.yaml:4:13",
      "wrong-type roles.yaml:4:18",
      "custom-tag roles.yaml:5:18",
      "unknown-privilege roles.yaml:5:21",
      "custom-tag roles.yaml:5:29",
      "custom-tag roles.yaml:6:18",
    ],
  ],
  [
    "a tag that YAML knows",
    `items: !!omap\n${role("scopes: a", "privileges: [SELECT]").split("\n").slice(1).join("\n")}`,
    ["custom-tag roles.yaml:1:8", "wrong-type roles.yaml:4:13"],
  ],
  [
    "a second document",
    `${role("scopes: a", "privileges: [SELECT]")}---\nitems: []\n`,
    ["wrong-type roles.yaml:4:13", "multiple-documents roles.yaml:6:1"],
  ],
  ["a first document without anything", `---\n---\n${role(...good)}`, ["multiple-documents roles.yaml:2:1"]],
])("hides nothing behind %s", async (_, roles, expected) => {
  await check({ "roles.yaml": roles }, expected);
});

test("says of nothing that it is missing where a part of the file was not read", async () => {
  const entry = (name: string): string => `  - name: ${name}\n    host: h\n`;
  for (const second of ["---\nresources:\n", "resources:\n"]) {
    const { diagnostics } = await load({
      "inventory.yaml": `resources:\n${entry("a")}${second}${entry("analytics")}`,
      "roles.yaml": role(...good),
    });
    expect(diagnostics.map(({ code }) => code)).toEqual([second.startsWith("---") ? "multiple-documents" : "duplicate-key"]);
  }
});

test("refuses deep nesting, wherever the parser gives up", async () => {
  const { diagnostics } = await load({ "inventory.csv": "name,host\na,h\n", "roles.yaml": "[".repeat(10_000) });
  expect(diagnostics.map(({ code }) => code)).toEqual(["yaml-syntax"]);
});

test.each<[key: string, hint: string]>([
  ["permissions: [SELECT]", 'did you mean "privileges"?'],
  ["privilege: [SELECT]", 'did you mean "privileges"?'],
  ["resource: analytics", 'did you mean "resource_name"?'],
])("names the key that is meant by %s", async (line, hint) => {
  const [found] = await check({ "roles.yaml": role(...good, line) }, ["unknown-key roles.yaml:6:5"]);
  expect(found?.hint).toBe(hint);
});

test("reads anchors that repeat a list", async () => {
  const text =
    "items:\n  - resource_name: analytics\n    role: ro\n    scopes: &all [a, b]\n    privileges: [SELECT]\n  - resource_name: analytics\n    role: rw\n    scopes: *all\n    privileges: [INSERT]\n";
  const { desired, diagnostics } = await load({ "inventory.csv": "name,host\nanalytics,h\n", "roles.yaml": text });
  expect(diagnostics).toEqual([]);
  expect(desired.roles[1]?.scopes).toEqual(desired.roles[0]?.scopes);
});

test("refuses a bomb of aliases once, quickly", async () => {
  const levels = "bcdefghij".split("").map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]},`.repeat(10)}]`);
  await check({ "roles.yaml": ["a: &a [x,x,x,x,x,x,x,x,x,x]", ...levels].join("\n") }, ["alias-bomb roles.yaml:5:29"]);
});

test("refuses an alias inside the value that it names", async () => {
  await check({ "roles.yaml": "items: &a\n  - *a\n" }, ["alias-bomb roles.yaml:2:5"]);
});
