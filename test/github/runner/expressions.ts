// `${{ }}` and `if:` as GitHub evaluates them, with GitHub's own evaluator.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { Json, JsonObject } from "../openapi/contract.ts";

type Definition = { name: string; minArgs: number; maxArgs: number; call: (...words: data.ExpressionData[]) => data.ExpressionData };

/** How the steps or jobs before went, which `success()` and its like ask for. */
export type Progress = "success" | "failure" | "cancelled";

export type Scope = {
  readonly contexts: JsonObject;
  readonly progress?: Progress;
  readonly hashFiles?: (patterns: readonly string[]) => string;
};

/** The text with every `${{ }}` replaced. A value that is one expression and nothing else keeps its type. */
export function interpolate(value: Json, scope: Scope): Json {
  if (Array.isArray(value)) return value.map((item) => interpolate(item, scope));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [asText(interpolate(key, scope)), interpolate(item, scope)]));
  if (typeof value !== "string") return value;
  const parts = splitExpressions(value);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.kind === "expression") return evaluate(only.text, scope);
  return parts.map((part) => (part.kind === "text" ? part.text : asText(evaluate(part.text, scope)))).join("");
}

/** As `interpolate`, for values that are texts in the end. */
export function interpolateText(value: Json | undefined, scope: Scope): string {
  return value === undefined ? "" : asText(interpolate(value, scope));
}

/** Whether an `if:` holds. Without a status function in it, it means `success() && (…)`. */
export function holds(condition: Json | undefined, scope: Scope): boolean {
  if (condition === undefined || condition === null) return scope.progress === undefined || scope.progress === "success";
  const text = asText(condition).trim();
  const [only, ...more] = splitExpressions(text);
  const expression = only !== undefined && more.length === 0 && only.kind === "expression" ? only.text : text;
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/iu.test(expression);
  return truthy(evaluate(asksStatus ? expression : `success() && (${expression})`, scope));
}

/** The value of one expression, without its `${{ }}`.
 *  @throws Error naming the expression, where it is malformed or names what does not exist */
export function evaluate(expression: string, scope: Scope): Json {
  try {
    const functions = functionsOf(scope);
    const contexts = toData(scope.contexts);
    if (!(contexts instanceof data.Dictionary)) throw new Error("contexts are no dictionary");
    const parsed = new Parser(new Lexer(expression).lex().tokens, Object.keys(scope.contexts), [...functions.values()]).parse();
    return JSON.parse(JSON.stringify(new Evaluator(parsed, contexts, functions).evaluate(), data.replacer)) as Json;
  } catch (error) {
    throw new Error(`\${{ ${expression} }}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function functionsOf({ progress = "success", hashFiles }: Scope): Map<string, Definition> {
  const yes = (name: string, value: boolean): [string, Definition] => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) },
  ];
  return new Map([
    yes("success", progress === "success"),
    yes("failure", progress === "failure"),
    yes("cancelled", progress === "cancelled"),
    yes("always", true),
    [
      "hashfiles",
      {
        name: "hashFiles",
        minArgs: 1,
        maxArgs: 255,
        call: (...words) => new data.StringData(hashFiles?.(words.map((word) => word.coerceString())) ?? ""),
      },
    ],
  ]);
}

function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

type Part = { readonly kind: "text" | "expression"; readonly text: string };

/** An expression ends at the first `}}` outside of its quoted texts. */
function splitExpressions(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("${{", at);
    const from = start === -1 ? text.length : start;
    if (from > at) parts.push({ kind: "text", text: text.slice(at, from) });
    if (start === -1) break;
    const end = /^(?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*\}\}/su.exec(text.slice(start + 3));
    if (end === null) throw new Error(`an expression is not closed in ${text}`);
    parts.push({ kind: "expression", text: end[0].slice(0, -2).trim() });
    at = start + 3 + end[0].length;
  }
  return parts;
}

export function asText(value: Json): string {
  if (value === null) return "";
  return typeof value === "object" ? (Array.isArray(value) ? "Array" : "Object") : String(value);
}

export function truthy(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}
