// Gitea and Forgejo: no check runs, no environments, no apps. The plan's comment is the evidence, sealed with a key.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { loginsOf, pin, planner } from "./access-story.ts";
import { change, ro, rw, useAccessStories } from "./access-suite.ts";
import type { PullRequest } from "./pull-request.ts";
import { logOf, outputsOf } from "./run-facts.ts";

const key = "6f1c2a9e0b7d4c538e1a90f7b2d3c4e5";

const suite = useAccessStories();

const sealed = (text: string): string =>
  text
    .replace(/^( +)command: (\w+)$/mu, "$1command: $2\n$1evidence: comment-hmac\n$1evidence-key: ${{ secrets.EVIDENCE_KEY }}")
    .replace(/^ +environment: .*\n/mu, "");

const start = (secretKey = key) =>
  suite.start({
    roles: [ro],
    collaborators: ["ada", "wen", "eve"],
    host: { flavor: "gitea" },
    files: { [planWorkflowPath]: sealed(planWorkflow(pin)), [applyWorkflowPath]: sealed(applyWorkflow(pin)) },
    secrets: {
      EVIDENCE_KEY: secretKey,
      ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics"]),
      ROLEWRIGHT_ADMIN_CSV: loginsOf(suite.server(), ["analytics"]),
    },
  });

test("a plan in a sealed comment is applied on merge", async () => {
  await using story = await start();
  const pull = await story.openPullRequest(change);
  const [plan] = await story.executor.settle();
  expect(plan?.conclusion, logOf(plan)).toBe("success");
  expect(pull.comments()).toHaveLength(1);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("applied");
  expect(await suite.ourRoles()).toHaveLength(2);
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
  expect(await suite.ourRoles()).toHaveLength(0);
});

test.each<[what: string, approve: (pull: PullRequest) => unknown]>([
  ["from before there was a plan to look at", (pull) => Object.assign(pull.approve("ada"), { submittedAt: "2026-01-01T00:00:00Z" })],
  ["that was dismissed", (pull) => (pull.approve("ada").state = "DISMISSED")],
  ["while another one asks for changes", (pull) => (pull.approve("ada"), pull.review("eve", "CHANGES_REQUESTED"))],
])("an approval %s does not count", async (_, approve) => {
  await using story = await start();
  const pull = await story.openPullRequest(change);
  approve(pull);
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("approval-missing");
  expect(await suite.ourRoles()).toEqual([]);
});

test("whoever wrote the head does not approve it", async () => {
  await using story = await start();
  await story.pushTo(change.branch, change.files, "wen", { writer: "eve" });
  const pull = await story.openPullRequest({ branch: change.branch, by: "wen" });
  pull.approve("eve");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("approval-missing");
});

test(
  "a plan made again keeps its approval where it is still the same, and needs another where it is not",
  { timeout: 120_000 },
  async () => {
    await using story = await start();
    const planAgain = async (): Promise<void> => {
      // The host's times have whole seconds.
      await sleep(1_100);
      const run = story.runs("rolewright-plan.yml").at(-1);
      if (run === undefined) expect.unreachable("there is no run");
      expect((await story.rerun(run, "wen")).conclusion).toBe("success");
    };
    const pull = await story.openPullRequest(change);
    pull.approve("ada");
    await planAgain();
    const [apply] = await pull.merge("squash", "ada");
    expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("applied");

    const less = await story.openPullRequest({ branch: "less", files: { "roles.csv": formatRoles([ro]) }, by: "wen" });
    less.approve("ada");
    await suite.run("app", "create table later (a int)");
    await planAgain();
    const [second] = await less.merge("squash", "ada");
    expect(outputsOf(second)["reason-code"], logOf(second)).toBe("approval-missing");
    expect(logOf(second)).toContain("before this plan was made");
  },
);

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
  expect(await suite.ourRoles()).toEqual([]);
});
