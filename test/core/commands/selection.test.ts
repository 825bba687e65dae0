import { describe, expect, test } from "vitest";
import { addToList, readApplySource, readPlanSource, type PlanFlags } from "../../../src/commands/selection.ts";

describe("what plan works on", () => {
  const lawful: readonly (readonly [string, string | undefined, PlanFlags, object])[] = [
    ["the whole repository", undefined, {}, { from: "repository", resource: null, label: null }],
    ["one resource", "analytics", {}, { from: "repository", resource: "analytics", label: null }],
    ["one declared role", "analytics", { role: "ro" }, { from: "repository", resource: "analytics", label: "ro" }],
    ["a file", undefined, { file: "plan.yaml" }, { from: "file", path: "plan.yaml" }],
    [
      "a role written in flags, managed unless said",
      "analytics",
      { role: "ro", scopes: ["app"], privileges: ["SELECT"] },
      {
        from: "flags",
        resource: "analytics",
        label: "ro",
        type: "managed",
        scopes: ["app"],
        privileges: ["SELECT"],
        sourceRole: null,
        rotatePassword: false,
      },
    ],
  ];
  test.each(lawful)("%s", (_name, resource, flags, expected) => {
    expect(readPlanSource(resource, flags)).toEqual(expected);
  });

  const refused: readonly (readonly [string, string | undefined, PlanFlags, RegExp])[] = [
    ["a file and a resource", "analytics", { file: "plan.yaml" }, /-f .* cannot be combined with the resource "analytics"/u],
    ["a file and flags", undefined, { file: "plan.yaml", role: "ro", scopes: ["a"] }, /cannot be combined with --role, --scopes/u],
    ["flags without a resource", undefined, { role: "ro" }, /--role needs a resource/u],
    [
      "flags without a role",
      "analytics",
      { privileges: ["SELECT"], rotatePassword: true },
      /--privileges, --rotate-password needs --role/u,
    ],
  ];
  test.each(refused)("is never %s", (_name, resource, flags, message) => {
    expect(() => readPlanSource(resource, flags)).toThrow(message);
  });
});

describe("what apply works on", () => {
  test("a session of a resource, or a result file", () => {
    expect(readApplySource("analytics", { sid: "x" })).toEqual({ from: "session", resource: "analytics", sid: "x" });
    expect(readApplySource(undefined, { file: "result.yaml" })).toEqual({ from: "result", path: "result.yaml" });
  });

  test.each([
    ["nothing", undefined, {}, /needs a reviewed plan/u],
    ["a resource alone", "analytics", {}, /needs the --sid/u],
    ["a sid alone", undefined, { sid: "x" }, /needs the resource/u],
    ["both", "analytics", { file: "result.yaml" }, /cannot be combined/u],
    ["a sid with a file", undefined, { file: "result.yaml", sid: "x" }, /cannot be combined/u],
  ] as const)("is never %s", (_name, resource, flags, message) => {
    expect(() => readApplySource(resource, flags)).toThrow(message);
  });
});

test("F50 a list in a flag keeps empty parts and stray quotes for the reader to refuse", () => {
  expect(addToList('analytics.public, legacy,"a,b".c')).toEqual(["analytics.public", "legacy", '"a,b".c']);
  expect(addToList("b", ["a"])).toEqual(["a", "b"]);
  expect(addToList("a,,b")).toEqual(["a", "", "b"]);
  expect(addToList('a"')).toEqual(['a"']);
});
