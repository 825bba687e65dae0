// A change of where generated passwords go: no statement and no checksum says it, and a push with nothing else changes no server.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { driftWorkflow, driftWorkflowPath } from "../../../src/init/drift-workflow.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { pin } from "./access-story.ts";
import { change, ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, reasonOf } from "./run-facts.ts";
import { lastPlan } from "./threats-suite.ts";

const suite = useAccessStories();
const timeout = 120_000;

let elsewhere: string;
beforeAll(() => void (elsewhere = mkdtempSync(join(tmpdir(), "rolewright-elsewhere-"))));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

const settings = () => `credentials: {store: "file:${elsewhere}"}\n`;

test("a pull request that changes it says so first, and what was approved with it goes there", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest({ ...change, files: { ...change.files, "rolewright.yaml": settings() } });
  const body = pull.comments()[0]?.body ?? "";
  expect(body).toContain(`**Generated passwords go elsewhere**: \`credentials.store\` \`file:${story.store}\` → \`file:${elsewhere}\`.`);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["success", "applied"]);
  expect([story.credentials().size, readdirSync(elsewhere)]).toEqual([0, ["analytics"]]);
});

test("an approved plan of another place is refused after a quiet push, and the next plan names the place", { timeout }, async () => {
  await using story = await suite.start({ roles: [] });
  const pull = await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro]) } });
  expect(pull.comments()[0]?.body).toContain(`| Passwords go to | \`file:${story.store}\` |`);
  pull.approve("ada");
  const [quiet] = await story.push({ "rolewright.yaml": settings() }, "ada");
  expect([quiet?.conclusion, reasonOf(quiet)], logOf(quiet)).toEqual(["success", "no-changes"]);
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", "plan-stale-declaration"]);
  expect(logOf(apply)).toContain("credentials.store");
  expect(await suite.ourRoles()).toEqual([]);

  const next = await story.openPullRequest({ branch: "next", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" });
  expect(reasonOf(await lastPlan(story))).toBe("planned");
  expect(next.comments()[0]?.body).toContain(`| Passwords go to | \`file:${elsewhere}\` |`);
  expect(next.comments()[0]?.body).not.toContain("go elsewhere");
  next.approve("ada");
  const [again] = await next.merge("squash", "ada");
  expect([again?.conclusion, reasonOf(again)], logOf(again)).toEqual(["success", "applied"]);
});

test("drift: apply delivers nothing to a place that the approved plan has not named", { timeout }, async () => {
  await using story = await suite.start({ roles: [], files: { [driftWorkflowPath]: driftWorkflow(pin, { drift: "apply" }) } });
  const pull = await story.openPullRequest({ ...change, files: { "roles.csv": formatRoles([ro]) } });
  pull.approve("ada");
  await story.push({ "rolewright.yaml": settings() }, "ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(reasonOf(apply), logOf(apply)).toBe("plan-stale-declaration");
  const before = readdirSync(elsewhere, { recursive: true }).length;
  const [drift] = await story.schedule("rolewright-drift.yml");
  expect([drift?.conclusion, reasonOf(drift)], logOf(drift)).toEqual(["failure", "plan-stale-declaration"]);
  expect(logOf(drift)).toContain("credentials.store");
  expect([await suite.ourRoles(), readdirSync(elsewhere, { recursive: true }).length]).toEqual([[], before]);
});
