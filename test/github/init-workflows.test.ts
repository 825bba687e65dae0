// The workflows that init writes, under GitHub's own parser, and what no parser asks for: pins, permissions, tokens that do not stay.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { initFiles, type InitInput } from "../../src/init/files.ts";
import { defaultWorkflowOptions, type WorkflowOptions } from "../../src/init/workflow-parts.ts";
import { placeholderPin } from "../../src/model/action-pin.ts";
import { workflowProblems } from "./workflow/validate.ts";

const variants: Readonly<Record<string, WorkflowOptions>> = {
  defaults: defaultWorkflowOptions,
  "own runner, branch log, folder": {
    defaultBranch: "release/2026.1",
    runner: ["self-hosted", "pg-plan"],
    applyRunner: ["self-hosted", "pg-apply"],
    sessionLog: { kind: "branch", branch: "rolewright-sessions" },
    directory: "databases/access",
  },
  "names that YAML would read as something else": {
    defaultBranch: "1.0",
    runner: ["on"],
    applyRunner: null,
    sessionLog: { kind: "none" },
    directory: "2026",
  },
};

const inputOf = (options: WorkflowOptions): InitInput => ({
  pin: { uses: `acme/rolewright@${"a1".repeat(20)}`, version: "v0.1.0" },
  options,
  repository: "acme/access",
  codeOwners: ["@acme/dba"],
  serverUrl: "https://github.com",
});

type Step = { readonly uses?: string; readonly with?: Record<string, unknown>; readonly if?: string };
type Job = { readonly permissions?: unknown; readonly environment?: string; readonly "runs-on": unknown; readonly steps: readonly Step[] };
type Workflow = { readonly on: Record<string, never>; readonly permissions: unknown; readonly jobs: Record<string, Job> };

describe.each(Object.entries(variants))("with %s", (_, options) => {
  const workflows = initFiles(inputOf(options))
    .filter(({ path }) => path.startsWith(".github/workflows/"))
    .map(({ path, text }) => [path, text] as const);

  test.each(workflows)("%s passes GitHub's parser", async (_path, text) => {
    expect(await workflowProblems(text)).toEqual([]);
  });

  test.each(workflows)("%s pins every action, grants by job, and leaves no token behind", (_path, text) => {
    const { permissions, jobs } = parse(text) as Workflow;
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeTypeOf("object");
      expect(job.environment).toMatch(/^rolewright-(?:plan|apply)$/u);
      const labels = job.environment === "rolewright-apply" ? (options.applyRunner ?? options.runner) : options.runner;
      expect(job["runs-on"]).toEqual(labels.length === 1 ? labels[0] : labels);
      for (const { uses } of job.steps) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/u);
      expect(job.steps[0]).toMatchObject({ with: { "persist-credentials": false } });
      expect(job.steps[1]?.with?.["directory"]).toBe(options.directory === "" ? undefined : options.directory);
      expect(job.steps.some((step) => step.uses?.startsWith("actions/upload-artifact@"))).toBe(options.sessionLog.kind !== "none");
      const isPlan = (job.steps[1]?.with?.["command"] ?? "") === "plan";
      const writes = options.sessionLog.kind === "branch" && !isPlan;
      expect(job.permissions).toHaveProperty("contents", writes ? "write" : "read");
    }
  });

  test("the token beside a pull request's files writes to no branch", () => {
    const plan = workflows.find(([path]) => path.endsWith("plan.yml"))?.[1] ?? "";
    expect(Object.values((parse(plan) as Workflow).jobs).map(({ permissions }) => permissions)).toEqual([
      { contents: "read", "pull-requests": "write", checks: "write" },
    ]);
  });

  test("only what applies holds the admin accounts, and what applies listens to the default branch", () => {
    for (const [path, text] of workflows) {
      for (const [name, job] of Object.entries((parse(text) as Workflow).jobs))
        expect([path, name, JSON.stringify(job).includes("ROLEWRIGHT_ADMIN")]).toEqual([
          path,
          name,
          job.environment === "rolewright-apply",
        ]);
    }
    const apply = workflows.find(([path]) => path.endsWith("apply.yml"))?.[1] ?? "";
    expect(parse(apply)).toMatchObject({ on: { push: { branches: [options.defaultBranch] } } });
  });
});

test("a placeholder stands in no file where a pin and owners are given, and in the workflows where they are not", () => {
  const given = initFiles(inputOf(defaultWorkflowOptions));
  expect(given.filter(({ text }) => /OWNER\//u.test(text)).map(({ path }) => path)).toEqual([]);
  const missing = initFiles({ ...inputOf(defaultWorkflowOptions), pin: placeholderPin });
  for (const { path, text } of missing)
    if (path.endsWith(".yml")) expect([path, text.includes(`uses: ${placeholderPin.uses}`)]).toEqual([path, true]);
});

test.each(["README.md", "docs/action.md"])("the workflow in %s passes GitHub's parser", async (path) => {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const examples = [...text.matchAll(/^```yaml\n([^`]*\njobs:\n[^`]*)```$/gmu)].map((match) =>
    (match[1] ?? "").replaceAll("<commit>", "a1".repeat(20)),
  );
  expect(examples).toHaveLength(1);
  for (const example of examples) expect(await workflowProblems(example)).toEqual([]);
});
