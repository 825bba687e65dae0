// Threat 5: somebody who may push, but not merge unreviewed, makes the apply believe a plan that nobody has seen. Whatever is forged, either
// the true plan still counts, or the apply refuses.
import { expect, test } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { planWorkflowPath } from "../../../src/init/workflows.ts";
import { evidenceDigest, formatEvidence, parseEvidence, type Evidence } from "../../../src/trust/evidence.ts";
import { externalIdOf } from "../../../src/trust/judge-check.ts";
import type { PullRequest } from "./pull-request.ts";
import { change, ro, rw, useAccessStories, type AccessStory } from "./access-suite.ts";
import { logOf, reasonOf } from "./run-facts.ts";
import { lastPlan, otherAppOf, planCheck, planCheckOf, workflowOf } from "./threats-suite.ts";

const suite = useAccessStories();
const timeout = 180_000;

/** A pull request with its plan; then the catalog changes, so that the plan is stale, and only a forged one could be applied. */
async function stalePull(story: AccessStory): Promise<PullRequest> {
  const pull = await story.openPullRequest(change);
  expect((await lastPlan(story))?.conclusion, logOf(await lastPlan(story))).toBe("success");
  pull.approve("ada");
  await suite.run("app", "create table later (a int)");
  return pull;
}

/** The plan as it would be on the catalog of now: what an attacker wants to have applied, made in a repository of his own. */
async function coveted(): Promise<Evidence> {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  return parseEvidence(planCheckOf(pull).text ?? "") ?? expect.unreachable("the plan left no evidence");
}

/** What a forged check run says: the coveted plan, under the name of another run. */
const forgedBy = (evidence: Evidence, pull: PullRequest, run: number, more: Partial<Evidence> = {}): Record<string, unknown> => {
  const text = formatEvidence({ ...evidence, head: pull.head(), run, ...more }, 60_000);
  return {
    name: planCheck,
    head_sha: pull.head(),
    status: "completed",
    conclusion: "success",
    external_id: externalIdOf({ ...evidence, ...more }.checksum),
    output: { title: "Nothing to see here", summary: "All is well.", text },
  };
};

const planRun = (story: AccessStory): number => story.runs("rolewright-plan.yml").at(-1)?.id ?? 0;

async function refuses(pull: PullRequest, reason: string): Promise<string> {
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["failure", reason]);
  expect(await suite.ourRoles()).toEqual([]);
  return logOf(apply);
}

test("a later check run of another workflow that names the true run is not believed; the true one still counts", { timeout }, async () => {
  const evidence = await coveted();
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  // Another plan: the apply would be refused, were it believed.
  const forge = workflowOf(story, { checks: "write" });
  await forge("POST", "check-runs", forgedBy(evidence, pull, planRun(story), { checksum: "0".repeat(64) }));
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, reasonOf(apply)], logOf(apply)).toEqual(["success", "applied"]);
});

test("a forged plan of the catalog of now, by a workflow of this repository, does not make a stale plan fresh", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await stalePull(story);
  const evidence = await coveted();
  const forge = workflowOf(story, { checks: "write" });
  await forge("POST", "check-runs", forgedBy(evidence, pull, planRun(story)));
  expect(await refuses(pull, "plan-stale-catalog")).toContain("plan-stale-catalog: ");
});

test("the true check run, changed by another workflow of this repository, is believed no longer", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await stalePull(story);
  const evidence = await coveted();
  const { external_id, output } = forgedBy(evidence, pull, planRun(story));
  const forge = workflowOf(story, { checks: "write" });
  await forge("PATCH", `check-runs/${planCheckOf(pull).id}`, { external_id, output });
  expect(await refuses(pull, "evidence-untrusted")).toContain("not what the run that it names has printed");
});

