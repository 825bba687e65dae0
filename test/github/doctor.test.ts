// doctor, as people start it, against the stand-in: a repository that is set up as its README says, one where nothing is, and tokens that
// may not look everywhere.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import type { JsonObject } from "./openapi/contract.ts";
import { githubActions, nextId, type Environment, type Permissions, type Repository } from "./host/state.ts";
import { startGitHub, type GitHub } from "./server.ts";
import { placeholderPin } from "../../src/model/action-pin.ts";

type Report = {
  readonly findings: readonly { readonly code: string; readonly area: string; readonly state: string; readonly text: string }[];
};

let github: GitHub;
let repository: Repository;
let directory: string;

beforeEach(async () => {
  github = await startGitHub();
  repository = github.addRepository("acme/access");
  directory = await mkdtemp(join(tmpdir(), "rolewright-doctor-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
  await github[Symbol.asyncDispose]();
});

const everything: Permissions = { administration: "read", actions: "read", contents: "read", metadata: "read" };

async function init(...words: readonly string[]): Promise<void> {
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: directory });
  execFileSync("git", ["remote", "add", "origin", "https://github.com/acme/access.git"], { cwd: directory });
  const { exitCode, stderr } = await runCli(["init", directory, ...words]);
  if (exitCode !== 0) throw new Error(stderr);
}

const complete = ["--pin", `acme/rolewright@${"a1".repeat(20)}`, "--code-owners", "@acme/dba", "--apply-runner", "self-hosted,pg-apply"];

function environmentOf(name: string, branches: readonly string[] | null, reviewers: readonly string[] = []): void {
  const environment: Environment = {
    id: nextId(),
    name,
    secrets: new Map(),
    variables: new Map(),
    reviewers: reviewers.map((login) => github.userNamed(login)),
    preventSelfReview: reviewers.length > 0,
    branchPolicies: branches,
  };
  repository.environments.set(name, environment);
}

const rule = (type: string, parameters?: JsonObject): JsonObject => ({
  type,
  ruleset_source_type: "Repository",
  ruleset_source: "acme/access",
  ruleset_id: 42,
  ...(parameters === undefined ? {} : { parameters }),
});

const review = {
  dismiss_stale_reviews_on_push: true,
  require_code_owner_review: true,
  require_last_push_approval: true,
  required_approving_review_count: 1,
  required_review_thread_resolution: false,
};

function setUp(): void {
  environmentOf("rolewright-plan", ["refs/pull/*/merge", "gh-readonly-queue/main/*", "main"]);
  environmentOf("rolewright-apply", ["main"], ["ada"]);
  const check = { context: "rolewright plan (default)", integration_id: githubActions.id };
  repository.branchRules.set("main", [
    rule("pull_request", review),
    rule("required_status_checks", { required_status_checks: [check], strict_required_status_checks_policy: false }),
    rule("non_fast_forward"),
    rule("deletion"),
  ]);
}

async function doctor(permissions: Permissions, ...words: readonly string[]) {
  const env = { GITHUB_TOKEN: github.userToken("ada", permissions), GITHUB_API_URL: github.at.api };
  return runCli(["-C", directory, "doctor", ...words], { env });
}

async function report(permissions: Permissions): Promise<{ readonly exitCode: number | null; readonly wrong: readonly string[] }> {
  const { exitCode, stdout, stderr } = await doctor(permissions, "--json");
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as Report;
  return { exitCode, wrong: findings.filter(({ state }) => state !== "ok").map(({ state, area, code }) => `${state} ${area}: ${code}`) };
}

describe("a repository that init has written and that is set up as its README says", () => {
  test("is well", async () => {
    await init(...complete);
    setUp();
    const { exitCode, stdout, stderr } = await doctor(everything);
    expect([exitCode, stderr], stdout).toEqual([0, ""]);
    expect(stdout).toMatch(/^acme\/access +where +what$/mu);
    expect(stdout).toMatch(/^ok +environment rolewright-apply +only main reaches its secrets$/mu);
    expect(stdout).toMatch(/\nall is well\n$/u);
  });

  test("is well, too, for a token of its own workflows, which may not look at classic protection", async () => {
    await init(...complete);
    setUp();
    expect(await report({ actions: "read", contents: "read" })).toEqual({ exitCode: 0, wrong: [] });
  });

  test("has a merge queue that the plan's environment does not let in", async () => {
    await init(...complete);
    setUp();
    environmentOf("rolewright-plan", ["refs/pull/*/merge", "main"]);
    repository.branchRules.get("main")?.push(
      rule("merge_queue", {
        check_response_timeout_minutes: 60,
        grouping_strategy: "ALLGREEN",
        max_entries_to_build: 5,
        max_entries_to_merge: 5,
        merge_method: "SQUASH",
        min_entries_to_merge: 1,
        min_entries_to_merge_wait_minutes: 5,
      }),
    );
    expect(await report(everything)).toEqual({ exitCode: 1, wrong: ["problem environment rolewright-plan: plan-branches"] });
  });
});

test("two runners of one's own are warned of as long as nothing but their labels tells them apart", async () => {
  await init(...complete, "--runner", "self-hosted,pg-plan");
  setUp();
  expect(await report(everything)).toEqual({
    exitCode: 0,
    wrong: [
      "warning .github/workflows/rolewright-apply.yml, job apply: runner-shared",
      "warning .github/workflows/rolewright-dispatch.yml, job apply: runner-shared",
    ],
  });
});

