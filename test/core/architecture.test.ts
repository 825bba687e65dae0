import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findViolations, importsOf } from "./import-rules.ts";

const root = new URL("../../", import.meta.url);
const sources = globSync("src/**/*.ts", { cwd: root }).map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") }));

describe("the architecture", () => {
  test("holds in every source file", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(findViolations(sources)).toEqual([]);
  });

  test("is read from sources that do import something", () => {
    expect(sources.flatMap((source) => importsOf(source.text)).length).toBeGreaterThan(sources.length);
  });
});

describe("each rule catches a source that breaks it", () => {
  const seeded: readonly (readonly [string, string, string])[] = [
    ["src/diff/a.ts", 'import { x } from "../plan/render.ts";', "a stage never imports another stage"],
    ["src/load/a.ts", 'import type { X } from "../session/record.ts";', "a stage never imports another stage"],
    ["src/plan/deep/a.ts", 'export { x } from "../../apply/gate.ts";', "a stage never imports another stage"],
    ["src/apply/a.ts", 'const x = await import("../introspect/cluster.ts");', "a stage never imports another stage"],
    ["src/apply/a.ts", 'import { x } from "../reconcile.ts";', "a stage knows nothing of who composes it"],
    ["src/session/a.ts", 'import { x } from "../commands/context.ts";', "a stage knows nothing of who composes it"],
    ["src/io/a.ts", 'import { x } from "../review/table.ts";', "io knows only the model"],
    ["src/model/a.ts", 'import { x } from "../diff/diff.ts";', "the model knows nobody"],
    ["src/review/a.ts", 'import { styleText } from "node:util";', "a pure directory uses only the model"],
    ["src/diff/a.ts", 'import "yaml";', "a pure directory uses only the model"],
    ["src/model/a.ts", 'import { parseDocument } from "yaml";', "a pure directory uses only the model"],
    ["src/plan/a.ts", 'import { Ajv2020 } from "ajv/dist/2020.js";', "a pure directory uses only the model"],
    ["src/plan/a.ts", 'import {\n  x,\n  y,\n} from "../io/files.ts";', "a pure directory does no I/O"],
    ["src/apply/a.ts", 'import pg from "pg";', "only io talks to PostgreSQL, Git and GitHub"],
    ["src/commands/a.ts", 'import { simpleGit } from "simple-git";', "only io talks to PostgreSQL, Git and GitHub"],
    ["src/action/a.ts", 'import { Octokit } from "@octokit/rest";', "only io talks to PostgreSQL, Git and GitHub"],
    ["src/commands/a.ts", 'import { x } from "../action/run.ts";', "the command line knows nothing of the Action"],
    ["src/trust/a.ts", 'import { x } from "../action/run.ts";', "a stage knows nothing of who composes it"],
    ["src/trust/a.ts", 'import type { X } from "../io/github/checks.ts";', "a pure directory does no I/O"],
    ["src/load/a.ts", 'import { readFile } from "node:fs/promises";', "only io opens files"],
    ["src/apply/a.ts", "if (process.env.CI) process.exit(1);", "only an entry point touches the process"],
    ["src/load/a.ts", "\n".repeat(301), "has more than 300 lines"],
  ];

  test.each(seeded)("%s: %s", (path, text, rule) => {
    expect(findViolations([{ path, text }])).toEqual([expect.stringContaining(rule)]);
  });

  test("and lets the lawful through", () => {
    const lawful = [
      {
        path: "src/diff/a.ts",
        text: '// process.env and "../plan/quote.ts" in a comment\nimport type { X } from "../model/plan.ts";\nimport { y } from "./b.ts";',
      },
      { path: "src/plan/a.ts", text: 'import { createHash } from "node:crypto";' },
      { path: "src/reconcile.ts", text: 'import { x } from "./diff/diff.ts";\nimport { y } from "./plan/plan.ts";' },
      { path: "src/main.ts", text: "process.exit(0);" },
      { path: "src/io/files.ts", text: 'import { open } from "node:fs/promises";' },
    ];
    expect(findViolations(lawful)).toEqual([]);
  });
});
