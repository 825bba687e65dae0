// What a person reads where a token lacks a permission.
import { expect, test } from "vitest";
import { lacksPermission, missingPermission } from "../../../src/io/github/permission-error.ts";

const refused = (input: {
  readonly method?: string;
  readonly url?: string;
  readonly accepted?: string;
  readonly status?: number;
  readonly message?: string;
}) =>
  Object.assign(new Error(input.message ?? "Resource not accessible by integration - https://docs.github.com/rest"), {
    status: input.status ?? 403,
    request: { method: input.method ?? "GET", url: input.url ?? "https://api.github.com/repos/o/r/pulls" },
    ...(input.accepted === undefined ? {} : { response: { headers: { "x-accepted-github-permissions": input.accepted } } }),
  });

test.each([
  ["checks=write", "{ checks: write }"],
  ["issues=write; pull_requests=write", "{ issues: write } or { pull-requests: write }"],
  ["contents=read,pull_requests=read", "{ contents: read, pull-requests: read }"],
])("GitHub says of %s", (accepted, permissions) => {
  const error = refused({ accepted });
  expect(lacksPermission(error)).toBe(true);
  expect(lacksPermission(error) && missingPermission(error)).toBe(`permissions: ${permissions}`);
});

test.each([
  ["POST", "/repos/o/r/check-runs", "checks: write"],
  ["GET", "/repos/o/r/commits/abc/check-runs?per_page=100", "checks: read"],
  ["GET", "/repos/o/r/check-suites/1", "checks: read"],
  ["GET", "/repos/o/r/actions/runs/1", "actions: read"],
  ["GET", "/repos/o/r/pulls/1/files", "pull-requests: read"],
  ["GET", "/repos/o/r/commits/abc/pulls", "pull-requests: read"],
  ["POST", "/repos/o/r/issues/1/comments", "pull-requests: write"],
  ["PATCH", "/repos/o/r/issues/comments/1", "pull-requests: write"],
  ["POST", "/repos/o/r/issues", "issues: write"],
  ["GET", "/repos/o/r/deployments", "deployments: read"],
  ["GET", "/repos/o/r/git/ref/heads/main", "contents: read"],
])("without its header, %s %s tells it", (method, path, permission) => {
  for (const url of [`https://github.example/api/v3${path}`, path]) {
    const error = refused({ method, url });
    expect(lacksPermission(error) && missingPermission(error)).toBe(`permissions: { ${permission} }`);
  }
});

test("a header that says nothing is none", () => {
  const error = refused({ accepted: "allows_permissionless_access=true" });
  expect(lacksPermission(error) && missingPermission(error)).toBe("permissions: { pull-requests: read }");
});

test.each<[what: string, error: unknown]>([
  ["a rate limit", refused({ message: "You have exceeded a secondary rate limit" })],
  ["something else that is not there", refused({ status: 404 })],
  ["an error of another kind", new Error("Resource not accessible by integration")],
  ["no error", "Resource not accessible by integration"],
])("%s is no missing permission", (_, error) => {
  expect(lacksPermission(error)).toBe(false);
});