test("one runner of one's own for plans of pull requests and for applies is a problem", async () => {
  await init(...complete.slice(0, -2), "--runner", "self-hosted,pg");
  setUp();
  expect(await report(everything)).toEqual({
    exitCode: 1,
    wrong: [
      "problem .github/workflows/rolewright-apply.yml, job apply: runner-shared",
      "problem .github/workflows/rolewright-dispatch.yml, job apply: runner-shared",
    ],
  });
});

test("where nothing is set up, everything that is missing is told, with what to do", async () => {
  await init("--pin", placeholderPin.uses);
  const { exitCode, wrong } = await report(everything);
  expect(exitCode).toBe(1);
  for (const expected of [
    "problem .github/workflows/rolewright-plan.yml: pinned",
    "problem .github/workflows/rolewright-apply.yml, job apply: store-on-runner",
    "problem code owners: code-owners-placeholder",
    "problem branch main: pull-request-required",
    "problem branch main: required-check",
    "problem branch main: force-pushes",
    "problem environment rolewright-plan: environment",
    "problem environment rolewright-apply: environment",
  ])
    expect(wrong).toContain(expected);
  const { stdout } = await doctor(everything);
  expect(stdout).toContain("require status checks to pass, and type the name rolewright plan (default)");
  expect(stdout).toMatch(/^problem \.github\/workflows\/rolewright-plan\.yml:\d+:\d+: OWNER\/rolewright@0+ was never filled in$/mu);
  expect(stdout).toMatch(/\n\d+ problems, \d+ warnings?\n$/u);
});

test("classic branch protection counts where the token may look, and is not taken for missing where it may not", async () => {
  await init(...complete);
  setUp();
  repository.branchRules.clear();
  repository.protection.set("main", {
    required_pull_request_reviews: {
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      require_last_push_approval: true,
      required_approving_review_count: 1,
    },
    required_status_checks: {
      contexts: ["rolewright plan (default)"],
      checks: [{ context: "rolewright plan (default)", app_id: githubActions.id }],
    },
    enforce_admins: { url: "https://x.invalid", enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  });
  expect(await report(everything)).toEqual({ exitCode: 0, wrong: ["warning branch main: administrators"] });
  const { exitCode, wrong } = await report({ actions: "read", contents: "read" });
  expect(exitCode).toBe(0);
  expect(wrong).toContain("warning branch main: pull-request-required");
});

test("environments that the token may not look at are not called missing", async () => {
  await init(...complete);
  setUp();
  expect(await report({ contents: "read" })).toEqual({
    exitCode: 0,
    wrong: ["warning environment rolewright-apply: environment", "warning environment rolewright-plan: environment"],
  });
});

test("without a token the files are looked at, and GitHub's part is a problem", async () => {
  await init(...complete);
  const { exitCode, stdout } = await runCli(["-C", directory, "doctor", "--json"]);
  expect(exitCode).toBe(1);
  const { findings } = JSON.parse(stdout) as Report;
  expect(findings.filter(({ state }) => state !== "ok").map(({ code }) => code)).toEqual(["github"]);
  expect(github.count()).toBe(0);
});

test("a token that is not taken, a repository that is not there, and a host that does not answer end the command plainly", async () => {
  await init(...complete);
  const env = { GITHUB_TOKEN: "ghp_wrong-Secret-99", GITHUB_API_URL: github.at.api };
  const refused = await runCli(["-C", directory, "doctor"], { env });
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("does not take the token")]);
  expect(refused.stdout + refused.stderr).not.toContain("Secret-99");
  const missing = await doctor(everything, "--repository", "acme/nothing");
  expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining("no repository acme/nothing")]);
  const silent = await runCli(["-C", directory, "doctor"], { env: { ...env, GITHUB_API_URL: "http://127.0.0.1:9" } });
  expect([silent.exitCode, silent.stderr]).toEqual([1, expect.stringContaining("http://127.0.0.1:9 could not be asked")]);
});

test("validate warns of what init could not fill in", async () => {
  await init("--pin", placeholderPin.uses);
  const { exitCode, stdout } = await runCli(["-C", directory, "validate"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\.github\/workflows\/rolewright-plan\.yml:\d+:15: warning\[placeholder-pin\]/mu);
  expect(stdout).toMatch(/^\.github\/CODEOWNERS:3:3: warning\[placeholder-owner\]/mu);
});

test("a repository without a remote is the one that its settings name", async () => {
  const { exitCode } = await runCli(["init", directory, ...complete, "--repository", "acme/access"]);
  expect(exitCode).toBe(0);
  setUp();
  expect(await report(everything)).toEqual({ exitCode: 0, wrong: [] });
});

test("a name in the settings that no host could know has to be given, too", async () => {
  await writeFile(join(directory, "rolewright.yaml"), "repository: our databases\n");
  const { exitCode, stderr } = await runCli(["-C", directory, "doctor"]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("rolewright doctor --repository acme/access")]);
});

test("a name that Git does not know has to be given", async () => {
  await writeFile(join(directory, "inventory.csv"), "name,type,host,port\n");
  const { exitCode, stderr } = await runCli(["-C", directory, "doctor"]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("rolewright doctor --repository acme/access")]);
  expect(await readFile(join(directory, "inventory.csv"), "utf8")).toContain("name");
});
