// Every scenario without a server: before.json and desired/ give plan.sql and plan.yaml. test/postgres/scenarios proves before.json.
import { describe, expect, it } from "vitest";
import { planObserved } from "../../src/reconcile.ts";
import { expectGolden, readGolden } from "../support/scenarios/goldens.ts";
import { formatObserved, parseObserved } from "../support/scenarios/observed-json.ts";
import { formatPlanSql, formatPlanYaml } from "../support/scenarios/plan-goldens.ts";
import { listScenarios, readGoal, titleOf } from "../support/scenarios/scenario.ts";

describe("a scenario is planned as its goldens say", () => {
  it.each(listScenarios().map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    const before = readGolden(scenario, "before.json");
    if (before === null)
      throw new Error(`${scenario.name}/before.json is missing; UPDATE_GOLDENS=1 with the suite test/postgres/scenarios writes it`);
    const observed = parseObserved(before);
    expect(formatObserved(observed)).toBe(before);
    const plans = planObserved(await readGoal(scenario), observed);
    expectGolden(scenario, "plan.sql", formatPlanSql(plans));
    expectGolden(scenario, "plan.yaml", formatPlanYaml(plans));
    const messages = plans.filter((plan) => plan.status === "failed").map((plan) => plan.message);
    for (const failure of scenario.failures) expect(messages.join("\n")).toContain(failure);
    expect(messages.length > 0, "a plan fails only where the story says so").toBe(scenario.failures.length > 0);
  });
});
