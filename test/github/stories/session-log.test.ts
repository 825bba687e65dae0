// Where the sessions of plans and applies stay: on a branch of their own, in one chain, or as an artifact; also after a failure, a
// cancellation and a kill, and without anything getting lost where the branch cannot be written.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { defaultWorkflowOptions } from "../../../src/init/workflow-parts.ts";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import type { Session } from "../../../src/model/session.ts";
import { formatRoles, mainScript } from "../../support/access-repository.ts";
import type { WorkflowRun } from "../host/state.ts";
import type { RunRecord } from "../workflow.ts";
import type { StepRecord } from "../workflow/steps.ts";
import { inventory, loginsOf, pin, planner, type AccessStoryInput } from "./access-story.ts";
import { ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, outputsOf } from "./run-facts.ts";
import { appendElsewhere, readSessionBranch } from "./session-branch.ts";

const branch = "rolewright-sessions";
const change = { branch: "more", files: { "roles.csv": formatRoles([ro]) }, by: "wen" };
const another = { branch: "another", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };

const suite = useAccessStories();

const onBranch = (name = branch) => ({
  [applyWorkflowPath]: applyWorkflow(pin, { ...defaultWorkflowOptions, sessionLog: { kind: "branch", branch: name } }),
});

type Input = Partial<AccessStoryInput>;
const start = (input: Input = {}) => suite.start({ roles: [], files: onBranch(), ...input });
type Story = Awaited<ReturnType<typeof start>>;

const postOf = (record: RunRecord | undefined): StepRecord | undefined =>
  record?.jobs[0]?.steps.find(({ stage, what }) => stage === "post" && what === pin.uses);

async function merged(story: Story, given: typeof change) {
  const pull = await story.openPullRequest(given);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  return { pull, apply };
}

/** An apply that waits in the middle of its transaction in the database, and is cancelled there. */
async function cancelledInTheMiddle(story: Story, given: typeof change = change) {
  const pull = await story.openPullRequest(given);
  pull.approve("ada");
  const blocker = await suite.server().connect("app");
  await blocker.query("begin; alter table t add b int");
  await story.meanwhile(async () => {
    await pull.merge("squash", "ada");
    for (let waited = 0; (await waiting()) === 0; waited += 1) {
      if (waited > 800) throw new Error("the apply never waits");
      await sleep(25);
    }
    story.cancel(story.runs("rolewright-apply.yml").at(-1) ?? never());
  });
  await blocker.query("rollback");
  await blocker.end();
  const run = story.runs("rolewright-apply.yml").at(-1) ?? never();
  const apply = (await story.executor.settle()).find((record) => record.run === run);
  return { pull, apply, run };
}

async function waiting(): Promise<number> {
  const sql = "select from pg_stat_activity where datname = 'app' and wait_event_type = 'Lock' and query like 'GRANT%'";
  return (await suite.run("postgres", sql)).length;
}

const facts = ({ kind, status, label }: Session): string => `${kind} ${label} ${status}`;

/** The texts of a run's artifact of sessions, by their path in it. */
function artifactOf(run: WorkflowRun): ReadonlyMap<string, string> {
  const [artifact] = run.artifacts;
  if (artifact === undefined) return new Map();
  const files = readdirSync(artifact.directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(artifact.directory, path), readFileSync(path, "utf8")];
    }),
  );
}

function expectNoSecret(story: Story, texts: Iterable<string>): void {
  const passwords = [suite.server().password, planner.password, ...[...story.credentials().values()].map(({ password }) => password)];
  for (const text of texts) {
    for (const password of passwords) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(password).toString("base64"));
    }
    expect(text).not.toMatch(/SCRAM-SHA-256\$\d|gh[sp]_/u);
  }
}

