// Which workflow made a pull request's plan: only the one of the branch that it goes to, all the time.
import { expect, test } from "vitest";
import { problemOfBase, type BaseFacts } from "../../../src/trust/base-branch.ts";

const fine: BaseFacts = {
  baseBranch: "main",
  siblings: [{ number: 1, baseBranch: "main", baseChanges: [] }],
  runCreatedAt: "2026-01-01T12:00:00Z",
};

/** The pull request itself, sent elsewhere at these times. */
const sent = (...baseChanges: readonly string[]): Partial<BaseFacts> => ({ siblings: [{ number: 1, baseBranch: "main", baseChanges }] });
/** Beside it another one of the same branch. */
const beside = (baseBranch: string, ...baseChanges: readonly string[]): Partial<BaseFacts> => ({
  siblings: [...fine.siblings, { number: 2, baseBranch, baseChanges }],
});

test.each<[what: string, problem: string | null, facts: Partial<BaseFacts>]>([
  ["one pull request, never sent elsewhere", null, {}],
  ["an older pull request of the same branch into the same branch", null, beside("main")],
  ["sent here before its plan", null, sent("2026-01-01T11:59:59Z")],
  ["another pull request of the same branch into another", '#2 is of the same branch and goes to "evil"', beside("evil")],
  ["another one that came here before the plan", null, beside("main", "2026-01-01T11:59:59Z")],
  ["another one that came here after the plan", "#2 is of the same branch and was sent", beside("main", "2026-01-01T12:00:01Z")],
  [
    "another one that went and came back",
    "#2 is of the same branch and was sent",
    beside("main", "2026-01-01T11:00:00Z", "2026-01-01T13:00:00Z"),
  ],
  ["sent here after its plan", "#1 is of the same branch and was sent", sent("2026-01-01T11:00:00Z", "2026-01-01T12:00:01Z")],
  ["sent here in the second of its plan", "was sent to another base branch", sent("2026-01-01T12:00:00Z")],
  ["a time that is none", "was sent to another base branch", sent("yesterday")],
])("%s", (_, problem, facts) => {
  expect(problemOfBase({ ...fine, ...facts })).toEqual(problem === null ? null : expect.stringContaining(problem));
});
