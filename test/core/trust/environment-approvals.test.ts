// Who stands in the session as the one who let the job run.
import { expect, test } from "vitest";
import { approversOfJob, type EnvironmentReview } from "../../../src/trust/environment-approvals.ts";

const review = (login: string, environment: string, state = "approved"): EnvironmentReview => ({
  login,
  state,
  environments: [environment],
});

test.each<
  [what: string, approvers: readonly string[], reviews: readonly EnvironmentReview[], attempt?: number, environment?: string | null]
>([
  ["nobody had to", [], []],
  ["one did", ["ada"], [review("ada", "apply")]],
  ["another one let another job go on", ["ada"], [review("wen", "plan"), review("ada", "apply")]],
  ["one let both go on", ["ada"], [{ ...review("ada", "plan"), environments: ["plan", "apply"] }]],
  ["a name in other letters", ["ada"], [review("ada", "Apply")]],
  ["one rejected it", [], [review("ada", "apply", "rejected")]],
  ["the same one in both attempts", ["ada"], [review("ada", "apply"), review("ada", "apply")], 2],
  ["one in each attempt, nobody knows who in which", [], [review("ada", "apply"), review("wen", "apply")], 2],
  ["the environment is not known", [], [review("ada", "apply")], 1, null],
])("%s", (_, approvers, reviews, attempt = 1, environment = "apply") => {
  expect(approversOfJob(reviews, { environment, attempt })).toEqual(approvers);
});
