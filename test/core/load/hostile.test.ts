// Hostile files: names that terminals and psql obey, bytes that are no text, sizes and links that lead elsewhere.
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { check, inventory, load, roles, summary, withRepository, type Files } from "./repository-on-disk.ts";

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test.each<[name: string, text: string]>([
  ["a newline before a psql command", "app\n\\! touch /tmp/x"],
  ["a carriage return", "app\rx"],
  ["an ANSI sequence", "app\u001b[2K"],
  ["a bidirectional override", "app\u202Exx"],
  ["a C1 control character", "app\u009bx"],
  ["a line separator", "app\u2028x"],
  ["a tab", "a\tb"],
  ["a zero-width space", "app\u200Bx"],
  ["a soft hyphen", "app\u00ADx"],
  ["a byte order mark within", "app\uFEFFx"],
  ["a tag", "app\u{E0041}x"],
])("F49 refuses %s in a scope, in CSV and in YAML, and does not repeat it", async (_, text) => {
  const csv = `resource_name,role,scopes,permissions\nanalytics,ro,${quoted(text)},SELECT\n`;
  const [inCsv] = await check({ "roles.csv": csv }, ["control-character roles.csv:2:15"]);
  const yaml = `items:\n  - resource_name: analytics\n    role: ro\n    scopes: [${JSON.stringify(text).replace("\u202E", "\\u202E")}]\n    privileges: [SELECT]\n`;
  const [inYaml] = await check({ "roles.yaml": yaml }, ["control-character roles.yaml:4:14"]);
  for (const found of [inCsv, inYaml]) expect(found?.message).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
});

test.each([
  'name: "a\\nb"\n    host: h',
  'name: a\n    host: "h\\u0007"',
  'name: a\n    host: h\n    description: "x\\u001b[31m"',
  'name: a\n    host: h\n    tags: ["x\\ny"]',
])("F49 refuses control characters in every value of the inventory: %j", async (entry) => {
  const { diagnostics } = await load({ "inventory.yaml": `resources:\n  - ${entry}\n`, "roles.csv": "resource_name,role\n" });
  expect(diagnostics.map(({ code }) => code)).toContain("control-character");
});

test("F49 refuses control characters in keys and half characters in values", async () => {
  await check({ "access.yaml": 'groups:\n  "a\\nb": { members: ["\\uD800"], roles: [] }\n' }, [
    "control-character access.yaml:2:3",
    "control-character access.yaml:2:23",
  ]);
});

test("names that only look hostile are fine, and messages show them on one line", async () => {
  const scopes = "`x`;</details>;${{ github.token }};@team;dbname=x host=y;-c;a'b";
  const { desired, diagnostics } = await load({
    "inventory.csv": inventory,
    "roles.csv": `resource_name,role,scopes,permissions\nanalytics,ro,${quoted(scopes)},SELECT\n`,
  });
  expect(diagnostics).toEqual([]);
  expect(desired.roles[0]?.scopes).toHaveLength(7);
});

test.each<[name: string, bytes: Uint8Array, expected: string]>([
  ["Latin-1", Buffer.from("name,host\na,h\nb\u00e9,h\n", "latin1"), "not-utf-8 inventory.csv:3:2"],
  ["a character cut off at the end", Buffer.from([...Buffer.from("name,host\n"), 0xc3]), "not-utf-8 inventory.csv:2:1"],
  [
    "a wrong byte behind many good ones",
    Buffer.concat([Buffer.from("name,host\nü,h\n".repeat(1000)), Buffer.from([0x61, 0xff])]),
    "not-utf-8 inventory.csv:2001:2",
  ],
  ["a NUL", Buffer.from("name,host\na,h\0\n"), "nul-byte inventory.csv:2:4"],
  ["UTF-16", Buffer.from("\uFEFFname,host\n", "utf16le"), "nul-byte inventory.csv:1:4"],
])("refuses %s with the place of the byte", async (_, bytes, expected) => {
  const { diagnostics } = await load({ "inventory.csv": bytes, "roles.csv": roles });
  expect(diagnostics.map(summary).filter((line) => !line.startsWith("~"))).toEqual([expected]);
});

