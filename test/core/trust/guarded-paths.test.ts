// Files with which a pull request could make its own evidence.
import { expect, test } from "vitest";
import { guardedPaths } from "../../../src/trust/guarded-paths.ts";

test.each([
  ".github/workflows/rolewright-plan.yml",
  ".github/actions/plan/action.yml",
  ".github/CODEOWNERS",
  ".github/x",
  ".gitea/workflows/plan.yml",
  ".forgejo/workflows/plan.yml",
  "CODEOWNERS",
  "docs/CODEOWNERS",
  ".gitea/CODEOWNERS",
])("guarded: %s", (path) => {
  expect(guardedPaths(["roles.csv", path])).toEqual([path]);
});

test.each([
  "roles.csv",
  "inventory/.github.csv",
  "github/workflows/plan.yml",
  ".githubx/y",
  "roles/CODEOWNERS",
  "docs/CODEOWNERS.md",
  "x/.github/y",
  "",
])("free: %s", (path) => {
  expect(guardedPaths([path])).toEqual([]);
});
