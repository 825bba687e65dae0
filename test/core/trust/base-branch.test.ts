// Which workflow made a pull request's plan: only the one of the branch that it goes to, all the time.
import { expect, test } from "vitest";
import { problemOfBase, type BaseFacts } from "../../../src/trust/base-branch.ts";

const fine: BaseFacts = {
  baseBranch: "main",
  siblings: [{ number: 1, baseBranch: "main" }],
  baseChanges: [],
  runCreatedAt: "2026-01-01T12:00:00Z",
};

test.each<[what: string, problem: string | null, facts: Partial<BaseFacts>]>([
  ["one pull request, never sent elsewhere", null, {}],
  [
    "an older pull request of the same branch into the same branch",
    null,
    { siblings: [...fine.siblings, { number: 2, baseBranch: "main" }] },
  ],
  ["a list that the host has left empty", null, { siblings: [] }],
  ["sent here before its plan", null, { baseChanges: ["2026-01-01T11:59:59Z"] }],
  [
    "another pull request of the same branch into another",
    '#2 is of the same branch and goes to "evil"',
    { siblings: [...fine.siblings, { number: 2, baseBranch: "evil" }] },
  ],
  ["sent here after its plan", "was sent to another base branch", { baseChanges: ["2026-01-01T11:00:00Z", "2026-01-01T12:00:01Z"] }],
  ["sent here in the second of its plan", "was sent to another base branch", { baseChanges: ["2026-01-01T12:00:00Z"] }],
  ["a time that is none", "was sent to another base branch", { baseChanges: ["yesterday"] }],
])("%s", (_, problem, facts) => {
  expect(problemOfBase({ ...fine, ...facts })).toEqual(problem === null ? null : expect.stringContaining(problem));
});
