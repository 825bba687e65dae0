// GitHub's published OpenAPI as a judge of requests and responses, and as the source of fields that no story reads.
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: JsonObject };

export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** null where the operation takes no JSON body. */
  readonly body: JsonObject | null;
  /** By status; null where the response has no JSON body. */
  readonly responses: Readonly<Record<string, JsonObject | null>>;
};

export type Matched = { readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> };

type Document = {
  readonly operations: Readonly<Record<string, Omit<Operation, "id">>>;
  readonly webhooks: Readonly<Record<string, JsonObject>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> };
};

// As an object, the trimmed file would make TypeScript infer a type of 200 kB.
const published = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url), "utf8")) as Document;
const nullSafe = withNull(published as unknown as Json) as unknown as Document;

const patterns = Object.entries(published.operations)
  .map(([id, operation]) => ({ operation: { id, ...operation }, pattern: patternOf(operation.path) }))
  // Literal segments win over placeholders: `/issues/comments/{comment_id}` before `/issues/{issue_number}/…`.
  .toSorted((left, right) => placeholders(left.operation.path) - placeholders(right.operation.path));

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  coerceTypes: false,
  logger: false,
  formats: {
    "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/u,
    uri: /^[a-z][a-z0-9+.-]*:/iu,
    email: true,
    uuid: true,
    int64: true,
    "uri-template": true,
    date: true,
    timestamp: true,
    decimal: true,
    "ssh-url": true,
    repo: true,
    "repo.nwo": true,
  },
});
ajv.addSchema({ $id: "github", components: { schemas: nullSafe.components.schemas } });
const compiled = new Map<string, ValidateFunction>();

