// Applies on merge: what was reviewed runs, and nothing else does.
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import type { RunRecord } from "../workflow.ts";
import { buildAction, planner, startAccessStory } from "./access-story.ts";

const ro = "analytics,managed,ro,app,SELECT,";
const rw = "analytics,managed,rw,app,SELECT;INSERT,";
const change = { branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };

let server: Server;
let action: ReturnType<typeof buildAction>;

beforeAll(async () => {
  action = buildAction();
  server = await startServer();
});
afterAll(async () => {
  action[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await resetCluster(server);
  await server.run("postgres", `create role ${planner.user} login password '${planner.password}'`);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int); create table u (a int)");
});

const start = (roles: readonly string[]) => startAccessStory({ server, action: action.directory, roles });

/** The outputs of rolewright's own step. */
function outputsOf(record: RunRecord | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(record?.jobs[0]?.steps.find(({ id }) => id === "rolewright")?.result?.outputs ?? []);
}

function logOf(record: RunRecord | undefined): string {
  return record?.jobs.flatMap(({ steps }) => steps.map(({ log }) => log)).join("\n") ?? "";
}

async function ourRoles(): Promise<readonly unknown[]> {
  return (await server.run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev' order by 1")).map(({ rolname }) => rolname);
}

test.each(["merge", "squash", "rebase"] as const)(
  "what was planned and approved is applied on %s, and the credential works",
  async (method) => {
    await using story = await start([ro]);
    const pull = await story.openPullRequest(change);
    pull.approve("ada");
    const [apply] = await pull.merge(method, "ada");
    expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["success", "applied"]);
    expect(await ourRoles()).toEqual(["hoopdev_analytics_ro_6075a443", "hoopdev_analytics_rw_2c764c3a"]);
    const credential = story.credentials().get("analytics/rw");
    const client = new Client({
      host: "127.0.0.1",
      port: server.port,
      database: "app",
      user: credential?.user,
      password: credential?.password,
    });
    await client.connect();
    expect((await client.query("select * from t")).rows).toEqual([]);
    await client.end();
    const [plan, report] = pull.comments();
    expect(plan?.body.split("\n", 1)[0]).toContain("[applied]");
    expect(report?.body).toContain("applied, 2 roles");
  },
);

test("a catalog that changed after the approval makes the apply refuse, with the entry named", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await server.run("app", "create table later (a int)");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "plan-stale-catalog"]);
  expect(await ourRoles()).toEqual([]);
  const [plan, report] = pull.comments();
  expect(plan?.body.split("\n", 1)[0]).toContain("not applied");
  expect(report?.body).toContain("3 tables");
});

test("without an approval of exactly this head nothing is applied", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  await pull.push({ "roles.csv": formatRoles([ro, "analytics,managed,rw,app,SELECT;INSERT;DELETE,"]) }, "wen");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "approval-missing"]);
  expect(await ourRoles()).toEqual([]);
});
