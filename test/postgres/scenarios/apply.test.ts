// Every scenario on a real server: before.json is true, apply does what the plan says, logins may do what the story says, nothing is
// left to do, and nothing else has changed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RolePlan } from "../../../src/model/plan.ts";
import { planObserved } from "../../../src/reconcile.ts";
import { runBefore } from "../../support/scenarios/before.ts";
import { expectGolden, expectVersionGolden } from "../../support/scenarios/goldens.ts";
import { formatObserved, normaliseObserved } from "../../support/scenarios/observed-json.ts";
import { readOutside, type Ours } from "../../support/scenarios/outside.ts";
import { formatPlanSql, formatPlanYaml } from "../../support/scenarios/plan-goldens.ts";
import { runProbes } from "../../support/scenarios/probes.ts";
import { goldenMajor, listScenarios, readGoal, titleOf, type Scenario } from "../../support/scenarios/scenario.ts";
import { openWorkbench, type Workbench } from "../../support/scenarios/workbench.ts";
import { resetCluster, serverMajor, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const scenarios = listScenarios().filter(({ versions }) => versions.min <= serverMajor && serverMajor <= versions.max);

describe("a scenario is applied as it was planned", () => {
  it.each(scenarios.map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    await resetCluster(server);
    await runBefore(server, scenario);
    using workbench = await openWorkbench(server, scenario);
    await checkGoldens(scenario, workbench);
    const plans = await workbench.plan();
    const ours = oursOf(plans, workbench);
    const outside = await readOutside(server, ours);
    await apply(scenario, workbench, plans);
    expect(await readOutside(server, ours), "what is not ours stays as it was").toEqual(outside);
    await removeBlockers(server, workbench, plans);
    expectInSync(await workbench.plan(), plans);
    await runProbes(server, scenario, workbench);
    const last = await workbench.plan();
    if (scenario.afterProbes === "in-sync") expectInSync(last, plans);
    else expect(last.map(({ status }) => status)).toContain("out-of-sync");
  });
});

/** Exactly on the version that the goldens are of; on others only the SQL, which may have a golden of its own. */
async function checkGoldens(scenario: Scenario, workbench: Workbench): Promise<void> {
  const observed = normaliseObserved(await workbench.observe(), server);
  const plans = planObserved(await readGoal(scenario), observed);
  const sql = formatPlanSql(plans);
  if (serverMajor !== goldenMajor(scenario)) {
    expectVersionGolden(scenario, { major: serverMajor, newest: goldenMajor(scenario), actual: sql });
    return;
  }
  expectGolden(scenario, "before.json", formatObserved(observed));
  expectGolden(scenario, "plan.sql", sql);
  expectGolden(scenario, "plan.yaml", formatPlanYaml(plans));
}

function oursOf(plans: readonly RolePlan[], { goal }: Workbench): Ours {
  const { orphans } = goal.settings;
  const dropped = orphans.action === "drop" ? plans.filter((plan) => plan.config.type === "orphaned") : [];
  const heir = orphans.action === "drop" ? orphans.reassignTo : "";
  return { roles: plans.map(({ roleName }) => roleName), heirOf: new Map(dropped.map(({ roleName }) => [roleName, heir])) };
}

async function apply(scenario: Scenario, workbench: Workbench, plans: readonly RolePlan[]): Promise<void> {
  const planned = await workbench.runPlan();
  expect(planned.sessions.map(({ config, status }) => [config.role_name, status])).toEqual(plans.map(({ roleName, status }) => [roleName, status]));
  const applied = await workbench.runApply();
  const expected = plans
    .filter(({ status }) => status === "out-of-sync")
    .map(({ roleName, blockers }) => [roleName, blockers.length > 0 ? "failed" : "success"]);
  const sessions = applied.sessions.map(({ config, status }) => [config.role_name, status]);
  expect(sessions, `${scenario.name}: ${applied.errors}${applied.sessions.map(({ message }) => message).join("\n")}`).toEqual(expected);
  const isClean = plans.every(({ status, blockers }) => status !== "failed" && blockers.length === 0);
  expect(applied.exitCode).toBe(isClean ? 0 : 1);
}

/** What others have to undo first: the SQL that the plan shows does it, and then the plan can be applied. */
async function removeBlockers(on: Server, workbench: Workbench, plans: readonly RolePlan[]): Promise<void> {
  const blockers = plans.flatMap((plan) => plan.blockers);
  if (blockers.length === 0) return;
  const { code, stderr } = await on.psql("postgres", blockers.flatMap(({ sql }) => sql).join("\n"));
  expect(code, stderr).toBe(0);
  await workbench.runPlan();
  const { exitCode, sessions } = await workbench.runApply();
  expect(exitCode, sessions.map(({ message }) => message).join("\n")).toBe(0);
}

function expectInSync(after: readonly RolePlan[], before: readonly RolePlan[]): void {
  const failed = new Set(before.filter(({ status }) => status === "failed").map(({ roleName }) => roleName));
  const left = after.filter(({ roleName, status }) => status !== "in-sync" && !failed.has(roleName));
  expect(left.map(({ roleName, message, sqlPlan }) => ({ roleName, message, sqlPlan }))).toEqual([]);
}
