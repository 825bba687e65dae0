// A scenario on a real server: its goal with the server's endpoint in it, planned and applied by the code of real runs in this process.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyResource } from "../../../src/apply/apply.ts";
import { createApplyPort } from "../../../src/commands/apply-port.ts";
import { createConnector } from "../../../src/commands/connector.ts";
import { reviewedPlan } from "../../../src/commands/reviewed.ts";
import type { Workspace } from "../../../src/commands/workspace.ts";
import { openFileStore } from "../../../src/credentials/file-store.ts";
import { openLogFiles } from "../../../src/io/log-files.ts";
import type { AppliedRole } from "../../../src/model/apply-outcome.ts";
import type { Observed } from "../../../src/model/observed.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import { observe, planObserved, withoutRotations, type Goal } from "../../../src/reconcile.ts";
import { planSession } from "../../../src/session/record.ts";
import { commandContext, outputTo } from "../command-context.ts";
import type { Server } from "../server.ts";
import { readGoal, type Scenario } from "./scenario.ts";

export type Workbench = {
  /** What desired/ wants, of the server under test. */
  readonly goal: Goal;
  readonly observe: () => Promise<Observed>;
  /** As a run would plan it now. */
  readonly plan: () => Promise<readonly RolePlan[]>;
  /** As a run would plan it now, but for passwords that are to be rotated every time. */
  readonly planAgain: () => Promise<readonly RolePlan[]>;
  readonly apply: (reviewed: readonly RolePlan[]) => Promise<readonly AppliedRole[]>;
  /** The password that was delivered for a label, or `null`. */
  readonly passwordOf: (label: string) => Promise<string | null>;
  readonly [Symbol.dispose]: () => void;
};

export async function openWorkbench(server: Server, scenario: Scenario): Promise<Workbench> {
  const root = mkdtempSync(join(tmpdir(), "rolewright-scenario-"));
  const goal = await liveGoal(server, scenario);
  const { resource, settings, specs } = goal;
  const context = commandContext({
    repositoryDirectory: join(root, "access"),
    env: { ROLEWRIGHT_ADMIN_CSV: `resource_name,username,password\n${resource.name},${server.user},${server.password}\n` },
    output: outputTo(() => {
      throw new Error("a scenario prints nothing");
    }),
  });
  const workspace: Workspace = {
    directory: context.repositoryDirectory,
    desired: { settings, resources: [resource], roles: specs, groups: [] },
    run: { actor: "scenarios", commit: "", pullRequest: null, runUrl: "", toolVersion: context.toolVersion },
    sessions: { path: join(root, "sessions"), files: openLogFiles({ path: join(root, "sessions"), within: root }) },
  };
  const store = await openFileStore({ directory: join(root, "credentials"), repositoryDirectory: workspace.directory });
  const reader = createConnector(context, workspace, "plan");
  const read = (): Promise<Observed> => observe(goal, (database) => reader.open(resource, database));
  return {
    goal,
    observe: read,
    plan: async () => planObserved(goal, await read()),
    planAgain: async () => planObserved(withoutRotations(goal), await read()),
    apply: (plans) => {
      const connector = createConnector(context, workspace, "apply");
      const at = context.now();
      const session = (plan: RolePlan) =>
        planSession({ sid: randomUUID(), startedAt: at, endedAt: at, run: workspace.run, plan, source: "repository" });
      return applyResource(
        createApplyPort({ context, workspace, connector, goal, report: () => {} }),
        plans.map(session).map((reviewed) => reviewedPlan(reviewed, { isFromFile: false })),
      );
    },
    passwordOf: async (label) => (await store.current({ resource: resource.name, label }))?.password ?? null,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function liveGoal(server: Server, scenario: Scenario): Promise<Goal> {
  const goal = await readGoal(scenario);
  const resource = { ...goal.resource, host: server.host, port: server.port };
  return { ...goal, resource, settings: { ...goal.settings, credentials: { store: "file:../credentials" } } };
}
