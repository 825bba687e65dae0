// One drawn catalog and several declarations of it, one after the other: the state that one leaves is where the next begins.
import { compareNames } from "../../../src/model/name.ts";
import { randomBytes } from "node:crypto";
import { applyResource, type ApplyPort } from "../../../src/apply/apply.ts";
import type { ReviewedPlan } from "../../../src/apply/gate.ts";
import { createApplyPort } from "../../../src/commands/apply-port.ts";
import type { Connector } from "../../../src/commands/connector.ts";
import type { CommandContext } from "../../../src/commands/context.ts";
import type { Workspace } from "../../../src/commands/workspace.ts";
import { makeScramVerifier } from "../../../src/credentials/scram.ts";
import { checksumVersion, type RolePlan } from "../../../src/model/plan.ts";
import type { Resource } from "../../../src/model/resource.ts";
import { planResource, type Goal } from "../../../src/reconcile.ts";
import type { Server } from "../server.ts";
import type { CatalogScript } from "./catalog-sql.ts";
import { desiredOf, resourceName, type Desired, type DesiredDraw } from "./desired.ts";
import type { Facts } from "./facts.ts";
import { deviations, type Judged } from "./oracle.ts";
import { buildWorld, type World } from "./world.ts";

const verifier = makeScramVerifier("known", randomBytes(16));

/** @returns the number of cases. @throws Error that says what is wrong, of which declaration. */
export async function runStory(server: Server, script: CatalogScript, desires: readonly DesiredDraw[]): Promise<number> {
  const world = await buildWorld(server, script);
  try {
    let facts = await world.facts();
    for (const [index, draw] of desires.entries()) {
      const schemas = new Map(facts.local.map(({ name, schemas: list }) => [name, list.map((schema) => schema.name)]));
      const desired = desiredOf(draw, script, schemas);
      try {
        facts = await runCase(world, desired, facts);
      } catch (error) {
        throw new Error(
          `declaration ${index + 1}: ${messageOf(error)}\nDECLARED ${JSON.stringify(desired.specs)} ${JSON.stringify(desired.settings.orphans)} ${desired.settings.foreignGrants}\nSCRIPT ${JSON.stringify(script, null, 1)}`,
          { cause: error },
        );
      }
    }
    return desires.length;
  } finally {
    await world.close();
  }
}

/** The scripts that people read, run by psql one after the other, reach the same end as an apply. */
export async function runScripts(server: Server, script: CatalogScript, draw: DesiredDraw): Promise<void> {
  const world = await buildWorld(server, script);
  try {
    const before = await world.facts();
    const schemas = new Map(before.local.map(({ name, schemas: list }) => [name, list.map((schema) => schema.name)]));
    const desired = desiredOf(draw, script, schemas);
    const goal = goalOf(world, desired);
    const plans = await planResource(goal, (database) => world.open(world.admin, database));
    const runnable = plans.filter(({ status }) => status !== "failed");
    for (const { sqlPlan } of runnable) {
      const { code, stderr } = await server.psql("postgres", sqlPlan);
      // Two roles that may create and reach each other's objects need one apply: neither script can be first.
      if (code !== 0 && isMutual(desired) && /role "hoopdev[^"]*" does not exist/u.test(stderr)) return;
      if (code !== 0 || stderr !== "") throw new Error(`psql says ${stderr} of\n${sqlPlan}\nSCRIPT ${JSON.stringify(script, null, 1)}`);
    }
    const input = { before, after: await world.facts(), judged: judgedOf(plans, desired), desired, version: server.version };
    const wrong = deviations(input);
    if (wrong.length > 0)
      throw new Error(`psql reaches another end:\n${wrong.slice(0, 12).join("\n")}\nSCRIPT ${JSON.stringify(script, null, 1)}`);
  } finally {
    await world.close();
  }
}