test("F74 two applies in a row make one chain on a branch that has no other history and no secret in it", async () => {
  await using story = await start();
  const first = await merged(story, change);
  expect([first.apply?.conclusion, outputsOf(first.apply)["reason-code"]], logOf(first.apply)).toEqual(["success", "applied"]);
  const commit = story.repository.git.resolve(branch) ?? "";
  expect(story.repository.git.readCommit(commit).parents).toEqual([]);
  expect(first.pull.comments()[1]?.body).toContain(
    `sessions: [\`branch ${branch}\`](${story.github.at.server}/acme/access/commit/${commit})`,
  );
  const second = await merged(story, another);
  expect([second.apply?.conclusion, outputsOf(second.apply)["reason-code"]], logOf(second.apply)).toEqual(["success", "applied"]);
  expect(postOf(second.apply)?.log).toBe("");
  expect(story.repository.git.log(branch)).toHaveLength(2);
  expect(second.apply?.run.artifacts).toEqual([]);
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification).toEqual({ sound: 5, problems: [] });
  expect(log.sessions.map(facts)).toEqual([
    "plan ro out-of-sync",
    "apply ro success",
    "plan ro in-sync",
    "plan rw out-of-sync",
    "apply rw success",
  ]);
  expect(log.sessions.at(-1)).toMatchObject({
    actor: "ada",
    commit: second.apply?.run.headSha,
    pull_request: second.pull.number,
    run_url: `${story.github.at.server}/acme/access/actions/runs/${second.apply?.run.id}`,
  });
  expect(story.credentials().size).toBe(2);
  expectNoSecret(story, log.texts);
  const verify = execFileSync(process.execPath, [mainScript, "--sessions", log.directory, "sessions", "verify"], { encoding: "utf8" });
  expect(verify).toContain("whole: 5 sessions");
});

test("F74 a run that writes to the branch in between is waited for, and the chain holds both", async () => {
  await using story = await start();
  await merged(story, change);
  story.github.fault({
    on: ({ method, path }) => method === "POST" && path.endsWith("/git-receive-pack"),
    meanwhile: async () => void (await appendElsewhere(story.repository, branch)),
    times: 2,
  });
  const { apply } = await merged(story, another);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["success", "applied"]);
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification).toEqual({ sound: 7, problems: [] });
  expect(log.sessions.filter(({ message }) => message === "written elsewhere")).toHaveLength(2);
});

test("F73 F74 a cancelled apply leaves what it really did on the branch and on the pull request, and the next run goes on", async () => {
  const subset = (onBranch()[applyWorkflowPath] ?? "").replace("command: apply\n", "command: apply\n          mode: subset\n");
  await using story = await start({ settings: ["timeouts: {lock: 100}"], files: { [applyWorkflowPath]: subset } });
  const { pull, apply, run } = await cancelledInTheMiddle(story);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["cancelled", "partial"]);
  {
    using log = await readSessionBranch(story.repository, branch);
    expect(log.verification).toEqual({ sound: 2, problems: [] });
    expect(log.sessions.at(-1)).toMatchObject({
      kind: "apply",
      status: "failed",
      message: 'database "app": rolled back: cancelled; plan again, and apply that',
      databases: { "": "applied", app: "rolled-back" },
      pull_request: pull.number,
    });
  }
  const [, report, ...more] = pull.comments();
  expect(more).toEqual([]);
  expect(report?.body).toContain("rolled back: cancelled");
  const again = await story.rerun(run);
  expect([again.conclusion, outputsOf(again)["reason-code"]], logOf(again)).toEqual(["success", "applied"]);
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification).toEqual({ sound: 4, problems: [] });
  expectNoSecret(story, log.texts);
});

const killed = { timings: { interruptToTerminate: 1, terminateToKill: 1 }, settings: ["timeouts: {lock: 100}"] };

test("F73 F74 of an apply that was killed, the branch and the pull request say that nobody knows how far it came", async () => {
  await using story = await start(killed);
  const { pull, apply, run } = await cancelledInTheMiddle(story);
  expect([apply?.conclusion, postOf(apply)?.outcome], logOf(apply)).toEqual(["cancelled", "success"]);
  {
    using log = await readSessionBranch(story.repository, branch);
    expect(log.verification).toEqual({ sound: 2, problems: [] });
    expect(log.sessions.at(-1)).toMatchObject({
      kind: "apply",
      status: "failed",
      message: expect.stringMatching(/^interrupted/u),
      databases: { "": "in-doubt", app: "in-doubt" },
      pull_request: pull.number,
    });
    expectNoSecret(story, log.texts);
  }
  const [plan, report, ...more] = pull.comments();
  expect(more).toEqual([]);
  expect(report?.body).toContain("**in doubt**");
  expect(report?.body).toContain(`branch ${branch}`);
  expect(plan?.body.split("\n", 1)[0]).toContain("in doubt");
  expect(postOf(apply)?.result?.summary).toContain("in doubt");
  const again = await story.rerun(run);
  // Its own first transaction came through, and so the catalog is another one than was approved.
  expect(outputsOf(again)["reason-code"], logOf(again)).toBe("plan-stale-catalog");
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification).toEqual({ sound: 3, problems: [] });
});

