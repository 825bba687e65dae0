// A transaction that is tried again sees its own part of the catalogs alone. Of catalogs that have not changed, it has to be planned as the
// whole plan had it: otherwise a lock that somebody held for a moment would make a plan stale.
import { describe, expect, it } from "vitest";
import { isSameBatch, proofOf } from "../../../src/commands/apply-proof.ts";
import type { Part } from "../../../src/model/change.ts";
import type { Observed } from "../../../src/model/observed.ts";
import { batchesOf } from "../../../src/plan/batches.ts";
import { planSeen, planObserved } from "../../../src/reconcile.ts";
import { readGolden } from "../../support/scenarios/goldens.ts";
import { parseObserved } from "../../support/scenarios/observed-json.ts";
import { listScenarios, readGoal, titleOf } from "../../support/scenarios/scenario.ts";

/** A membership that the transaction before has made is not in before.json, and what is tried again relies on it. */
const relyingOnTheCluster = new Set(["future--an-external-role-that-will-inherit-create"]);

const scenarios = listScenarios().filter(({ name }) => !relyingOnTheCluster.has(name));

function seenFrom(part: Part, { cluster, databases, ...rest }: Observed): Observed {
  return { ...rest, cluster, databases: new Map([...databases].filter(([name]) => part.phase === "database" && part.database === name)) };
}

describe.each([false, true])(
  "with a transaction for each schema: %s, every transaction of a scenario is planned again as it was",
  (isSplit) => {
    it.each(scenarios.map((scenario) => [titleOf(scenario), scenario] as const))("%s", async (_, scenario) => {
      const goal = await readGoal(scenario);
      const observed = parseObserved(readGolden(scenario, "before.json") ?? "");
      const plans = planObserved(goal, observed);
      for (const batch of batchesOf(plans, () => isSplit)) {
        const roles = new Set(batch.statements.flatMap((statement) => statement.roles));
        const own = plans.filter(({ roleName }) => roles.has(roleName));
        const again = planSeen(goal, proofOf(batch, own), seenFrom(batch.part, observed));
        expect(isSameBatch(batch, own, again), JSON.stringify(batch.part)).toBe(true);
      }
    });
  },
);

it("sessions that are to be ended are no change of what has been committed before", async () => {
  const scenario = listScenarios().find(({ name }) => name === "orphans--sessions-are-ended") ?? expect.unreachable();
  const plans = planObserved(await readGoal(scenario), parseObserved(readGolden(scenario, "before.json") ?? ""));
  const batch = batchesOf(plans, () => false).find(({ part }) => part.phase === "terminate") ?? expect.unreachable();
  const own = plans.filter(({ roleName }) => batch.statements.some(({ roles }) => roles.includes(roleName)));
  // The orphan is disabled by then, so that nothing at all is planned for it.
  const disabled = own.map((plan) => ({ ...plan, status: "in-sync" as const, statements: [] }));
  expect([own.length, isSameBatch(batch, own, disabled)]).toEqual([1, true]);
});

it("an orphan's heir that has got powers meanwhile is no heir any more, unless the orphan is kept", async () => {
  const name = "orphans--are-dropped-with-their-things-in-two-databases";
  const scenario = listScenarios().find((each) => each.name === name) ?? expect.unreachable();
  const goal = await readGoal(scenario);
  const { cluster, databases } = parseObserved(readGolden(scenario, "before.json") ?? "");
  const sources = [...cluster.sources].map(([heir, role]) => {
    const reaches = role.reaches.map((reached) => ({ ...reached, superuser: true }));
    return [heir, { ...role, reaches }] as const;
  });
  const seen = { cluster: { ...cluster, sources: new Map(sources) }, databases };
  const orphans = new Set(planObserved(goal, seen).flatMap((plan) => (plan.config.type === "orphaned" ? [plan.roleName] : [])));
  const messages = (kept: ReadonlySet<string>): readonly string[] =>
    planSeen({ ...goal, isDone: true }, { roles: orphans, kept, granters: new Set() }, seen).flatMap(({ status, message }) =>
      status === "failed" ? [message] : [],
    );
  expect(messages(new Set()).join()).toContain("cannot be the new owner");
  expect(messages(orphans)).toEqual([]);
});
