// Cuts GitHub's published OpenAPI down to the operations of test/github/operations.json:
//   npm install --prefix <elsewhere> @octokit/openapi    (385 MB, so it is no dependency)
//   node scripts/trim-openapi.ts <elsewhere>/node_modules/@octokit/openapi
// Descriptions and examples are left out; what is required, of which type and how long stays as published.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const [, , packageDirectory] = process.argv;
if (packageDirectory === undefined) {
  console.error("usage: node scripts/trim-openapi.ts <directory of @octokit/openapi>");
  process.exit(1);
}
const target = new URL("../test/github/openapi/", import.meta.url);
const wanted = readObject(new URL("operations.json", target));
const source = readObject(join(packageDirectory, "generated", "api.github.com.json"));
const version = readObject(join(packageDirectory, "package.json"))["version"] ?? "";

const operations = trimOperations();
const webhooks = trimWebhooks();
const components = { schemas: reachableSchemas([operations, webhooks]) };
writeFileSync(
  new URL("openapi.json", target),
  `${JSON.stringify({ source: `@octokit/openapi ${text(version)}, api.github.com.json`, operations, webhooks, components })}\n`,
);
copyFileSync(join(packageDirectory, "LICENSE"), new URL("openapi.LICENSE", target));

/** One entry for each wanted operation: its method and path, its parameters, and the schemas of its request and responses. */
function trimOperations(): JsonObject {
  const names = new Set(list(wanted["operations"]).map(text));
  const found: Record<string, Json> = {};
  for (const [path, methods] of Object.entries(object(source["paths"]))) {
    for (const [method, operation] of Object.entries(object(methods))) {
      const id = isObject(operation) ? text(operation["operationId"] ?? "") : "";
      if (names.delete(id)) {
        found[id] = { method: method.toUpperCase(), path, ...trimOperation(object(operation)) };
      }
    }
  }
  if (names.size > 0) throw new Error(`GitHub publishes no such operations: ${[...names].join(", ")}`);
  return found;
}

function trimOperation(operation: JsonObject): JsonObject {
  const parameters = list(operation["parameters"] ?? [])
    .map((parameter) => resolve(parameter))
    .map(({ name = null, in: place = null, required = false, schema = {} }) => ({ name, in: place, required, schema: trimSchema(schema) }));
  const body = jsonSchemaOf(resolve(operation["requestBody"] ?? {}));
  const responses = Object.fromEntries(
    Object.entries(object(operation["responses"])).map(([status, response]) => [status, jsonSchemaOf(resolve(response))]),
  );
  return { parameters, body, responses };
}

/** The payloads of the wanted events, by `event` or `event/action`. */
function trimWebhooks(): JsonObject {
  const published = object(source["x-webhooks"]);
  return Object.fromEntries(
    list(wanted["webhooks"]).map((name) => {
      const key = text(name).replaceAll(/[/_]/gu, "-");
      const entry = published[key];
      if (entry === undefined) throw new Error(`GitHub publishes no webhook ${key}`);
      return [text(name), jsonSchemaOf(resolve(object(object(entry)["post"])["requestBody"] ?? {}))];
    }),
  );
}

function jsonSchemaOf(holder: JsonObject): Json {
  const content = holder["content"];
  const json = isObject(content) ? content["application/json"] : undefined;
  return isObject(json) ? trimSchema(json["schema"] ?? {}) : null;
}

function reachableSchemas(roots: readonly Json[]): JsonObject {
  const published = object(object(source["components"])["schemas"]);
  const found: Record<string, Json> = {};
  const open: Json[] = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [, name = ""] of JSON.stringify(next).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/gu)) {
      if (name in found) continue;
      const schema = trimSchema(published[name] ?? {});
      found[name] = schema;
      open.push(schema);
    }
  }
  return Object.fromEntries(Object.entries(found).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** The schema without prose. Below `properties` the keys are names of the data, and a property may well be called `description`. */
function trimSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item) => trimSchema(item));
  if (!isObject(schema)) return schema;
  const prose = new Set(["description", "title", "example", "examples", "externalDocs", "deprecated", "readOnly", "writeOnly"]);
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !prose.has(key) && !key.startsWith("x-"))
      .map(([key, value]) => [
        key,
        key === "properties" ? mapValues(object(value), trimSchema) : key === "enum" || key === "default" ? value : trimSchema(value),
      ]),
  );
}

function resolve(value: Json): JsonObject {
  const entry = object(value);
  const reference = entry["$ref"];
  if (typeof reference !== "string") return entry;
  return reference
    .split("/")
    .slice(1)
    .reduce<JsonObject>((place, key) => object(place[key]), source);
}

function mapValues(entries: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value)]));
}

function readObject(path: string | URL): JsonObject {
  return object(JSON.parse(readFileSync(path, "utf8")));
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Error(`expected an object, found ${JSON.stringify(value).slice(0, 100)}`);
  return value;
}

function list(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw new Error("expected a list");
  return value;
}

function text(value: Json): string {
  if (typeof value !== "string") throw new Error(`expected a text, found ${JSON.stringify(value).slice(0, 100)}`);
  return value;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