test("a forged plan whose digest was added to the notices of the true run makes the run contradict itself", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await stalePull(story);
  const evidence = await coveted();
  const forged = forgedBy(evidence, pull, planRun(story));
  const forge = workflowOf(story, { checks: "write" });
  await forge("POST", "check-runs", forged);
  const job = story.runs("rolewright-plan.yml").at(-1)?.jobs[0]?.checkRun ?? 0;
  const message = evidenceDigest((forged["output"] as { readonly text: string }).text);
  const annotation = { path: ".github", start_line: 1, end_line: 1, annotation_level: "notice", title: "rolewright evidence (default)" };
  await forge("PATCH", `check-runs/${job}`, { output: { title: "", summary: "", annotations: [{ ...annotation, message }] } });
  expect(await refuses(pull, "evidence-untrusted")).toContain("contradicting");
});

test("a check run of another app is not believed", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await stalePull(story);
  const evidence = await coveted();
  story.repository.checkRuns.splice(story.repository.checkRuns.indexOf(planCheckOf(pull)), 1);
  await otherAppOf(story)("POST", "check-runs", { ...forgedBy(evidence, pull, planRun(story)), details_url: "https://evil.invalid/" });
  expect(await refuses(pull, "evidence-untrusted")).toContain("another app");
});

const evilWorkflow = (on: string): string => `name: evil
on: ${on}
jobs:
  evil:
    runs-on: ubuntu-24.04
    steps:
      - run: 'echo "::notice title=rolewright evidence (default)::$DIGEST"'
        env: { DIGEST: "\${{ vars.DIGEST }}" }
`;

test.each([
  ["another workflow, added on a branch of its own", ".github/workflows/evil.yml", "push"],
  ["the plan's workflow, changed on a branch of its own", planWorkflowPath, "push"],
])("a run of %s, that prints the digest of its forged plan, is not believed", { timeout }, async (_, path, on) => {
  await using story = await suite.start();
  const pull = await stalePull(story);
  const evidence = await coveted();
  const forge = workflowOf(story, { checks: "write" });
  // Which id the run will have is learnt from the first; the second prints for it.
  await story.pushTo("evil", { [path]: evilWorkflow(on) }, "wen");
  const run = story.repository.runs.at(-1);
  const forged = forgedBy(evidence, pull, run?.id ?? 0);
  story.repository.variables.set("DIGEST", evidenceDigest((forged["output"] as { readonly text: string }).text));
  if (run === undefined) expect.unreachable("the workflow did not run");
  expect((await story.rerun(run, "wen")).conclusion).toBe("success");
  await forge("POST", "check-runs", forged);
  // The true plan is found, and it is stale.
  expect(await refuses(pull, "plan-stale-catalog")).toContain("plan-stale-catalog: ");
});

test.each([
  "another pull request of the same branch",
  "another pull request of the same branch, which then was sent to main and closed",
  "the same pull request, before it was sent to main",
] as const)("a plan that a changed workflow made for %s, into a branch of the attacker, is not believed", { timeout }, async (way) => {
  const evidence = await coveted();
  await using story = await suite.start();
  await story.pushTo("evil", { [planWorkflowPath]: evilWorkflow("pull_request") }, "wen");
  const evil = await story.openPullRequest({ ...change, base: "evil" });
  const run = story.runs("rolewright-plan.yml").at(-1);
  if (run === undefined) expect.unreachable("the workflow did not run");
  const forged = forgedBy(evidence, evil, run.id, { checksum: evidence.checksum });
  story.repository.variables.set("DIGEST", evidenceDigest((forged["output"] as { readonly text: string }).text));
  expect((await story.rerun(run, "wen")).conclusion).toBe("success");
  await workflowOf(story, { checks: "write" })("POST", "check-runs", forged);
  let pull = evil;
  if (way === "the same pull request, before it was sent to main") await evil.retarget("main");
  else {
    if (way === "another pull request of the same branch, which then was sent to main and closed") {
      await evil.retarget("main");
      await evil.close();
    }
    pull = await story.openPullRequest({ branch: change.branch, by: change.by });
    // The true plan is out of the way: those who may write may delete runs.
    story.repository.runs.splice(story.repository.runs.indexOf(story.runs("rolewright-plan.yml").at(-1) ?? run), 1);
  }
  pull.approve("ada");
  expect(await refuses(pull, "evidence-untrusted")).toMatch(/another base branch|goes to "evil"/u);
});

