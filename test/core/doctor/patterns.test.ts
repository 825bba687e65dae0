import { describe, expect, test } from "vitest";
import { ownersOf, parseCodeOwners } from "../../../src/doctor/code-owners.ts";
import { matchesGlob } from "../../../src/doctor/glob.ts";
import { findPlaceholders } from "../../../src/doctor/placeholders.ts";
import { isPlaceholderUse, parsePin, placeholderPin } from "../../../src/model/action-pin.ts";

describe("patterns of refs", () => {
  test.each([
    ["main", "main", true],
    ["main", "mainly", false],
    ["*", "main", true],
    ["*", "release/1", false],
    ["release/*", "release/1", true],
    ["release/*", "release/1/2", false],
    ["release/**", "release/1/2", true],
    ["**/main", "main", true],
    ["**/main", "a/b/main", true],
    ["refs/pull/*/merge", "refs/pull/12/merge", true],
    ["refs/pull/*/merge", "refs/pull/12/head", false],
    ["gh-readonly-queue/main/*", "gh-readonly-queue/main/pr-1-abc", true],
    ["v?.*", "v1.2", true],
    ["v?.*", "v12.2", false],
    ["a*b*c", "axxbxxc", true],
    ["a*b*c", "axxbxx", false],
    ["a.b", "axb", false],
    ["", "", true],
  ])("%j and %j: %j", (pattern, ref, matches) => {
    expect(matchesGlob(pattern, ref)).toBe(matches);
  });

  test("a hostile one takes no time", () => {
    expect(matchesGlob("*a".repeat(500), `${"a".repeat(5_000)}b`)).toBe(false);
    expect(matchesGlob("**/".repeat(500), "a/".repeat(500))).toBe(true);
  });
});

describe("CODEOWNERS", () => {
  test.each([
    ["* @all", "roles.csv", ["@all"]],
    ["* @all", "a/b/roles.csv", ["@all"]],
    ["/.github/ @a", ".github/workflows/x.yml", ["@a"]],
    ["/.github/ @a", "sub/.github/x.yml", []],
    ["/.github/ @a", ".github", []],
    [".github/ @a", "sub/.github/x.yml", ["@a"]],
    ["roles.csv @a", "deep/roles.csv", ["@a"]],
    ["/roles.csv @a", "deep/roles.csv", []],
    ["docs/* @a", "docs/x.md", ["@a"]],
    ["docs/* @a", "docs/deep/x.md", []],
    ["docs/** @a", "docs/deep/x.md", ["@a"]],
    ["**/roles @a", "a/b/roles/ro.yaml", ["@a"]],
    ["*.csv @a b@example.com", "roles.csv", ["@a", "b@example.com"]],
    ["* @all\n/roles.csv", "roles.csv", []],
    ["* @all\n/roles.csv @dba", "roles.csv", ["@dba"]],
    ["# * @all\n  \n* @b # why", "roles.csv", ["@b"]],
    ["my\\ file.csv @a", "my file.csv", ["@a"]],
  ])("%j, for %s: %j", (text, path, owners) => {
    expect(ownersOf(parseCodeOwners(text), path)).toEqual(owners);
  });
});

describe("placeholders", () => {
  test("are found at their places, and not in comments", () => {
    const workflow = `jobs:\n  a:\n    steps:\n      - uses: ${placeholderPin.uses} # x\n      - name: b\n        uses: OWNER/rolewright@main\n      # - uses: ${placeholderPin.uses}\n`;
    const found = findPlaceholders([
      { path: ".github/workflows/a.yml", text: workflow },
      { path: ".github/CODEOWNERS", text: "# @OWNER/team\n* @ada @OWNER/team\n" },
    ]);
    expect(found.map(({ code, at }) => [code, at?.file, at?.line, at?.column])).toEqual([
      ["placeholder-pin", ".github/workflows/a.yml", 4, 15],
      ["placeholder-pin", ".github/workflows/a.yml", 6, 15],
      ["placeholder-owner", ".github/CODEOWNERS", 2, 8],
    ]);
  });

  test.each([
    [placeholderPin.uses, true],
    [`acme/rolewright@${"0".repeat(40)}`, true],
    [`acme/rolewright@${"a".repeat(40)}`, false],
    ["acme/rolewright@v1", false],
  ])("%s: %j", (uses, isPlaceholder) => {
    expect(isPlaceholderUse(uses)).toBe(isPlaceholder);
  });

  test("a pin is a full commit and nothing else", () => {
    const commit = "a1".repeat(20);
    expect(parsePin(`acme/rolewright@${commit}`, "v1")).toEqual({ uses: `acme/rolewright@${commit}`, version: "v1" });
    for (const text of [
      "acme/rolewright@v1",
      `acme/rolewright@${commit.slice(1)}`,
      `rolewright@${commit}`,
      `a/b/c@${commit}`,
      `a/b@${commit}\nx`,
    ])
      expect(parsePin(text, "v1")).toBeNull();
  });
});
