// Text that rolewright wrote itself, sessions and results → values, strictly: no aliases, tags or repeated keys.
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { LineCounter, parseDocument, visit, type Node, type YAMLMap } from "yaml";
import type { Diagnostic, SourceLocation } from "../model/diagnostic.ts";
import { isStringScalar } from "./write-yaml.ts";

/** More than this of one file helps nobody. */
const maximumDiagnostics = 20;

export type ParsedYaml = {
  readonly value: unknown;
  /** Where the node that a JSON pointer names stands, or the nearest one above it. */
  readonly locate: (pointer: readonly string[]) => SourceLocation;
};

export type Reading<Value> = { readonly value: Value } | { readonly diagnostics: readonly Diagnostic[] };

/** Reads one YAML (or JSON) document. */
export function parseYaml(text: string, file: string): Reading<ParsedYaml> {
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (message: string, offset: number): Diagnostic => ({ severity: "error", code: "yaml", message, at: at(offset) });
  try {
    // uniqueKeys compares each key with every other, and a map may have one for every schema of a database.
    const options = { schema: "core", stringKeys: true, uniqueKeys: false, prettyErrors: false } as const;
    const document = parseDocument(text, { ...options, lineCounter: lines });
    const diagnostics = [...document.errors, ...document.warnings].map((error) => problem(firstLine(error.message), error.pos[0]));
    visit(document, {
      Alias(_, node) {
        diagnostics.push(problem("aliases are not read here", node.range?.[0] ?? 0));
        return visit.BREAK;
      },
      Map(_, map) {
        for (const offset of repeatedKeys(map)) diagnostics.push(problem("the key is there twice in one mapping", offset));
      },
    });
    if (diagnostics.length > 0) return { diagnostics: diagnostics.slice(0, maximumDiagnostics) };
    return { value: { value: document.toJS(), locate: (pointer) => at(offsetOf(document, pointer)) } };
  } catch (error) {
    // The parser is recursive: nesting of thousands of levels ends its stack.
    if (error instanceof RangeError) return { diagnostics: [problem("the text is nested too deeply", 0)] };
    throw error;
  }
}

function repeatedKeys(map: YAMLMap): readonly number[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isStringScalar(key)) return [];
    const isRepeated = seen.has(key.value);
    seen.add(key.value);
    return isRepeated && hasRange(key) ? [key.range[0]] : [];
  });
}

function offsetOf(document: { getIn(path: readonly string[], keepScalar: true): unknown }, pointer: readonly string[]): number {
  for (let length = pointer.length; length > 0; length -= 1) {
    const node = document.getIn(pointer.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function hasRange(node: unknown): node is { readonly range: NonNullable<Node["range"]> } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

/** Holds a parsed document against a JSON Schema. */
export function checkYaml<Value>(parsed: ParsedYaml, validate: ValidateFunction<Value>): Reading<Value> {
  const { value } = parsed;
  if (validate(value)) return { value };
  const errors = (validate.errors ?? []).filter((error) => error.keyword !== "if" && error.keyword !== "anyOf");
  return { diagnostics: errors.slice(0, maximumDiagnostics).map((error) => schemaProblem(error, parsed.locate)) };
}

function schemaProblem(error: ErrorObject, locate: ParsedYaml["locate"]): Diagnostic {
  const pointer = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const name = pointer.length === 0 ? "the document" : pointer.join(".");
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(error.params["additionalProperty"]);
      return {
        severity: "error",
        code: "unknown-key",
        message: `${name} has an unknown key ${JSON.stringify(key)}`,
        at: locate([...pointer, key]),
      };
    }
    case "required": {
      const key = JSON.stringify(error.params["missingProperty"]);
      return { severity: "error", code: "missing-key", message: `${name} lacks the key ${key}`, at: locate(pointer) };
    }
    default:
      return { severity: "error", code: "wrong-value", message: `${name} ${firstLine(error.message ?? "is wrong")}`, at: locate(pointer) };
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
