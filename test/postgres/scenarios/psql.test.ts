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

describe("psql runs the plan of a scenario to the same end", () => {
  it.each(scenariosOn(serverMajor).map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
    await prepareServer(server, scenario);
    using workbench = await openWorkbench(server, scenario);
    const plans = await workbench.plan();
    const blockers = plans.flatMap((plan) => plan.blockers).flatMap(({ sql }) => [...sql, "\\connect postgres"]);
    const { code, stderr } = await server.psql("postgres", [...blockers, formatPlanSql(plans)].join("\n"));
    expect(code, stderr).toBe(0);
    expect(stderr, "no warning: every statement does something").toBe("");
    const after = (await workbench.planAgain()).map(({ roleName, status }) => [roleName, status]);
    const isGone = ({ statements }: RolePlan): boolean => statements.some(({ change }) => change.kind === "dropRole");
    const expected = plans.filter((plan) => !isGone(plan));
    expect(after).toEqual(expected.map(({ roleName, status }) => [roleName, status === "failed" ? "failed" : "in-sync"]));
  });
});
