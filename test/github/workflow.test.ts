import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { evaluate, holds, interpolate } from "./runner/expressions.ts";
import { createGroups } from "./workflow/concurrency.ts";
import { matchesPattern } from "./workflow/event.ts";
import { expandMatrix } from "./workflow/matrix.ts";
import { jobPermissions } from "./workflow/permissions.ts";
import { actionProblems, workflowProblems } from "./workflow/validate.ts";

test("a good workflow and a good action pass GitHub's rules", async () => {
  expect(await workflowProblems(readFileSync(new URL("../../.github/workflows/ci.yml", import.meta.url), "utf8"))).toEqual([]);
  expect(await actionProblems(readFileSync(new URL("fixtures/action/action.yml", import.meta.url), "utf8"))).toEqual([]);
});

test.each([
  ["an unknown permission", "on: push\npermissions: { content: read }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }"],
  ["a need that is no job", "on: push\njobs: { a: { needs: b, runs-on: x, steps: [{ run: x }] } }"],
  ["a job without a machine", "on: push\njobs: { a: { steps: [{ run: x }] } }"],
  ["a context that is not there", "on: push\njobs: { a: { runs-on: x, if: secrets.X == '', steps: [{ run: x }] } }"],
  ["a broken expression", 'on: push\njobs: { a: { runs-on: x, steps: [{ run: "${{ github. }}" }] } }'],
])("GitHub's rules refuse %s in a workflow", async (_, text) => {
  expect(await workflowProblems(text)).not.toEqual([]);
});

test.each([
  ["a runtime that does not exist", "name: x\ndescription: x\nruns: { using: node99, main: dist/index.mjs }"],
  ["a JavaScript action without main", "name: x\ndescription: x\nruns: { using: node24 }"],
])("GitHub's rules refuse %s in action.yml", async (_, text) => {
  expect(await actionProblems(text)).not.toEqual([]);
});

test("queue: max and environments without deployments are known", async () => {
  const text =
    "on: push\nconcurrency: { group: a, queue: max }\njobs: { a: { runs-on: x, environment: { name: prod, deployment: false }, steps: [{ run: x }] } }";
  expect(await workflowProblems(text)).toEqual([]);
});

test("expressions keep their type alone and become text among other text", () => {
  const scope = { contexts: { github: { event: { number: 7 } }, needs: { a: { outputs: { list: '["x"]' } } } } };
  expect(interpolate("${{ github.event.number }}", scope)).toBe(7);
  expect(interpolate("pr-${{ github.event.number }}-${{ github.nothing }}", scope)).toBe("pr-7-");
  expect(interpolate("${{ fromJSON(needs.a.outputs.list) }}", scope)).toEqual(["x"]);
  expect(interpolate("${{ '}}' }}${{ format('{0}', 'it''s') }}", scope)).toBe("}}it's");
  expect(() => evaluate("unknown.context", scope)).toThrow("${{ unknown.context }}");
});

test("an if without a status function means success and more", () => {
  const contexts = { github: { ref: "refs/heads/main" } };
  expect(holds("github.ref == 'refs/heads/main'", { contexts, progress: "failure" })).toBe(false);
  expect(holds("github.ref == 'refs/heads/main'", { contexts, progress: "success" })).toBe(true);
  expect(holds("${{ failure() && github.ref == 'refs/heads/main' }}", { contexts, progress: "failure" })).toBe(true);
  expect(holds("always()", { contexts, progress: "cancelled" })).toBe(true);
  expect(holds("!cancelled()", { contexts, progress: "cancelled" })).toBe(false);
  expect(holds(undefined, { contexts, progress: "failure" })).toBe(false);
});

test("a matrix is the product of its lists, less what is excluded, with what is included", () => {
  const matrix = {
    pg: [17, 18],
    os: ["a", "b"],
    exclude: [{ pg: 17, os: "b" }],
    include: [
      { pg: 18, os: "a", extra: true },
      { pg: 16, os: "a" },
    ],
  };
  expect(expandMatrix(matrix)).toEqual([
    { pg: 17, os: "a" },
    { pg: 18, os: "a", extra: true },
    { pg: 18, os: "b" },
    { pg: 16, os: "a" },
  ]);
  expect(expandMatrix(undefined)).toEqual([{}]);
  expect(expandMatrix({ include: [{ shard: "1/2" }, { shard: "2/2" }] })).toHaveLength(2);
  expect(() => expandMatrix({ a: Array.from({ length: 257 }, (_, index) => index) })).toThrow("257 jobs, GitHub allows 256");
});

test("a fork's token loses every write", () => {
  const declared = { contents: "read", "pull-requests": "write", "id-token": "write" };
  expect(jobPermissions(declared, {}, true)).toEqual(declared);
  expect(jobPermissions(declared, {}, false)).toEqual({ contents: "read", "pull-requests": "read", "id-token": "none" });
  expect(jobPermissions(undefined, {}, true)).toEqual({});
  expect(jobPermissions(undefined, undefined, true)).toEqual({ contents: "read" });
});

test("a group runs one, keeps the newest that waits, and drops the others", async () => {
  const groups = createGroups();
  const request = { group: "Apply", cancelInProgress: false, queue: "single" as const, cancel: () => {} };
  const first = await groups.enter(request);
  const second = groups.enter(request);
  const third = groups.enter({ ...request, group: "apply" });
  expect(await second).toBeNull();
  first?.();
  expect(await third).toBeTypeOf("function");
});

test("at most 100 wait in a group with queue: max", async () => {
  const groups = createGroups();
  const request = { group: "apply", cancelInProgress: false, queue: "max" as const, cancel: () => {} };
  await groups.enter(request);
  for (let index = 0; index < 100; index += 1) void groups.enter(request);
  expect(await groups.enter(request)).toBeNull();
});

test("a star in a branch pattern stays within its part", () => {
  expect(matchesPattern("refs/pull/7/merge", "refs/pull/*/merge")).toBe(true);
  expect(matchesPattern("gh-readonly-queue/main/pr-1-abc", "gh-readonly-queue/**")).toBe(true);
  expect(matchesPattern("release/1/2", "release/*")).toBe(false);
  expect(matchesPattern("main2", "main")).toBe(false);
});