test("F73 an apply that is killed before it could say so is reported after the job, once", async () => {
  await using story = await start(killed);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  const current = () => story.runs("rolewright-apply.yml").at(-1) ?? never();
  story.github.fault({ on: "issues/create-comment", meanwhile: () => story.cancel(current()), delay: 2_000, drop: "before" });
  const [apply] = await pull.merge("squash", "ada");
  expect([apply?.conclusion, postOf(apply)?.outcome], logOf(apply)).toEqual(["cancelled", "success"]);
  expect(pull.comments()).toHaveLength(2);
  expect(pull.comments()[1]?.body.split("\n", 1)[0]).toContain("applied, 1 role");
  expect(pull.comments()[0]?.body.split("\n", 1)[0]).toContain("[applied]");
  using log = await readSessionBranch(story.repository, branch);
  expect(log.sessions.map(facts)).toEqual(["plan ro out-of-sync", "apply ro success"]);
  expect(story.repository.git.log(branch)).toHaveLength(1);
});

test.each<readonly [string, (story: Story) => void, Input]>([
  [
    "whose token may not write",
    () => {},
    { files: { [applyWorkflowPath]: (onBranch()[applyWorkflowPath] ?? "").replace("contents: write", "contents: read") } },
  ],
  ["that a rule protects", (story) => void story.repository.branchRules.set(branch, [{ type: "pull_request" }]), {}],
  [
    "that is down for longer than a run can wait",
    (story) => story.github.fault({ on: ({ path }) => path.endsWith("service=git-receive-pack"), status: 502, times: 1_000 }),
    {},
  ],
  ["that is somebody's", (story) => void story.repository.git.updateRef(`refs/heads/${branch}`, story.repository.git.resolve("main")), {}],
])("F74 a branch %s loses neither the apply nor its sessions, and the step says so", { timeout: 120_000 }, async (_, happens, input) => {
  await using story = await start(input);
  happens(story);
  const before = story.repository.git.resolve(branch);
  const { pull, apply } = await merged(story, change);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "applied"]);
  expect(outputsOf(apply)["result"]).toContain(`could not be kept on the branch ${branch}`);
  expect(await suite.ourRoles()).toHaveLength(1);
  expect(story.credentials().size).toBe(1);
  const [step] = apply?.jobs[0]?.steps.filter(({ id }) => id === "rolewright") ?? [];
  expect(step?.result?.annotations).toContainEqual(
    expect.objectContaining({ level: "error", message: expect.stringContaining(`could not be kept on the branch ${branch}`) }),
  );
  expect(postOf(apply)?.outcome).toBe("failure");
  expect(pull.comments()[1]?.body).toContain(`not on the branch ${branch}`);
  const kept = artifactOf(apply?.run ?? never());
  expect([...kept.values()].filter((text) => text.includes("\nkind: apply\nstatus: success\n"))).toHaveLength(1);
  expectNoSecret(story, [...kept.values(), logOf(apply), ...pull.comments().map(({ body }) => body)]);
  expect(story.repository.git.resolve(branch)).toBe(before);
});

test("F74 sessions are never written to the default branch, and nothing is applied where that was asked for", async () => {
  await using story = await start({ files: onBranch("main") });
  const { apply } = await merged(story, change);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "failed"]);
  expect(logOf(apply)).toContain("main is a branch that this run is about");
  expect(await suite.ourRoles()).toHaveLength(0);
  expect(story.repository.git.resolve("main")).toBe(apply?.run.headSha);
});

test("F73 a refused apply and one that fails are on the branch, too", async () => {
  await using story = await start();
  const pull = await story.openPullRequest(change);
  const [refused] = await pull.merge("squash", "ada");
  expect(outputsOf(refused)["reason-code"], logOf(refused)).toBe("approval-missing");
  await suite.run(
    "app",
    "create function no() returns event_trigger language plpgsql as $$begin raise 'no'; end$$; create event trigger no on ddl_command_start execute function no()",
  );
  const { apply } = await merged(story, another);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"]], logOf(apply)).toEqual(["failure", "partial"]);
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification.problems).toEqual([]);
  expect(log.sessions.map(facts)).toEqual([
    "plan ro out-of-sync",
    "plan ro out-of-sync",
    "plan rw out-of-sync",
    "apply ro failed",
    "apply rw failed",
  ]);
  expectNoSecret(story, log.texts);
});

