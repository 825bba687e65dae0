// What the doctor says of branch rules and environments.
import { describe, expect, test } from "vitest";
import { judgeBranch, type BranchFacts, type BranchRule } from "../../../src/doctor/judge-branch.ts";
import { judgeEnvironments, type EnvironmentFacts } from "../../../src/doctor/judge-environments.ts";
import { ownSteps } from "../../../src/doctor/own-steps.ts";
import { readWorkflow } from "../../../src/doctor/workflow.ts";
import { initFiles } from "../../../src/init/files.ts";
import { defaultWorkflowOptions } from "../../../src/init/workflow-parts.ts";
import { placeholderPin } from "../../../src/model/action-pin.ts";

const check = "rolewright plan (default)";
const review = { kind: "pull-request", approvals: 1, dismissesStale: true, needsLastPushApproval: true, needsCodeOwners: true } as const;
const good: readonly BranchRule[] = [
  review,
  { kind: "check", name: check, app: 15_368 },
  { kind: "no-force-push" },
  { kind: "no-deletion" },
];

const wrong = (facts: Partial<BranchFacts>): readonly (readonly [string, string])[] =>
  judgeBranch({ name: "main", rules: good, classic: { value: [] }, ...facts }, [check])
    .filter(({ state }) => state !== "ok")
    .map(({ code, state }) => [code, state]);

describe("branch rules", () => {
  test("as the README asks for them", () => {
    expect(wrong({})).toEqual([]);
  });

  test.each([
    [{ approvals: 0 }, "approvals"],
    [{ dismissesStale: false }, "stale-approvals"],
    [{ needsLastPushApproval: false }, "last-push-approval"],
    [{ needsCodeOwners: false }, "code-owner-review"],
  ])("a review with %j lacks %s", (spoiled, code) => {
    expect(wrong({ rules: [{ ...review, ...spoiled }, ...good.slice(1)] })).toEqual([[code, "problem"]]);
  });

  test("rules of several rulesets and of classic protection count together", () => {
    const rules: readonly BranchRule[] = [{ ...review, approvals: 0 }, ...good.slice(1, 3)];
    expect(wrong({ rules, classic: { value: [{ ...review, needsCodeOwners: false }, { kind: "no-deletion" }] } })).toEqual([]);
  });

  test("none at all", () => {
    expect(wrong({ rules: [] })).toEqual([
      ["pull-request-required", "problem"],
      ["required-check", "problem"],
      ["force-pushes", "problem"],
      ["deletion", "warning"],
    ]);
  });

  test("what classic protection may say and the token may not see is not called a problem", () => {
    expect(wrong({ rules: [], classic: { hidden: "administration: read" } }).map(([, state]) => state)).toEqual(Array(4).fill("warning"));
  });

  test("a check of anybody, a check of another name, and administrators who are not bound", () => {
    const others = good.filter(({ kind }) => kind !== "check");
    expect(wrong({ rules: [...others, { kind: "check", name: check, app: null }] })).toEqual([["required-check-source", "warning"]]);
    expect(wrong({ rules: [...others, { kind: "check", name: "plan", app: 1 }] })).toEqual([["required-check", "problem"]]);
    expect(wrong({ classic: { value: [{ kind: "administrators-exempt" }] } })).toEqual([["administrators", "warning"]]);
  });
});

describe("environments", () => {
  const files = initFiles({ pin: placeholderPin, options: defaultWorkflowOptions, repository: null, codeOwners: [], serverUrl: "" });
  const steps = ownSteps(files.flatMap((file) => (file.path.endsWith(".yml") ? [readWorkflow(file)] : [])).filter((each) => each !== null));
  const branch = (...patterns: readonly string[]) => patterns.map((pattern) => ({ pattern, kind: "branch" as const }));
  const plan: EnvironmentFacts = {
    reviewers: 0,
    preventsSelfReview: false,
    refs: branch("refs/pull/*/merge", "gh-readonly-queue/main/*", "main"),
  };
  const apply: EnvironmentFacts = { reviewers: 1, preventsSelfReview: true, refs: branch("main") };
  const found = (input: { plan?: EnvironmentFacts | null; apply?: EnvironmentFacts | null; queue?: boolean }) => {
    const { plan: ofPlan = plan, apply: ofApply = apply, queue = true } = input;
    const seen = new Map([
      ["rolewright-plan", { value: ofPlan }],
      ["rolewright-apply", { value: ofApply }],
    ]);
    return judgeEnvironments(steps, seen, { defaultBranch: "main", hasMergeQueue: queue })
      .filter(({ state }) => state !== "ok")
      .map(({ code, state }) => [code, state]);
  };

  test("as the README asks for them", () => {
    expect(found({})).toEqual([]);
  });

  test.each([
    ["every branch", null, "problem"],
    ["protected branches", "protected-branches", "warning"],
    ["no branch", [], "problem"],
    ["another branch", branch("trunk"), "problem"],
    ["a branch more", branch("main", "hotfix/*"), "problem"],
    ["a tag of that name", [{ pattern: "main", kind: "tag" }], "problem"],
  ] as const)("the admin accounts for %s", (_what, refs, state) => {
    expect(found({ apply: { ...apply, refs } })).toEqual([["apply-branches", state]]);
  });

  test("nobody is asked before an apply, or whoever started it", () => {
    expect(found({ apply: { ...apply, reviewers: 0, preventsSelfReview: false } })).toEqual([["apply-reviewers", "warning"]]);
    expect(found({ apply: { ...apply, preventsSelfReview: false } })).toEqual([["apply-self-review", "warning"]]);
  });

  test.each([
    ["every branch", null, [["plan-open", "warning"]]],
    ["any name", branch("*", "refs/pull/*/merge", "gh-readonly-queue/**"), [["plan-open", "warning"]]],
    ["protected branches", "protected-branches", [["plan-branches", "problem"]]],
    ["no pull requests", branch("main", "gh-readonly-queue/main/*"), [["plan-branches", "problem"]]],
    ["no merge queue", branch("main", "refs/pull/*/merge"), [["plan-branches", "problem"]]],
    ["no default branch", branch("refs/pull/*/merge", "gh-readonly-queue/main/*"), [["plan-branches", "problem"]]],
  ] as const)("the planners for %s", (_what, refs, expected) => {
    expect(found({ plan: { ...plan, refs } })).toEqual(expected);
  });

  test("a merge queue is asked for only where there is one", () => {
    expect(found({ plan: { ...plan, refs: branch("main", "refs/pull/*/merge") }, queue: false })).toEqual([]);
  });

  test("plans that wait for reviewers, and environments that are not there", () => {
    expect(found({ plan: { ...plan, reviewers: 1 } })).toEqual([["plan-reviewers", "warning"]]);
    expect(found({ plan: null, apply: null })).toEqual([
      ["environment", "problem"],
      ["environment", "problem"],
    ]);
  });

  test("one environment for both", () => {
    const shared = steps.map((step) => ({ ...step, job: { ...step.job, environment: "prod" } }));
    const seen = new Map([["prod", { value: apply }]]);
    const codes = judgeEnvironments(shared, seen, { defaultBranch: "main", hasMergeQueue: false }).filter(({ state }) => state !== "ok");
    expect(codes.map(({ code, state }) => [code, state])).toEqual([["environment-mixed", "problem"]]);
  });
});
