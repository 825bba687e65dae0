// The JSON Schemas: valid themselves, described throughout, in step with the code, and met by the examples.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { columnsOf, minimalHeader } from "../../../src/load/columns.ts";
import { loadRepository } from "../../../src/load/load-repository.ts";
import { isRecord } from "../../../src/load/source.ts";
import { declarablePrivileges } from "../../../src/model/privilege.ts";
import { sslModes } from "../../../src/model/resource.ts";
import { acknowledgeableHazards } from "../../../src/model/source-power.ts";
import { defaultSettings } from "../../../src/model/settings.ts";

const kinds = ["settings", "inventory", "roles", "access"];

function readSchema(kind: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`schemas/${kind}.schema.json`, "utf8")) as Record<string, unknown>;
}

/** Every schema object under `properties`, with its path. */
function propertiesOf(node: unknown, path: string): readonly (readonly [string, Record<string, unknown>])[] {
  if (Array.isArray(node)) return node.flatMap((child: unknown, index) => propertiesOf(child, `${path}/${index}`));
  if (!isRecord(node)) return [];
  const own = isRecord(node["properties"]) ? Object.entries(node["properties"]) : [];
  const named = own.flatMap(([key, value]) => (isRecord(value) ? [[`${path}/${key}`, value] as const] : []));
  return [...named, ...Object.entries(node).flatMap(([key, child]) => propertiesOf(child, `${path}/${key}`))];
}

test.each(kinds)("the schema of %s is valid and compiles strictly", (kind) => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(readSchema(kind))).toBe(true);
  expect(() => ajv.compile(readSchema(kind))).not.toThrow();
});

test.each(kinds)("the schema of %s gives every key a title and a description", (kind) => {
  const described = propertiesOf(readSchema(kind), kind).filter(([, schema]) => schema["$ref"] === undefined);
  expect(described.length).toBeGreaterThan(0);
  for (const [path, schema] of described)
    expect([path, typeof schema["title"], typeof schema["description"]]).toEqual([path, "string", "string"]);
});

test.each(kinds)("the schema of %s refuses keys that it does not describe", (kind) => {
  const open: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (!isRecord(node)) return;
    if (isRecord(node["properties"]) && node["additionalProperties"] !== false) open.push(path);
    for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`);
  };
  visit(readSchema(kind), kind);
  expect(open).toEqual([]);
});

test("the schemas and the code say the same", () => {
  const resource = propertiesOf(readSchema("inventory"), "").find(([path]) => path.endsWith("/sslmode"));
  expect(resource?.[1]["enum"]).toEqual(sslModes);
  const privileges = propertiesOf(readSchema("roles"), "").find(([path]) => path.endsWith("/privileges"));
  for (const privilege of declarablePrivileges) expect(privileges?.[1]["description"]).toContain(privilege);
  const acknowledged = propertiesOf(readSchema("roles"), "").find(([path]) => path.endsWith("/acknowledge_hazards"));
  expect(acknowledged?.[1]["items"]).toMatchObject({ enum: acknowledgeableHazards });
  const settings = new Map(propertiesOf(readSchema("settings"), ""));
  const defaultOf = (key: string): unknown => settings.get(key)?.["default"];
  expect([defaultOf("/prefix"), defaultOf("/orphans"), defaultOf("/foreign_grants"), defaultOf("/sessions")]).toEqual([
    defaultSettings.prefix,
    defaultSettings.orphans.action,
    defaultSettings.foreignGrants,
    defaultSettings.sessions,
  ]);
  expect([defaultOf("/properties/concurrency/total"), defaultOf("/properties/concurrency/per_resource")]).toEqual(
    Object.values(defaultSettings.concurrency),
  );
  expect(["connect", "lock", "statement"].map((key) => defaultOf(`/properties/timeouts/${key}`))).toEqual(
    Object.values(defaultSettings.timeouts),
  );
});

test("the columns of CSV are the keys of the schemas, and the hub's are among them", () => {
  expect(columnsOf.inventory.map(({ name }) => name)).toEqual(expect.arrayContaining(minimalHeader.inventory.split(",")));
  expect(columnsOf.roles.map(({ name }) => name)).toEqual(expect.arrayContaining(minimalHeader.roles.split(",")));
  expect(columnsOf.roles.filter(({ required }) => required).map(({ name }) => name)).toEqual(["resource_name", "role"]);
});

test.each(["quickstart", "full"])("examples/%s loads without a diagnostic", async (example) => {
  const { diagnostics, desired } = await loadRepository({ directory: `examples/${example}`, repositoryName: "local" });
  expect(diagnostics).toEqual([]);
  expect(desired.roles.length).toBeGreaterThan(0);
});

test.each(kinds)("examples/full shows every key of %s", (kind) => {
  const file = kind === "settings" ? "rolewright" : kind;
  const text = readFileSync(`examples/full/${file}.yaml`, "utf8");
  const shown = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isRecord(node)) {
      for (const [key, child] of Object.entries(node)) {
        shown.add(key);
        visit(child);
      }
    }
  };
  visit(parse(text));
  const keys = propertiesOf(readSchema(kind), "").map(([path]) => path.slice(path.lastIndexOf("/") + 1));
  // Either word for the list of an inventory, either action for orphans.
  const missing = keys.filter((key) => !shown.has(key) && !(kind === "inventory" && key === "items") && key !== "disable");
  expect(missing).toEqual([]);
  expect(text).toContain(`# yaml-language-server: $schema=../../schemas/${kind}.schema.json`);
});