test("F73 F74 on Gitea, too, each apply adds its sessions to the branch, also one that was killed", async () => {
  const sealed = (text: string): string =>
    text
      .replace(/^( +)command: (\w+)$/mu, "$1command: $2\n$1evidence: comment-hmac\n$1evidence-key: ${{ secrets.EVIDENCE_KEY }}")
      .replace(/^ +environment: .*\n/mu, "");
  await using story = await start({
    ...killed,
    host: { flavor: "gitea" },
    files: { [planWorkflowPath]: sealed(planWorkflow(pin)), [applyWorkflowPath]: sealed(onBranch()[applyWorkflowPath] ?? "") },
    secrets: {
      EVIDENCE_KEY: "6f1c2a9e0b7d4c538e1a90f7b2d3c4e5",
      ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics"]),
      ROLEWRIGHT_ADMIN_CSV: loginsOf(suite.server(), ["analytics"]),
    },
  });
  const { pull, apply } = await cancelledInTheMiddle(story);
  expect([apply?.conclusion, postOf(apply)?.outcome], logOf(apply)).toEqual(["cancelled", "success"]);
  expect(pull.comments()[1]?.body).toContain("**in doubt**");
  const second = await merged(story, another);
  expect([second.apply?.conclusion, outputsOf(second.apply)["reason-code"]], logOf(second.apply)).toEqual(["success", "applied"]);
  using log = await readSessionBranch(story.repository, branch);
  expect(log.verification).toEqual({ sound: 6, problems: [] });
});

const asArtifact = { files: {} };

test("F73 a plan's sessions are in its artifact, with the pull request, its head, who and which run", async () => {
  await using story = await start(asArtifact);
  const pull = await story.openPullRequest(change);
  const [run = never()] = story.runs("rolewright-plan.yml");
  const sessions = [...artifactOf(run)].filter(([path]) => path.startsWith("20")).map(([, text]) => parse(text) as Session);
  expect(sessions).toEqual([
    expect.objectContaining({
      kind: "plan",
      status: "out-of-sync",
      actor: "wen",
      commit: pull.head(),
      pull_request: pull.number,
      run_url: `${story.github.at.server}/acme/access/actions/runs/${run.id}`,
    }),
  ]);
  expectNoSecret(story, artifactOf(run).values());
});

test("a plan does not write to the branch that it is told: its token only reads, and the run says where the sessions are", async () => {
  const plan = planWorkflow(pin).replace("command: plan\n", `command: plan\n          session-log: branch:${branch}\n`);
  await using story = await start({ files: { [planWorkflowPath]: plan } });
  await story.openPullRequest(change);
  const [record] = await story.executor.settle();
  expect(record?.conclusion, logOf(record)).toBe("success");
  expect(record?.jobs[0]?.steps.flatMap(({ result }) => result?.annotations ?? [])).toContainEqual(
    expect.objectContaining({ level: "notice", message: expect.stringContaining("its sessions are in the folder session-dir") }),
  );
  expect(artifactOf(record?.run ?? never()).size).toBe(2);
  expect(story.repository.git.resolve(branch)).toBe(null);
});

test("F73 a cancelled apply has its sessions in the artifact", async () => {
  await using story = await start({ ...asArtifact, settings: ["timeouts: {lock: 100}"] });
  const { pull, apply, run } = await cancelledInTheMiddle(story);
  expect(apply?.conclusion, logOf(apply)).toBe("cancelled");
  const texts = [...artifactOf(run).values()];
  expect(texts.filter((text) => text.includes("rolled back: cancelled"))).toHaveLength(1);
  expect(pull.comments()[1]?.body).toContain(`sessions: [\`artifacts of the run\`]`);
  expectNoSecret(story, texts);
});

test("F73 of an apply that was killed, the artifact has the record as far as it came", async () => {
  await using story = await start({ ...asArtifact, ...killed });
  const { pull, apply, run } = await cancelledInTheMiddle(story);
  expect([apply?.conclusion, postOf(apply)?.outcome], logOf(apply)).toEqual(["cancelled", "success"]);
  const [[path, text] = never()] = [...artifactOf(run)].filter(([name]) => name.startsWith(".running/"));
  expect(parse(text), path).toMatchObject({ kind: "apply", status: "failed", databases: { "": "in-doubt", app: "in-doubt" } });
  expect(pull.comments()).toHaveLength(2);
  expect(pull.comments()[1]?.body).toContain("**in doubt**");
});

const keepsNothing = { [applyWorkflowPath]: applyWorkflow(pin, { ...defaultWorkflowOptions, sessionLog: { kind: "none" } }) };

