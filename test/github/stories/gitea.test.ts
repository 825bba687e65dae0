// Gitea and Forgejo: no check runs, no environments, no apps. The plan's comment is the evidence, sealed with a key.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import type { RunRecord } from "../workflow.ts";
import { buildAction, loginsOf, pin, planner, startAccessStory } from "./access-story.ts";

const ro = "analytics,managed,ro,app,SELECT,";
const rw = "analytics,managed,rw,app,SELECT;INSERT,";
const change = { branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };
const key = "6f1c2a9e0b7d4c538e1a90f7b2d3c4e5";

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
  await server.run("app", "create table t (a int)");
});

const sealed = (text: string): string =>
  text
    .replace(/^( +)command: (\w+)$/mu, "$1command: $2\n$1evidence: comment-hmac\n$1evidence-key: ${{ secrets.EVIDENCE_KEY }}")
    .replace(/^ +environment: .*\n/mu, "");

const start = (secretKey = key) =>
  startAccessStory({
    server,
    action: action.directory,
    roles: [ro],
    host: { flavor: "gitea" },
    files: { [planWorkflowPath]: sealed(planWorkflow(pin)), [applyWorkflowPath]: sealed(applyWorkflow(pin)) },
    secrets: {
      EVIDENCE_KEY: secretKey,
      ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics"]),
      ROLEWRIGHT_ADMIN_CSV: loginsOf(server, ["analytics"]),
    },
  });

function outputsOf(record: RunRecord | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(record?.jobs[0]?.steps.find(({ id }) => id === "rolewright")?.result?.outputs ?? []);
}

function logOf(record: RunRecord | undefined): string {
  return record?.jobs.flatMap(({ steps }) => steps.map(({ log }) => log)).join("\n") ?? "";
}

async function ourRoles(): Promise<number> {
  return (await server.run("postgres", "select from pg_roles where rolname ~ '^hoopdev'")).length;
}

test("a plan in a sealed comment is applied on merge", async () => {
  await using story = await start();
  const pull = await story.openPullRequest(change);
  const [plan] = await story.executor.settle();
  expect(plan?.conclusion, logOf(plan)).toBe("success");
  expect(pull.comments()).toHaveLength(1);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("applied");
  expect(await ourRoles()).toBe(2);
  expect(pull.comments()[0]?.body.split("\n", 1)[0]).toContain("[applied]");
});

test("a seal of another key, a comment without one, and a seal of an older head are no evidence", { timeout: 120_000 }, async () => {
  await using story = await start();
  const pull = await story.openPullRequest(change);
  story.repository.secrets.set("EVIDENCE_KEY", "another-key-another-key-another-key");
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("evidence-untrusted");

  story.repository.secrets.set("EVIDENCE_KEY", key);
  const next = await story.openPullRequest({ branch: "next", files: { "roles.csv": formatRoles([rw]) }, by: "wen" });
  const [comment] = next.comments();
  // The comment of an older head, put back over the newer plan by somebody who may edit it.
  const old = comment?.body ?? "";
  await next.push({ "roles.csv": formatRoles([ro, rw, "analytics,external,ext,,,pg_monitor"]) }, "wen");
  if (comment !== undefined) comment.body = old;
  next.approve("ada");
  const [second] = await next.merge("squash", "ada");
  expect(outputsOf(second)["reason-code"], logOf(second)).toBe("evidence-untrusted");

  const last = await story.openPullRequest({ branch: "last", files: { "roles.csv": formatRoles([rw, ro]) }, by: "wen" });
  story.repository.comments.splice(0);
  last.approve("ada");
  const [third] = await last.merge("squash", "ada");
  expect(outputsOf(third)["reason-code"], logOf(third)).toBe("evidence-missing");
  expect(await ourRoles()).toBe(0);
});

test("a fork's pull request has no secrets, evidence-key neither: it is validated only", async () => {
  await using story = await start();
  await story.openPullRequest({ ...change, by: "mallory", fork: "mallory/access" });
  const plan = (await story.executor.settle()).at(-1);
  expect([plan?.conclusion, outputsOf(plan)["reason-code"]], logOf(plan)).toEqual(["success", "offline-only"]);
});

test("without evidence-key a plan and an apply that need a seal say so, before any server is asked", async () => {
  await using story = await start("");
  const pull = await story.openPullRequest(change);
  const plan = (await story.executor.settle()).at(-1);
  expect([plan?.conclusion, outputsOf(plan)["reason-code"]], logOf(plan)).toEqual(["failure", "failed"]);
  expect(logOf(plan)).toContain("input evidence-key is missing");
  expect([pull.comments(), outputsOf(plan)["checksum"]]).toEqual([[], ""]);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "failed"]);
  expect(await ourRoles()).toBe(0);
});
