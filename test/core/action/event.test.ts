// Which events rolewright works in, and what it takes from their payloads.
import { expect, test } from "vitest";
import { readEvent } from "../../../src/action/event.ts";

const commit = "a".repeat(40);
const pull = {
  pull_request: { number: 7, head: { sha: commit, repo: { id: 1 } }, base: { ref: "main", sha: "b".repeat(40), repo: { id: 1 } } },
  repository: { default_branch: "main" },
};
const read = (name: string, payload: Readonly<Record<string, unknown>>) =>
  readEvent({ GITHUB_EVENT_NAME: name, GITHUB_SHA: commit, GITHUB_REF: "refs/heads/main" }, payload);

test.each([
  "workflow_run",
  "issue_comment",
  "issues",
  "pull_request_review",
  "pull_request_review_comment",
  "repository_dispatch",
  "check_run",
  "workflow_call",
  "PULL_REQUEST",
  "constructor",
  "",
])("the event %j is refused", (name) => {
  expect(() => read(name, pull)).toThrow("rolewright does nothing on the event");
});

test("pull_request_target is refused, with the reason", () => {
  expect(() => read("pull_request_target", {})).toThrow("it would put secrets and a writing token beside files of strangers");
});

test.each<[what: string, repo: unknown, isFromFork: boolean]>([
  ["the same repository", { id: 1 }, false],
  ["a fork", { id: 2 }, true],
  ["a fork that is gone", null, true],
  ["a repository without an id", {}, true],
  ["an id as text", { id: "1" }, true],
])("a pull request of %s", (_, repo, isFromFork) => {
  const head = { ...pull.pull_request.head, repo };
  expect(read("pull_request", { ...pull, pull_request: { ...pull.pull_request, head } })).toMatchObject({ number: 7, isFromFork });
});

test.each<[what: string, payload: Readonly<Record<string, unknown>>]>([
  ["nothing", {}],
  ["no repository", { pull_request: pull.pull_request }],
  ["a head that is no commit", { ...pull, pull_request: { ...pull.pull_request, head: { sha: "--upload-pack=x", repo: { id: 1 } } } }],
  ["a base that is no commit", { ...pull, pull_request: { ...pull.pull_request, base: { ref: "main", sha: "HEAD", repo: { id: 1 } } } }],
  ["a number that is a text", { ...pull, pull_request: { ...pull.pull_request, number: "7" } }],
  ["a list", { ...pull, pull_request: [] }],
])("a payload with %s is refused", (_, payload) => {
  expect(() => read("pull_request", payload)).toThrow("the event's payload has no");
});
