// Plans on pull requests: what reviewers see, what an apply may trust, and what nobody may make rolewright do.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { buildAction, planner, startAccessStory } from "./access-story.ts";

const ro = "analytics,managed,ro,app,SELECT,";
const rw = "analytics,managed,rw,app,SELECT;INSERT,";

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

test("a pull request gets one comment, one check run with the checksum, a summary and outputs", async () => {
  await using story = await start([ro]);
  const pull = await story.openPullRequest({ branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  const [run] = story.runs("rolewright-plan.yml");
  const [record] = await story.executor.settle();
  expect(run?.conclusion, JSON.stringify(record?.jobs, null, 1)).toBe("success");
  const [check] = pull.checkRuns("rolewright plan (default)");
  expect(check).toMatchObject({ conclusion: "success", externalId: expect.stringMatching(/^v1:sha256:[0-9a-f]{64}$/u) });
  const [comment, ...others] = pull.comments();
  expect(others).toEqual([]);
  expect(comment?.body).toContain("hoopdev_analytics_rw_2c764c3a");
  expect(comment?.body).toContain("2 roles to create");
  expect(await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  expect(story.github.count()).toBeLessThanOrEqual(15);
});
