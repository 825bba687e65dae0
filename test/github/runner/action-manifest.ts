// action.yml as the runner reads it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";

export type ActionManifest = {
  readonly directory: string;
  readonly using: string;
  readonly main: string;
  readonly pre: string | null;
  readonly post: string | null;
  readonly preIf: string;
  readonly postIf: string;
  /** The default of each input, null where it has none. */
  readonly inputs: ReadonlyMap<string, string | null>;
};

/** @throws Error where the directory holds no action that runs on Node 24 */
export function readActionManifest(directory: string): ActionManifest {
  const file = ["action.yml", "action.yaml"].map((name) => join(directory, name)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${directory}'.`);
  const manifest = parse(readFileSync(file, "utf8")) as Json;
  const runs = isObject(manifest) && isObject(manifest["runs"]) ? manifest["runs"] : {};
  const inputs = isObject(manifest) && isObject(manifest["inputs"]) ? manifest["inputs"] : {};
  if (runs["using"] !== "node24") throw new Error(`'using: ${textOf(runs, "using") ?? ""}' is not supported by test/github/runner.ts`);
  return {
    directory,
    using: "node24",
    main: textOf(runs, "main") ?? "",
    pre: textOf(runs, "pre"),
    post: textOf(runs, "post"),
    preIf: textOf(runs, "pre-if") ?? "always()",
    postIf: textOf(runs, "post-if") ?? "always()",
    inputs: new Map(Object.entries(inputs).map(([name, input]) => [name, isObject(input) ? defaultOf(input["default"]) : null])),
  };
}

function defaultOf(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : typeof value === "object" ? JSON.stringify(value) : String(value);
}

function textOf(holder: JsonObject, key: string): string | null {
  const value = holder[key];
  return typeof value === "string" ? value : null;
}
