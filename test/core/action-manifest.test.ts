// action.yml is what people read, src/action/ what runs: they say the same, and so does docs/action.md.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readInputs } from "../../src/action/inputs.ts";
import { outputsOf, stopped } from "../../src/action/outcome.ts";
import { applyWorkflowPath, planWorkflowPath } from "../../src/init/workflows.ts";
import { initFiles } from "../../src/init/files.ts";
import { defaultWorkflowOptions } from "../../src/init/workflow-parts.ts";
import { placeholderPin } from "../../src/model/action-pin.ts";

type Manifest = {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
};

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const manifest = parse(read("action.yml")) as Manifest;
const documentation = read("docs/action.md");

/** Rows of the table under a heading, as cells without code marks. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const section = documentation.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

/** Every input that the Action asks the runner for, whatever the others are. */
function inputsAskedFor(): ReadonlySet<string> {
  const given: Readonly<Record<string, string>> = {
    INPUT_COMMAND: "plan",
    INPUT_EVIDENCE: "comment-hmac",
    "INPUT_EVIDENCE-KEY": "k".repeat(32),
  };
  const asked = new Set<string>();
  const env = new Proxy(given, {
    get: (target, name) => {
      if (typeof name === "string") asked.add(name);
      return Reflect.get(target, name) as string | undefined;
    },
  });
  readInputs(env);
  return asked;
}

describe("inputs", () => {
  test("of action.yml are those that the Action reads", () => {
    const expected = Object.keys(manifest.inputs).map((name) => `INPUT_${name.toUpperCase()}`);
    expect([...inputsAskedFor()].toSorted()).toEqual(expected.toSorted());
  });

  test("of action.yml have the defaults that the Action takes without them", () => {
    const defaults = Object.fromEntries(
      Object.entries(manifest.inputs).flatMap(([name, { default: value }]) =>
        value === undefined ? [] : [[`INPUT_${name.toUpperCase()}`, value]],
      ),
    );
    const token = manifest.inputs["token"]?.default;
    expect(readInputs({ ...defaults, INPUT_COMMAND: "plan" })).toEqual(readInputs({ INPUT_COMMAND: "plan", INPUT_TOKEN: token }));
  });

  test("are documented, with their defaults", () => {
    const documented = tableUnder("Inputs").map(([name, fallback]) => [name, fallback]);
    expect(documented).toEqual(Object.entries(manifest.inputs).map(([name, { default: value = "" }]) => [name, value]));
  });

  test("that the shipped workflows give are inputs", () => {
    const workflows = initFiles({ pin: placeholderPin, options: defaultWorkflowOptions, repository: null, codeOwners: [], serverUrl: "" });
    const given = workflows
      .filter(({ path }) => path.endsWith(".yml"))
      .flatMap(({ text }) => Object.values((parse(text) as { jobs: Record<string, { steps: { id?: string; with: object }[] }> }).jobs))
      .flatMap(({ steps }) => steps.filter(({ id }) => id === "rolewright").flatMap((step) => Object.keys(step.with)));
    expect(given.length).toBeGreaterThan(5);
    expect(given.filter((name) => !(name in manifest.inputs))).toEqual([]);
  });
});

describe("outputs", () => {
  // session-dir is set before anything else is done, so that a killed run has it, too.
  const written = [...outputsOf(stopped(new Error("x"), false)).map(([name]) => name), "session-dir"].toSorted();

  test("of action.yml are those that the Action writes", () => {
    expect(Object.keys(manifest.outputs).toSorted()).toEqual(written);
    expect(read("src/action.ts")).toContain('"session-dir"');
  });

  test("are documented", () => {
    expect(new Set(tableUnder("Outputs").map(([name]) => name))).toEqual(new Set(written));
  });
});

test("every reason code is documented", () => {
  const union = /export type ReasonCode =([^]+?);\n/u.exec(read("src/action/context.ts"))?.[1] ?? "";
  const codes = [...union.matchAll(/^ {2}\| "([a-z-]+)"/gmu)].map((match) => match[1] ?? "");
  expect(codes.length).toBeGreaterThan(10);
  const documented = tableUnder("Reason codes").map(([code]) => code ?? "");
  expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
});

test("the workflow that an apply trusts unless told otherwise is the one that init writes", () => {
  expect(manifest.inputs["plan-workflow"]?.default).toBe(planWorkflowPath);
  expect(documentation).toContain(applyWorkflowPath.split("/").at(-1));
});
