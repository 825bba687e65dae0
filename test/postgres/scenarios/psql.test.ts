// The SQL that a reviewer reads is a script that psql runs as it stands: run by a superuser, it reaches the same end as apply.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RolePlan } from "../../../src/model/plan.ts";
import { prepareServer } from "../../support/scenarios/before.ts";
import { formatPlanSql } from "../../support/scenarios/plan-goldens.ts";
import { scenariosOn, titleOf } from "../../support/scenarios/scenario.ts";
import { openWorkbench } from "../../support/scenarios/workbench.ts";
import { serverMajor, startServer, type Server } from "../../support/server.ts";

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function run(script: string): Promise<void> {
  const { code, stderr } = await server.psql("postgres", script);
  expect(code, stderr).toBe(0);
  expect(stderr, "no warning: every statement does something").toBe("");
}

function isGone({ statements }: RolePlan): boolean {
  return statements.some(({ change }) => change.kind === "dropRole");
}

describe("psql runs the plan of a scenario to the same end", () => {
  it.each(scenariosOn(serverMajor).map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    await prepareServer(server, scenario);
    using workbench = await openWorkbench(server, scenario);
    const plans = await workbench.plan();
    await run(formatPlanSql(plans));
    const blockers = plans.flatMap((plan) => plan.blockers).flatMap(({ sql }) => [...sql, "\\connect postgres"]);
    const isBlocked = plans.some((plan) => plan.blockers.length > 0);
    if (isBlocked) await run([...blockers, scenario.decision].join("\n"));
    const rest = isBlocked ? (await workbench.planAgain()).filter(({ status }) => status === "out-of-sync") : [];
    if (rest.length > 0) await run(formatPlanSql(rest));
    const after = (await workbench.planAgain()).map(({ roleName, status }) => [roleName, status]);
    const gone = new Set([...plans, ...rest].filter(isGone).map(({ roleName }) => roleName));
    const expected = plans.filter(({ roleName }) => !gone.has(roleName));
    expect(after).toEqual(expected.map(({ roleName, status }) => [roleName, status === "failed" ? "failed" : "in-sync"]));
  });
});
