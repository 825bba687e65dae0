// Checks a source against its schema, and says what ajv found in words for people, each at its own place.
import type { ErrorObject } from "ajv";
import { didYouMean } from "./nearest.ts";
import { isLoginKey } from "./passwords.ts";
import type { Report } from "./report.ts";
import { validatorFor, type FileKind } from "./schema.ts";
import { oneOf, show } from "./show.ts";
import { isRecord, type Path, type Source } from "./source.ts";

type Described = { readonly code: string; readonly message: string; readonly hint: string };

/** Words that people use for ours, which no count of letters brings near. */
const otherWords = new Map([
  ["permissions", "privileges"],
  ["grants", "privileges"],
  ["resource", "resource_name"],
  ["label", "role"],
]);

/** Reports every violation of the schema. */
export function checkSchema(source: Source, kind: FileKind, report: Report): void {
  const validate = validatorFor(kind);
  if (validate(source.value)) return;
  const errors = validate.errors ?? [];
  const wrongTypes = new Set(errors.filter((error) => error.keyword === "type").map((error) => error.instancePath));
  const reported = new Set<string>();
  for (const error of errors) {
    // A value of the wrong type breaks other rules, too, and may be of the wrong type for several branches.
    if (wrongTypes.has(error.instancePath) && (error.keyword !== "type" || reported.has(error.instancePath))) continue;
    if (error.keyword === "type") reported.add(error.instancePath);
    reportError({ source, error, report });
  }
}

function reportError(input: { readonly source: Source; readonly error: ErrorObject; readonly report: Report }): void {
  const { source, error, report } = input;
  const path = readPointer(error.instancePath, source.value);
  switch (error.keyword) {
    // Says only that one of its branches failed, which is reported itself.
    case "if":
      return;
    case "additionalProperties":
      return reportUnknownKey({ source, path, key: String(error.params["additionalProperty"]), error, report });
    case "required":
      return reportMissingKey({ source, path, key: String(error.params["missingProperty"]), report });
    default:
      report.error({ ...describe(source, path, error), at: source.locate(path) });
  }
}

function reportUnknownKey(input: {
  readonly source: Source;
  readonly path: Path;
  readonly key: string;
  readonly error: ErrorObject;
  readonly report: Report;
}): void {
  const { source, path, key, error, report } = input;
  // Reported as a literal password.
  if (isLoginKey(key)) return;
  const known = Object.keys(propertiesOf(error.parentSchema));
  const hint = didYouMean(otherWords.get(key.toLowerCase()) ?? key, known, `the keys here are ${known.join(", ")}`);
  report.error({ code: "unknown-key", message: `unknown key ${show(key)}`, hint, at: source.locateKey([...path, key]) });
}

function reportMissingKey(input: { readonly source: Source; readonly path: Path; readonly key: string; readonly report: Report }): void {
  const { source, path, key, report } = input;
  if (source.missingKeys?.has(key) === true) return;
  const name = source.nameOf(key);
  const at = source.locate([...path, key]);
  if (source.format === "csv") report.error({ code: "missing-value", message: `${name} is empty`, hint: `fill in the column ${name}`, at });
  else report.error({ code: "missing-key", message: `${name} is missing`, hint: `add ${name}`, at });
}

function describe(source: Source, path: Path, error: ErrorObject): Described {
  const name = nameAt(source, path);
  const value = typeof error.data === "string" ? show(error.data) : JSON.stringify(error.data);
  const hint = descriptionOf(error.parentSchema);
  switch (error.keyword) {
    case "type":
      return describeType(name, error);
    case "enum":
      return describeEnum(name, error);
    case "pattern":
      return { code: "bad-value", message: `${name}: ${value} is not allowed here`, hint };
    case "minimum":
    case "maximum":
      return { code: "out-of-range", message: `${name}: ${value} is out of range`, hint };
    case "minLength":
      return {
        code: "empty-value",
        message: `${name} is empty`,
        hint: source.format === "csv" ? "remove the surplus separator" : "write a value, or remove it",
      };
    case "maxLength":
      return { code: "too-long", message: `${name}: ${value} is longer than ${String(error.params["limit"])} characters`, hint };
    case "uniqueItems":
      return { code: "repeated-value", message: `${name} says the same twice`, hint: "keep one of them" };
    case "minProperties":
      return {
        code: "missing-key",
        message: `${name} says nothing`,
        hint: `write one of ${oneOf(Object.keys(propertiesOf(error.parentSchema)))}`,
      };
    case "maxProperties":
      return {
        code: "too-many-keys",
        message: `${name} has more than one key`,
        hint: `keep one of ${oneOf(Object.keys(propertiesOf(error.parentSchema)))}`,
      };
    default:
      return { code: "bad-value", message: `${name}: the value ${error.message ?? "is not allowed"}`, hint };
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys to values",
};

function describeType(name: string, error: ErrorObject): Described {
  const wanted: unknown = error.params["type"];
  const types = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  const message = `${name} must be ${oneOf(types.map((type) => typeNames[type] ?? type))}, but is ${nameOfValue(error.data)}`;
  return { code: "wrong-type", message, hint: typeHint(types, error.data) };
}

function nameOfValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${show(value)}`;
  if (typeof value === "number" && !Number.isInteger(value)) return "a number with a fraction";
  return typeof value === "number" ? "a number" : typeof value === "boolean" ? "true or false" : "a mapping";
}

function typeHint(types: readonly string[], value: unknown): string {
  if (value === null) return "write a value, or remove the key";
  if (types.includes("string") && typeof value !== "object") return "put the value in double quotes";
  if (types.includes("array")) return "write a list, such as [a, b], or one entry a line, each after a dash";
  if (types.includes("integer")) return "write the number with digits alone, without quotes";
  if (types.includes("boolean")) return "write true or false, without quotes";
  return types.includes("object") ? "write keys and values under it" : "write one text";
}

function describeEnum(name: string, error: ErrorObject): Described {
  const allowed: unknown = error.params["allowedValues"];
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const value = typeof error.data === "string" ? error.data : JSON.stringify(error.data);
  return {
    code: "unknown-value",
    message: `${name}: ${show(value)} is not one of ${words.join(", ")}`,
    hint: didYouMean(value, words, `write ${oneOf(words)}`),
  };
}

function nameAt(source: Source, path: Path): string {
  const key = path.findLast((step) => typeof step === "string");
  const last = path.at(-1);
  if (typeof key !== "string") return "the file";
  return typeof last === "number" ? `entry ${last + 1} of ${source.nameOf(key)}` : source.nameOf(key);
}

function descriptionOf(schema: unknown): string {
  const description = isRecord(schema) ? schema["description"] : undefined;
  return typeof description === "string" ? description.replace(/\.$/u, "") : "see the schema of this file";
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties) ? properties : {};
}

/** Reads a JSON pointer against the value that it points into, since only that tells an index from a key. */
function readPointer(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const part of pointer.split("/").slice(1)) {
    const step = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(step) : step);
    value = Array.isArray(value) ? value[Number(step)] : isRecord(value) ? value[step] : undefined;
  }
  return path;
}
