// Every scenario on a real server: before.json is true, apply does what the plan says, logins may do what the story says, nothing is
// left to do, and nothing else has changed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Observed } from "../../../src/model/observed.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { planObserved } from "../../../src/reconcile.ts";
import { prepareServer } from "../../support/scenarios/before.ts";
import { expectGolden, expectVersionGolden } from "../../support/scenarios/goldens.ts";
import { formatObserved, normaliseObserved } from "../../support/scenarios/observed-json.ts";
import { readOutside, type Ours } from "../../support/scenarios/outside.ts";
import { formatPlanSql, formatPlanYaml } from "../../support/scenarios/plan-goldens.ts";
import { runProbes } from "../../support/scenarios/probes.ts";
import { goldenMajor, readGoal, scenariosOn, titleOf, type Scenario } from "../../support/scenarios/scenario.ts";
import { openWorkbench, type Workbench } from "../../support/scenarios/workbench.ts";
import { serverMajor, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("a scenario is applied as it was planned", () => {
  it.each(scenariosOn(serverMajor).map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    await prepareServer(server, scenario);
    using workbench = await openWorkbench(server, scenario);
    const observed = await workbench.observe();
    await checkGoldens(scenario, observed);
    const plans = planObserved(workbench.goal, observed);
    const ours = oursOf(plans, workbench);
    const outside = await readOutside(server, ours);
    await apply(workbench, plans);
    expect(await readOutside(server, ours), "what is not ours stays as it was").toEqual(outside);
    await removeBlockers(workbench, scenario, plans);
    if (scenario.probes.length > 0) expectInSync(await workbench.planAgain(), plans);
    await runProbes(server, scenario, workbench);
    const last = await workbench.planAgain();
    if (scenario.afterProbes === "in-sync") expectInSync(last, plans);
    else expect(last.map(({ status }) => status)).toContain("out-of-sync");
  });
});

/** Exactly on the version that the goldens are of; on others only the SQL, which may have a golden of its own. */
async function checkGoldens(scenario: Scenario, read: Observed): Promise<void> {
  const observed = normaliseObserved(read, server);
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

/** Orphans that are left alone are outside: nothing of them may change. */
function oursOf(plans: readonly RolePlan[], { goal }: Workbench): Ours {
  const { orphans } = goal.settings;
  const ours = plans.filter(({ config, statements, blockers }) => config.type !== "orphaned" || statements.length + blockers.length > 0);
  const dropped = orphans.action === "drop" ? ours.filter(({ config }) => config.type === "orphaned") : [];
  const heir = orphans.action === "drop" ? orphans.reassignTo : "";
  return { roles: ours.map(({ roleName }) => roleName), heirOf: new Map(dropped.map(({ roleName }) => [roleName, heir])) };
}

/** What could not be planned is not sent to PostgreSQL; where others block something, the rest is done, and the role has failed all the same. */
async function apply(workbench: Workbench, plans: readonly RolePlan[]): Promise<void> {
  const open = plans.filter(({ status }) => status === "out-of-sync");
  if (open.length === 0) return;
  const applied = await workbench.apply(open);
  const outcomes = applied.map(({ plan, outcome }) => [plan.roleName, outcome.status]);
  const messages = applied.map(({ outcome }) => outcome.message).join("\n");
  expect(outcomes, messages).toEqual(open.map(({ roleName, blockers }) => [roleName, blockers.length > 0 ? "failed" : "success"]));
  for (const { plan, outcome } of applied) {
    const states = [...new Set([...outcome.statements, ...Object.values(outcome.databases).map((state) => ({ outcome: state }))])];
    if (plan.blockers.length > 0)
      expect([...new Set(states.map((state) => state.outcome))], outcome.message).toEqual(plan.statements.length > 0 ? ["applied"] : []);
  }
  const left = (await workbench.planAgain()).filter(({ blockers }) => blockers.length > 0);
  for (const { roleName, status, statements } of left) expect([roleName, status, statements]).toEqual([roleName, "out-of-sync", []]);
  const blocked = plans.filter(({ blockers }) => blockers.length > 0);
  expect(left.map(({ roleName, blockers }) => [roleName, blockers])).toEqual(blocked.map(({ roleName, blockers }) => [roleName, blockers]));
}

/** What others have to undo first: the SQL that the plan shows does it, or what the story says people decide, and then the role can be applied. */
async function removeBlockers(workbench: Workbench, scenario: Scenario, plans: readonly RolePlan[]): Promise<void> {
  const blockers = plans.flatMap((plan) => plan.blockers).flatMap(({ sql }) => [...sql, "\\connect postgres"]);
  if (blockers.length === 0) return;
  blockers.push(scenario.decision);
  const { code, stderr } = await server.psql("postgres", blockers.join("\n"));
  expect(code, stderr).toBe(0);
  const unblocked = (await workbench.plan()).filter(({ status }) => status === "out-of-sync");
  const applied = await workbench.apply(unblocked);
  for (const { outcome } of applied) expect(outcome.status, outcome.message).toBe("success");
}

function expectInSync(after: readonly RolePlan[], before: readonly RolePlan[]): void {
  const failed = new Set(before.filter(({ status }) => status === "failed").map(({ roleName }) => roleName));
  const left = after.filter(({ roleName, status }) => status !== "in-sync" && !failed.has(roleName));
  expect(left.map(({ roleName, message, sqlPlan }) => ({ roleName, message, sqlPlan }))).toEqual([]);
}
