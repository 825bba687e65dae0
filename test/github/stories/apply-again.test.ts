// Applies that could not do all of it, and what a repeated run of them does: what is left of the approved plan, and never more.
import { expect, test } from "vitest";
import { startProxy } from "../../support/tcp-proxy.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { inventory, loginsOf } from "./access-story.ts";
import { change, ro, rw, useAccessStories, type AccessStory } from "./access-suite.ts";
import { logOf, reasonOf } from "./run-facts.ts";

const suite = useAccessStories();
const timeout = 180_000;

test("a push whose server is down is refused because nothing could be planned, and a repeated run applies it", { timeout }, async () => {
  let isDown = false;
  const way = await startProxy({ target: () => suite.server().port, onMessage: () => (isDown ? "lose-request" : "pass") });
  await using story = await suite.start({ files: { "inventory.csv": inventory(way.port) } });
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  isDown = true;
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "plan-failed"]);
  expect(await suite.ourRoles()).toEqual([]);
  const [plan, report] = pull.comments();
  expect(plan?.body.split("\n", 1)[0]).toContain("not applied");
  expect(report?.body).toContain("**not applied**: not everything could be planned");
  expect(report?.body).toMatch(/analytics\/ro: .*connect/iu);
  isDown = false;
  const again = await story.rerun(apply?.run ?? expect.unreachable("the push ran nothing"));
  expect([again.conclusion, reasonOf(again)], logOf(again)).toEqual(["success", "applied"]);
  way.close();
});

test("a role whose database is gone is no change of the catalog: it could not be planned", { timeout }, async () => {
  await using story = await suite.start({ roles: [ro, "analytics,managed,etl,other,SELECT,"] });
  await suite.run("postgres", "create database other");
  const pull = await story.openPullRequest({
    ...change,
    files: { "roles.csv": formatRoles([ro, rw, "analytics,managed,etl,other,SELECT,"]) },
  });
  pull.approve("ada");
  await suite.run("postgres", "drop database other");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "plan-failed"]);
  expect(pull.comments().at(-1)?.body).toContain("analytics/etl: ");
  expect(await suite.ourRoles()).toEqual([]);
});

const second = "second,managed,ro,app,SELECT,";
const weak = { user: "weak", password: "weak-Secret-77" };

/** A pull request that is merged and applied but for the resource `second`, whose admin account may not make roles. */
async function partlyApplied(story: AccessStory) {
  await suite.run("postgres", `create role ${weak.user} login password '${weak.password}'`);
  const pull = await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro, rw, second]) } });
  pull.approve("ada");
  const [apply = expect.unreachable("the push ran nothing")] = await pull.merge("squash", "ada");
  expect([apply.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "partial"]);
  expect(await suite.ourRoles()).toHaveLength(2);
  return { pull, run: apply.run };
}

const startTwo = () =>
  suite.start({
    resources: ["analytics", "second"],
    roles: [],
    environments: {
      "rolewright-apply": {
        secrets: {
          ROLEWRIGHT_ADMIN_CSV: `${loginsOf(suite.server(), ["analytics"])}second,${weak.user},${weak.password}\n`,
        },
        branches: ["main"],
      },
    },
  });

const mend = () => suite.run("postgres", `alter role ${weak.user} superuser`);

test("a partly applied pull request is finished by running it again: what is left is what was approved", { timeout }, async () => {
  await using story = await startTwo();
  const { pull, run } = await partlyApplied(story);
  expect(pull.comments().at(-1)?.body).toContain("repeat the [run]");
  await mend();
  const again = await story.rerun(run);
  expect([again.conclusion, reasonOf(again)], logOf(again)).toEqual(["success", "applied"]);
  expect(await suite.ourRoles()).toHaveLength(3);
  expect(pull.comments().at(-1)?.body).toContain("applied, 1 role");
  // Now there is nothing left of what was approved, whatever is undone by hand.
  await suite.run("app", "drop owned by hoopdev_second_ro_7d440896; drop role hoopdev_second_ro_7d440896");
  const late = await story.rerun(run);
  expect([late.conclusion, reasonOf(late)], logOf(late)).toEqual(["failure", "plan-stale-catalog"]);
  expect(await suite.ourRoles()).toHaveLength(2);
});

test.each<[what: string, happens: string, database: string]>([
  ["a table comes that what is left would cover", "create table later (a int)", "app"],
  ["what was applied is changed by hand", "revoke select on t from hoopdev_analytics_ro_6075a443", "app"],
  ["somebody makes the role that is left to make", "create role hoopdev_second_ro_7d440896", "postgres"],
])("and it is not where %s in between", { timeout }, async (_, happens, database) => {
  await using story = await startTwo();
  const { pull, run } = await partlyApplied(story);
  await mend();
  await suite.run(database, happens);
  const before = await suite.ourRoles();
  const again = await story.rerun(run);
  expect([again.conclusion, reasonOf(again)], logOf(again)).toEqual(["failure", "plan-stale-catalog"]);
  expect(await suite.ourRoles()).toEqual(before);
  expect(pull.comments().at(-1)?.body).toContain("**not applied**: the live catalog changed after approval");
});

test("a role that others have to go before is planned again, since its next plan is another one", { timeout }, async () => {
  await using story = await suite.start();
  const first = await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro]) } });
  first.approve("ada");
  await first.merge("squash", "ada");
  const name = String((await suite.ourRoles())[0]);
  await suite.run("app", `grant select on t to ${name} with grant option`);
  await suite.run("app", `set role ${name}; grant select on t to pg_monitor`);
  const pull = await story.openPullRequest({ branch: "next", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "partial"]);
  expect(pull.comments().at(-1)?.body).toContain("Mend what failed and plan again");
});