test("F73 with session-log: none, too, an apply that was killed is reported, and nothing of it stays on the machine", async () => {
  using look = lookingAction();
  const workflow = keepsNothing[applyWorkflowPath].replace("    steps:\n", `    steps:\n      - uses: acme/look@${"0".repeat(40)}\n`);
  await using story = await start({ ...killed, files: { [applyWorkflowPath]: workflow }, actions: { "acme/look": look.directory } });
  const { pull, apply } = await cancelledInTheMiddle(story);
  expect([apply?.conclusion, postOf(apply)?.outcome], logOf(apply)).toEqual(["cancelled", "success"]);
  const [plan, report, ...more] = pull.comments();
  expect(more).toEqual([]);
  expect(report?.body).toContain("**in doubt**");
  expect(report?.body).not.toContain("sessions:");
  expect(plan?.body.split("\n", 1)[0]).toContain("in doubt");
  expect(postOf(apply)?.result?.summary).toContain("in doubt");
  // Its own post is the last of all.
  expect(apply?.jobs[0]?.steps.at(-1)).toMatchObject({ stage: "post", log: expect.stringMatching(/^there is \S+/u) });
  expect(apply?.jobs[0]?.steps.at(-1)?.log).not.toContain("sessions");
});

/** An action that says what is in the machine's folder for temporary files. */
function lookingAction(): { readonly directory: string } & Disposable {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-look-"));
  writeFileSync(join(directory, "action.yml"), "name: look\ndescription: look\nruns: { using: node24, main: look.mjs, post: look.mjs }\n");
  writeFileSync(
    join(directory, "look.mjs"),
    'import { readdirSync } from "node:fs";\nconsole.log(`there is ${readdirSync(process.env.RUNNER_TEMP).join(", ")}`);\n',
  );
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

test.each<[what: string, kept: Input, fault: (story: Story) => Parameters<Story["github"]["fault"]>[0]]>([
  ["killed", killed, (story) => ({ delay: 2_000, drop: "before", on: "", meanwhile: () => story.cancel(applyOf(story)) })],
  [
    "killed, and keeps no sessions",
    { ...killed, files: keepsNothing },
    (story) => ({ delay: 2_000, drop: "before", on: "", meanwhile: () => story.cancel(applyOf(story)) }),
  ],
  ["ended by an error", {}, () => ({ on: "", status: 500, times: 1_000 })],
  ["ended by an error, and keeps no sessions", { files: keepsNothing }, () => ({ on: "", status: 500, times: 1_000 })],
])("F73 a run that is %s before it applies anything says so on the pull request, once", { timeout: 120_000 }, async (_, input, fault) => {
  await using story = await start(input);
  const pull = await story.openPullRequest(change);
  pull.approve("ada");
  story.github.fault({ ...fault(story), on: "pulls/list-reviews" });
  const [apply] = await pull.merge("squash", "ada");
  expect(apply?.conclusion, logOf(apply)).not.toBe("success");
  expect(postOf(apply)?.outcome).toBe("success");
  expect(await suite.ourRoles()).toHaveLength(0);
  const [plan, report, ...more] = pull.comments();
  expect(more).toEqual([]);
  expect(report?.body.split("\n", 1)[0]).toContain("**not applied**: the run ended before anything was applied");
  expect(report?.body).toContain("Repeat the run");
  expect(plan?.body.split("\n", 1)[0]).toContain("not applied");
  expect(postOf(apply)?.result?.summary).toContain("the run ended before anything was applied");
});

const applyOf = (story: Story): WorkflowRun => story.runs("rolewright-apply.yml").at(-1) ?? never();

test("F73 a report after the job names the resources that came with the pull request and were left alone", async () => {
  const both = ["analytics", "second"];
  await using story = await start({
    ...killed,
    environments: { "rolewright-plan": { secrets: { ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, both) } } },
  });
  const files = { ...change.files, "inventory.csv": inventory(suite.server().port, both) };
  const { pull } = await cancelledInTheMiddle(story, { ...change, files });
  expect(pull.comments()[1]?.body).toContain("**in doubt**");
  expect(pull.comments()[1]?.body).toContain("Left alone: `second`");
});

test("session-log: none keeps nothing, also not on the machine", async () => {
  const look = "acme/look@0000000000000000000000000000000000000000";
  let found: readonly string[] = ["never looked"];
  await using story = await start({
    files: { [applyWorkflowPath]: `${keepsNothing[applyWorkflowPath]}      - uses: ${look}\n` },
    emulated: {
      "acme/look": async ({ machine }) => {
        found = readdirSync(machine.temp).filter((name) => name.includes("sessions"));
        return {};
      },
    },
  });
  const { pull, apply } = await merged(story, change);
  expect([apply?.conclusion, outputsOf(apply)["reason-code"], outputsOf(apply)["session-dir"]], logOf(apply)).toEqual([
    "success",
    "applied",
    "",
  ]);
  expect(found).toEqual([]);
  expect(pull.comments()[1]?.body).not.toContain("sessions:");
});

function never(): never {
  throw new Error("this cannot be");
}