test.each<[what: string, change: (evidence: Evidence, text: string) => Partial<Record<"external_id" | "text", string>>]>([
  ["text that is cut off", (_, text) => ({ text: `${text.slice(0, 200)} -->` })],
  ["text that unpacks to 40 MiB", () => ({ text: bomb() })],
  ["text that is no JSON", () => ({ text: "<!-- rolewright-evidence v1 c3F1ZWFtaXNo -->" })],
  ["evidence of another version", (_, text) => ({ text: text.replace(" v1 ", " v9 ") })],
  ["an external_id that contradicts the text", () => ({ external_id: externalIdOf("0".repeat(64)) })],
  ["an external_id that is none", () => ({ external_id: "ok" })],
])("a check run with %s is refused", { timeout }, async (_, changed) => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const check = planCheckOf(pull);
  const text = check.text ?? "";
  const evidence = parseEvidence(text) ?? expect.unreachable("the plan left no evidence");
  const { text: forged = text, external_id = check.externalId } = changed(evidence, text);
  await workflowOf(story, { checks: "write" })("PATCH", `check-runs/${check.id}`, {
    external_id,
    output: { title: "", summary: "", text: forged },
  });
  expect(await refuses(pull, "evidence-untrusted")).toContain("evidence-untrusted: ");
});

test("a plan of an older head, copied to the newer one, is refused", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  const old = planCheckOf(pull);
  const run = planRun(story);
  await pull.push({ "roles.csv": formatRoles([ro, "analytics,managed,rw,app,SELECT;INSERT;DELETE,"]) }, "wen");
  story.repository.checkRuns.splice(story.repository.checkRuns.indexOf(planCheckOf(pull)), 1);
  pull.approve("ada");
  const evidence = parseEvidence(old.text ?? "") ?? expect.unreachable("the plan left no evidence");
  await workflowOf(story, { checks: "write" })("POST", "check-runs", forgedBy(evidence, pull, run));
  expect(await refuses(pull, "evidence-untrusted")).toContain("evidence-untrusted: ");
});

test("so many forged check runs that ours is never reached are refused, with a bounded number of questions", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const evidence = await coveted();
  const forge = workflowOf(story, { checks: "write" });
  for (let run = 1; run <= 40; run += 1) await forge("POST", "check-runs", forgedBy(evidence, pull, run));
  const asked = story.github.count();
  expect(await refuses(pull, "evidence-untrusted")).toContain("evidence-untrusted: ");
  expect(story.github.count() - asked).toBeLessThan(40);
});

test("without any check run, and with that of a plan that failed, nothing is applied", { timeout }, async () => {
  await using story = await suite.start();
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  planCheckOf(pull).conclusion = "failure";
  expect(await refuses(pull, "evidence-untrusted")).toContain("evidence-untrusted: ");
  story.repository.checkRuns.splice(0);
  const next = await story.openPullRequest({ branch: "next", files: { "roles.csv": formatRoles([rw]) }, by: "wen" });
  story.repository.checkRuns.splice(0);
  next.approve("ada");
  expect(await refuses(next, "evidence-missing")).toContain("evidence-missing: ");
});

function bomb(): string {
  return formatEvidence(
    {
      v: 1,
      environment: "default",
      run: 1,
      head: "a".repeat(40 * 1_048_576),
      base: "",
      checksum: "",
      catalog: "",
      declared: "",
      targets: "",
      unconnected: [],
      store: "",
      roles: null,
    },
    60_000,
  );
}