test("a file of 100 MB is refused by its size, without reading it", async () => {
  await withRepository({ "inventory.csv": inventory, "roles.csv": "" }, async (directory) => {
    // Sparse: 100 MB of nothing.
    truncateSync(join(directory, "roles.csv"), 100 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const { diagnostics } = await loadRepository({ directory, repositoryName: "x" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    expect(diagnostics.map(summary)).toEqual(["file-too-large roles.csv:1:1"]);
    expect(diagnostics[0]?.message).toContain("100 MB, and at most 20 MB");
  });
});

test("YAML, which takes far more memory than its text, has a lower limit", async () => {
  await withRepository({ "inventory.csv": inventory, "roles.yaml": "" }, async (directory) => {
    truncateSync(join(directory, "roles.yaml"), 5 * 1024 * 1024);
    const { diagnostics } = await loadRepository({ directory, repositoryName: "x" });
    expect(diagnostics.map(({ message }) => message)).toEqual(["the file has 5 MB, and at most 4 MB are read"]);
  });
});

test.each(["[", "{a: ", "- ", "? ", '[ "x", '])("nesting that would take all memory is refused before it does: %j", async (opener) => {
  const text = opener.repeat(Math.floor((3 * 1024 * 1024) / opener.length));
  await check({ "roles.yaml": text }, ["yaml-syntax roles.yaml:1:1"]);
});

test("the limit of size is the caller's", async () => {
  await withRepository({ "inventory.csv": inventory, "roles.csv": roles }, async (directory) => {
    const { diagnostics } = await loadRepository({ directory, repositoryName: "x", largestFileBytes: inventory.length });
    expect(diagnostics.map(summary)).toEqual([]);
    const smaller = await loadRepository({ directory, repositoryName: "x", largestFileBytes: inventory.length - 1 });
    expect(smaller.diagnostics.map(summary)).toEqual(["file-too-large inventory.csv:1:1"]);
  });
});

test("links that leave the repository or lead nowhere are errors, others are followed once", async () => {
  const outside = tmpdir();
  await withRepository({ "inventory.csv": inventory, "shared/roles.csv": roles }, async (directory) => {
    mkdirSync(join(directory, "roles"));
    symlinkSync("../shared/roles.csv", join(directory, "roles/a.csv"));
    symlinkSync("../shared/roles.csv", join(directory, "roles/b.csv"));
    symlinkSync("..", join(directory, "roles/loop"));
    symlinkSync(outside, join(directory, "roles/outside"));
    symlinkSync("/etc/hostname", join(directory, "roles/secret.csv"));
    symlinkSync("nowhere.csv", join(directory, "roles/z.csv"));
    const { desired, diagnostics } = await loadRepository({ directory, repositoryName: "x" });
    expect(diagnostics.filter(({ severity }) => severity === "error").map(summary)).toEqual([
      "outside-repository roles/outside:1:1",
      "outside-repository roles/secret.csv:1:1",
      "broken-link roles/z.csv:1:1",
    ]);
    expect(desired.roles.map(({ origin }) => origin.file)).toEqual(["roles/a.csv"]);
  });
});

test("a pipe in the place of a file does not make it wait", async () => {
  await withRepository({ "inventory.csv": inventory }, async (directory) => {
    execFileSync("mkfifo", [join(directory, "roles.csv")]);
    const { diagnostics } = await loadRepository({ directory, repositoryName: "x" });
    expect(diagnostics.map(summary)).toEqual(["not-a-file roles.csv:1:1"]);
  });
});

test("a folder that is no repository is one error", async () => {
  const { diagnostics } = await loadRepository({ directory: join(tmpdir(), "rolewright-is-not-here"), repositoryName: "x" });
  expect(diagnostics.map(summary)).toEqual(["no-repository"]);
});

/** Fragments that bring random text near the formats. */
const fragment = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(
    "items:",
    "resources:",
    "\n",
    "\r\n",
    "  - ",
    ",",
    ";",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "!!x",
    "---",
    "#",
    ": ",
    "name",
    "host",
  ),
  fc.constantFrom(
    "resource_name",
    "role",
    "scopes",
    "permissions",
    "privileges",
    "analytics",
    "SELECT",
    "a.b",
    "5432",
    "null",
    "__proto__",
    "admin",
    "env:X",
    "%YAML 1.1",
  ),
);

test("random files never throw: they give diagnostics, each with a hint and a place in its file", async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  const files = fc.record(
    {
      "inventory.csv": content,
      "inventory.yaml": content,
      "roles.csv": content,
      "roles.yaml": content,
      "access.yaml": content,
      "rolewright.yaml": content,
    },
    { requiredKeys: [] },
  );
  await withRepository({}, async (directory) => {
    const property = fc.asyncProperty(files, async (generated: Files) => {
      for (const file of ["inventory.csv", "inventory.yaml", "roles.csv", "roles.yaml", "access.yaml", "rolewright.yaml"])
        writeFileSync(join(directory, file), generated[file] ?? "");
      const { diagnostics } = await loadRepository({ directory, repositoryName: "x" });
      for (const { hint, at, code } of diagnostics) {
        expect(hint, code).toMatch(/\S/u);
        expect(Math.min(at?.line ?? 1, at?.column ?? 1), code).toBeGreaterThan(0);
      }
    });
    // A failure prints its seed and path.
    await fc.assert(property, { numRuns: 300 });
  });
}, 60_000);