/** The operation that serves this method and path (without base path and query), and what stands in its placeholders. */
export function matchOperation(method: string, path: string): Matched | null {
  for (const { operation, pattern } of patterns) {
    const found = operation.method === method ? pattern.exec(path) : null;
    if (found !== null) {
      const names = [...operation.path.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => name);
      return { operation, parameters: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")])) };
    }
  }
  return null;
}

/** What is wrong with the request, one sentence each. Stricter than GitHub: names that it would ignore are typing errors here. */
export function requestProblems(operation: Operation, query: URLSearchParams, body: Json | undefined): readonly string[] {
  const problems: string[] = [];
  const known = operation.parameters.filter((parameter) => parameter.in === "query");
  for (const [name, text] of query) {
    const parameter = known.find((candidate) => candidate.name === name);
    if (parameter === undefined) problems.push(`query has an unknown parameter ${name}`);
    else
      problems.push(...check(`${operation.id} query ${name}`, withNull(parameter.schema), typed(text, parameter.schema), `query ${name}`));
  }
  for (const parameter of known) {
    if (parameter.required && !query.has(parameter.name)) problems.push(`query lacks ${parameter.name}`);
  }
  if (operation.body === null) {
    if (body !== undefined && JSON.stringify(body) !== "{}") problems.push("the operation takes no body");
    return problems;
  }
  problems.push(...check(`${operation.id} body`, withNull(operation.body), body ?? {}, "body"));
  const properties = operation.body["properties"];
  if (isObject(properties) && isObject(body)) {
    for (const key of Object.keys(body)) if (!(key in properties)) problems.push(`body has an unknown key ${key}`);
  }
  return problems;
}

/** What is wrong with the response, one sentence each. */
export function responseProblems(operation: Operation, status: number, body: Json | undefined): readonly string[] {
  const schema = operation.responses[String(status)];
  // GitHub does not list every refusal of an operation; their form is the same everywhere.
  if (schema === undefined && status >= 400)
    return check("error", withNull({ $ref: "#/components/schemas/basic-error" }), body ?? null, "body");
  if (schema === undefined) return [`status ${status} is not published`];
  if (schema === null) return body === undefined ? [] : ["the response must have no body"];
  return check(`${operation.id} ${status}`, withNull(schema), body ?? null, "body");
}

/** What is wrong with the payload of an event such as `push` or `pull_request/opened`; events that are not published are not judged. */
export function webhookProblems(event: string, payload: Json): readonly string[] {
  const schema = nullSafe.webhooks[event];
  return schema === undefined ? [] : check(`webhook ${event}`, schema, payload, "payload");
}

/** Adds the required fields that are missing with the smallest value of their type, so that routes say only what matters. */
export function completeResponse(operation: Operation, status: number, body: Json): Json {
  const schema = operation.responses[String(status)];
  return schema === undefined || schema === null ? body : complete(schema, body);
}

/** As `completeResponse`, for the payload of an event. */
export function completeWebhook(event: string, payload: Json): Json {
  const schema = published.webhooks[event];
  return schema === undefined ? payload : complete(schema, payload);
}

function complete(schema: JsonObject, value: Json): Json {
  const full = dereference(schema);
  if (Array.isArray(value)) {
    const items = full["items"];
    return isObject(items)
      ? value.map((item) => complete(items, item))
      : branchesOf(full, value).reduce<Json>((done, branch) => complete(branch, done), value);
  }
  if (!isObject(value)) return value;
  const done = branchesOf(full, value).reduce<Json>((filled, branch) => complete(branch, filled), { ...value });
  if (!isObject(done)) return done;
  const properties = isObject(full["properties"]) ? full["properties"] : {};
  for (const [key, property] of Object.entries(properties)) {
    const present = done[key];
    if (!isObject(property)) continue;
    if (present !== undefined) done[key] = complete(property, present);
    else if (Array.isArray(full["required"]) && full["required"].includes(key)) done[key] = smallest(property);
  }
  return done;
}

/** The parts of `allOf`, and the one alternative of `anyOf` and `oneOf` that has the value's form. */
function branchesOf(schema: JsonObject, value: Json): readonly JsonObject[] {
  const parts = objectsOf(schema["allOf"]);
  for (const key of ["anyOf", "oneOf"]) {
    const fitting = objectsOf(schema[key]).find((branch) => {
      const type = dereference(branch)["type"];
      return type === undefined || type === (Array.isArray(value) ? "array" : "object");
    });
    if (fitting !== undefined) parts.push(fitting);
  }
  return parts;
}

function smallest(schema: JsonObject): Json {
  const full = dereference(schema);
  if (full["nullable"] === true) return null;
  const [first] = Array.isArray(full["enum"]) ? full["enum"] : [];
  if (first !== undefined) return first;
  const alternatives = [...objectsOf(full["anyOf"]), ...objectsOf(full["oneOf"])];
  const [alternative] = alternatives;
  if (alternative !== undefined)
    return alternatives.some((entry) => dereference(entry)["nullable"] === true) ? null : smallest(alternative);
  if (full["type"] === "array") return [];
  if (full["type"] === "integer" || full["type"] === "number") return typeof full["minimum"] === "number" ? full["minimum"] : 0;
  if (full["type"] === "boolean") return false;
  if (full["type"] === "null") return null;
  if (full["type"] === "string")
    return full["format"] === "date-time" ? "2026-01-01T00:00:00Z" : full["format"] === "uri" ? "https://unset.invalid/" : "";
  return complete(full, {});
}

function dereference(schema: JsonObject): JsonObject {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  return dereference(published.components.schemas[reference.replace("#/components/schemas/", "")] ?? {});
}

function check(name: string, schema: Json, value: Json, place: string): readonly string[] {
  const validate = compiled.get(name) ?? ajv.compile(schema as JsonObject);
  compiled.set(name, validate);
  if (validate(value)) return [];
  // Where the form is one of several, ajv reports each alternative: the first few say enough.
  return (validate.errors ?? []).slice(0, 5).map((error) => `${place}${error.instancePath} ${error.message ?? "is wrong"}`);
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type; references lead to the schema that ajv knows as `github`. */
function withNull(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (!isObject(schema)) return schema;
  const { nullable, ...rest } = schema;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === "$ref" && typeof value === "string" ? value.replace(/^#/u, "github#") : key === "enum" ? value : withNull(value),
    ]),
  );
  return nullable === true ? { anyOf: [{ type: "null" }, plain] } : plain;
}

function typed(text: string, schema: JsonObject): Json {
  if (schema["type"] === "integer" && /^-?\d+$/u.test(text)) return Number(text);
  if (schema["type"] === "boolean" && /^(true|false)$/u.test(text)) return text === "true";
  return text;
}

function patternOf(path: string): RegExp {
  const wide = new Set(["path", "ref", "basehead", "branch"]);
  const body = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => (wide.has(name) ? "(.+)" : "([^/]+)"));
  return new RegExp(`^${body}$`, "u");
}

function placeholders(path: string): number {
  return path.split("{").length * 100 - path.length;
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