/** Whether roles can need each other: two that create for each other, or a member of one that reaches what its members make. */
function isMutual({ specs }: Desired): boolean {
  const reaching = specs.filter(({ futureObjects }) => futureObjects);
  const hasMember = specs.some(({ sourceRole }) => specs.some(({ roleName }) => roleName === sourceRole));
  return reaching.filter(({ privileges }) => privileges.includes("CREATE")).length > 1 || (reaching.length > 0 && hasMember);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function runCase(world: World, desired: Desired, first: Facts): Promise<Facts> {
  const goal = goalOf(world, desired);
  let before = first;
  for (let round = 1; ; round += 1) {
    const plans = await planResource(goal, (database) => world.open(world.admin, database));
    await checkSamePlan(world, goal, plans);
    checkFailures(plans, before, desired);
    const outcomes = await apply(world, goal, plans);
    const judged = judgedOf(plans, desired);
    const after = await world.facts();
    const wrong = deviations({ before, after, judged, desired, version: world.server.version });
    if (wrong.length > 0)
      throw new Error(
        `the oracle disagrees:\n${wrong.slice(0, 12).join("\n")}\nPLANNED\n${plans.map(({ sqlPlan }) => sqlPlan).join("\n")}`,
      );
    const blocked = plans.filter(({ blockers }) => blockers.length > 0);
    await checkNothingLeft(world, goal, plans, outcomes);
    if (blocked.length === 0 || round === 3) return after;
    await removeBlockers(world, goal);
    before = await world.facts();
  }
}

function goalOf(world: World, { specs, settings }: Desired): Goal {
  const resource: Resource = {
    name: resourceName,
    type: "PostgreSQL",
    host: world.server.host,
    port: world.server.port,
    maintenanceDatabase: "postgres",
    tags: [],
    origin: { file: "inventory.yaml", line: 1, column: 1 },
  };
  return { resource, specs, settings, planned: new Set(specs.map(({ roleName }) => roleName)), withOrphans: true };
}

/** Neither the order of what is read nor who looks changes a checksum. */
async function checkSamePlan(world: World, goal: Goal, plans: readonly RolePlan[]): Promise<void> {
  const turned = goal.specs
    .toReversed()
    .map((spec) => ({ ...spec, scopes: spec.scopes.toReversed(), privileges: spec.privileges.toReversed() }));
  const others = await planResource({ ...goal, specs: turned }, (database) => world.open(world.planner, database));
  const checksums = (list: readonly RolePlan[]): string =>
    JSON.stringify(list.map(({ roleName, checksum }) => [roleName, checksum] as const).toSorted(([a], [b]) => compareNames(a, b)));
  if (checksums(plans) === checksums(others)) return;
  const text = (list: readonly RolePlan[]): string =>
    JSON.stringify(
      list
        .map(({ roleName, observed, statements, message }) => ({
          roleName,
          message,
          observed,
          statements: statements.map(({ sql }) => sql),
        }))
        .toSorted((a, b) => (a.roleName < b.roleName ? -1 : 1)),
      null,
      1,
    );
  throw new Error(`a plan from another order by another login differs:\n${text(plans)}\n---\n${text(others)}`);
}

/** A plan fails only for what the tests know to be a reason. */
function checkFailures(plans: readonly RolePlan[], before: Facts, desired: Desired): void {
  for (const plan of plans) {
    if (plan.status !== "failed") continue;
    const was = before.roles.find(({ name }) => name === plan.roleName);
    const spec = desired.specs.find(({ roleName }) => roleName === plan.roleName);
    const allowed = [
      ...(was?.attributes["superuser"] === true ? [/exists as a superuser/u] : []),
      ...(was?.comment?.includes("other/access") === true ? [/belongs to the access repository/u] : []),
      ...(spec?.privileges.includes("MAINTAIN") === true ? [/exists from PostgreSQL 17/u] : []),
      ...(spec === undefined ? [/is no longer declared, and still the source_role of/u] : []),
      ...(spec?.type === "external"
        ? [
            /circle/u,
            /is no longer declared and would be dropped/u,
            /^source role .*(?:is a superuser|has CREATEROLE|has REPLICATION|has BYPASSRLS)/su,
            /does not exist, and no role spec/u,
          ]
        : []),
    ];
    if (!allowed.some((pattern) => pattern.test(plan.message))) throw new Error(`${plan.roleName} failed: ${plan.message}`);
  }
}

async function apply(world: World, goal: Goal, plans: readonly RolePlan[]): Promise<ReadonlyMap<string, string>> {
  const results = await applyResource(portOf(world, goal), plans.map(reviewOf));
  for (const { plan, outcome } of results) {
    const isBlocked =
      plan.blockers.length > 0 &&
      (plan.statements.length === 0 ||
        /everything else was applied$|^applied, and part of what stood in its way is gone/u.test(outcome.message));
    const isFine = outcome.status === "success" || outcome.status === "skipped" || plan.status === "failed" || isBlocked;
    if (!isFine)
      throw new Error(`${plan.roleName}: ${outcome.status}: ${outcome.message}\n${plans.map(({ sqlPlan }) => sqlPlan).join("\n")}`);
  }
  return new Map(results.map(({ plan, outcome }) => [plan.roleName, outcome.status]));
}

function reviewOf(plan: RolePlan): ReviewedPlan {
  return { ...plan, sid: "", checksumVersion, isFromFile: true, recorded: plan };
}

function portOf(world: World, goal: Goal): ApplyPort {
  const open = (_: Resource, database: string): ReturnType<World["open"]> => world.open(world.admin, database);
  const connector: Connector = {
    open,
    openHeld: () => world.openForLock(),
    openAs: open as never,
    loginProblem: async () => null,
    isAdmin: () => Promise.resolve(true),
    sslModeOf: () => Promise.resolve("disable"),
  };
  const context = { signal: new AbortController().signal, randomBytes } as unknown as CommandContext;
  return {
    ...createApplyPort({
      context,
      workspace: { desired: { settings: goal.settings } } as unknown as Workspace,
      connector,
      goal,
      report: () => {},
    }),
    preparePassword: () => Promise.resolve(verifier),
    settleCredential: () => Promise.resolve(null),
  };
}

/** Those that the plan may bring, and has brought, to what is declared, as far as nothing blocks it. */
function judgedOf(plans: readonly RolePlan[], { specs, settings }: Desired): readonly Judged[] {
  return plans.flatMap((plan): readonly Judged[] => {
    if (plan.status === "failed") return [];
    const isBlocked = plan.blockers.length > 0;
    if (plan.config.type !== "orphaned")
      return [{ role: plan.roleName, spec: specs.find(({ roleName }) => roleName === plan.roleName) ?? null, isBlocked }];
    const isLeftAlone = settings.orphans.action === "report" || plan.currentState.attributes["superuser"] === true;
    return isLeftAlone ? [] : [{ role: plan.roleName, spec: null, isBlocked }];
  });
}

const writing = /^\s*(?:GRANT|REVOKE|ALTER|CREATE|DROP|COMMENT|REASSIGN|SET LOCAL ROLE|SELECT pg_catalog\.pg_terminate)/u;

/** The same apply again finds everything done, and runs no statement. */
async function checkNothingLeft(
  world: World,
  goal: Goal,
  plans: readonly RolePlan[],
  outcomes: ReadonlyMap<string, string>,
): Promise<void> {
  const alive = plans.filter(({ config }) => !(config.type === "orphaned" && goal.settings.orphans.action === "drop"));
  world.takeQueries();
  const fine = alive.filter((plan) => ["success", "skipped"].includes(outcomes.get(plan.roleName) ?? ""));
  const again = await applyResource(portOf(world, goal), fine.map(reviewOf));
  for (const { plan, outcome } of again) {
    if (outcome.status !== "skipped" || plan.statements.length > 0)
      throw new Error(
        `${plan.roleName} is ${outcome.status} when applied again: ${outcome.message}\nGONE ${JSON.stringify(plans.find((each) => each.roleName === plan.roleName)?.observed.filter((line) => !plan.observed.includes(line)))}\nCOME ${JSON.stringify(plan.observed.filter((line) => plans.find((each) => each.roleName === plan.roleName)?.observed.includes(line) !== true))}\n${plan.sqlPlan}\nFIRST\n${plans.map(({ sqlPlan }) => sqlPlan).join("\n")}`,
      );
  }
  const written = world.takeQueries().filter((sql) => writing.test(sql));
  if (written.length > 0) throw new Error(`the second apply ran ${written.join("; ")}`);
}

/** What the plan, as it is by now, tells others to do first. */
async function removeBlockers(world: World, goal: Goal): Promise<void> {
  const plans = await planResource(goal, (database) => world.open(world.admin, database));
  for (const { sql } of plans.flatMap(({ blockers }) => blockers)) {
    const { code, stderr } = await world.server.psql("postgres", sql.join("\n"));
    if (code !== 0 && !/dependent privileges|not granted|has not been granted/u.test(stderr))
      throw new Error(`a blocker's SQL fails: ${stderr}\n${sql.join("\n")}`);
  }
}
