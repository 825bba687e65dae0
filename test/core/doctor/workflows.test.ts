// What the doctor says of workflows: of those that init writes, nothing; of each that is spoiled in one way, that.
import { describe, expect, test } from "vitest";
import { diagnose, wantedEnvironments, type LocalFacts } from "../../../src/doctor/diagnose.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { initFiles } from "../../../src/init/files.ts";
import { defaultWorkflowOptions } from "../../../src/init/workflow-parts.ts";

const shipped = initFiles({
  pin: { uses: `acme/rolewright@${"a1".repeat(20)}`, version: "v0.1.0" },
  options: { ...defaultWorkflowOptions, applyRunner: ["self-hosted", "pg-apply"] },
  repository: "acme/access",
  codeOwners: ["@acme/dba"],
  serverUrl: "https://github.com",
});

type Spoil = (text: string, path: string) => string;

function localFacts(spoil: Spoil = (text) => text): LocalFacts {
  const files = shipped.map(({ path, text }) => ({ path, text: spoil(text, path) })).filter(({ text }) => text !== "");
  return {
    files: { errors: 0, repositoryName: "acme/access", store: "file:../credentials" },
    workflows: files.filter(({ path }) => path.startsWith(".github/workflows/")),
    codeOwners: files.filter(({ path }) => path.endsWith("CODEOWNERS")),
    accessPaths: ["rolewright.yaml", "inventory.csv", "roles.csv"],
  };
}

function findings(local: LocalFacts, hasCheckRuns = true): readonly Finding[] {
  const all = diagnose({ repository: "acme/access", defaultBranch: "main", local, host: { hidden: "not here" }, hasCheckRuns });
  return all.filter(({ code, state }) => state !== "ok" && code !== "github");
}

const inPlan =
  (search: string | RegExp, replacement: string): Spoil =>
  (text, path) =>
    path.endsWith("-plan.yml") ? replaced(text, search, replacement) : text;
const inApply =
  (search: string | RegExp, replacement: string): Spoil =>
  (text, path) =>
    path.endsWith("-apply.yml") ? replaced(text, search, replacement) : text;

/** Jobs of the plan and of the apply that run there; those by hand on a machine of their own. */
const inRunners =
  (plan: string, apply: string): Spoil =>
  (text, path) => {
    const runner = path.endsWith("-plan.yml") ? plan : path.endsWith("-apply.yml") ? apply : "ubuntu-24.04";
    return text.replaceAll(/runs-on: .*/gu, `runs-on: ${runner}`);
  };

function replaced(text: string, search: string | RegExp, replacement: string): string {
  const result = text.replace(search, replacement);
  if (result === text) throw new Error(`nothing to spoil: ${String(search)}`);
  return result;
}

test("of what init writes, all is well", () => {
  expect(findings(localFacts())).toEqual([]);
  expect(wantedEnvironments(localFacts().workflows)).toEqual(["rolewright-plan", "rolewright-apply"]);
});

describe("spoiled in one way", () => {
  const own = "[self-hosted, pg-plan]";
  const cases: readonly (readonly [what: string, code: string, state: "warning" | "problem", spoil: Spoil])[] = [
    ["a tag instead of a commit", "pinned", "problem", inPlan(/acme\/rolewright@\w+/u, "acme/rolewright@v1")],
    ["a branch of the checkout", "pinned", "problem", inApply(/actions\/checkout@\w+/u, "actions/checkout@main")],
    ["a container without a digest", "pinned", "problem", inApply("    steps:\n", "    steps:\n      - uses: docker://alpine:3\n")],
    ["a pin that was never filled in", "pinned", "problem", inPlan(/acme\/rolewright@\w+/u, `OWNER/rolewright@${"0".repeat(40)}`)],
    ["another version in the apply", "same-version", "warning", inApply(/acme\/rolewright@\w+/u, `acme/rolewright@${"b2".repeat(20)}`)],
    ["pull_request_target", "pull-request-target", "problem", inPlan("  pull_request:\n", "  pull_request:\n  pull_request_target:\n")],
    ["a filter of paths", "plan-paths", "problem", inPlan("  pull_request:\n", "  pull_request:\n    paths: [roles.csv]\n")],
    [
      "no permissions at all",
      "permissions",
      "problem",
      (text, path) =>
        path.endsWith("-plan.yml") ? text.replace(/^ {4}permissions:\n(?: {6}.*\n)+/mu, "").replace("permissions: {}\n", "") : text,
    ],
    ["all permissions", "permissions", "problem", inPlan(/permissions:\n(?: {6}.*\n)+/u, "permissions: write-all\n")],
    ["a permission too few", "permissions", "problem", inPlan(/ +checks: write.*\n/u, "")],
    [
      "a permission too many",
      "permissions-superfluous",
      "warning",
      inPlan("      checks: write", "      packages: write\n      checks: write"),
    ],
    ["a shallow checkout", "checkout-depth", "problem", inPlan(/ +fetch-depth: 0.*\n/u, "")],
    ["a token that stays", "checkout-token", "problem", inApply("persist-credentials: false", "persist-credentials: true")],
    ["no checkout", "checkout", "problem", inApply(/ +- uses: actions\/checkout@.*\n +with:\n +persist.*\n/u, "")],
    ["the admins in the plan", "admin-in-plan", "problem", inPlan("secrets.ROLEWRIGHT_PLANNER_CSV", "secrets.PG_ADMIN_LOGINS")],
    [
      "the admins in the plan, by the workflow",
      "admin-in-plan",
      "problem",
      inPlan("permissions: {}", "permissions: {}\nenv:\n  ROLEWRIGHT_ADMIN_CSV: ${{ secrets.X }}"),
    ],
    ["all secrets", "all-secrets", "problem", inPlan("${{ secrets.ROLEWRIGHT_PLANNER_CSV }}", "${{ toJSON( secrets ) }}")],
    ["an apply without environment", "job-environment", "problem", inApply(/ +environment: .*\n/u, "")],
    ["a plan without environment", "job-environment", "warning", inPlan(/ +environment: .*\n/u, "")],
    [
      "a script beside the plan",
      "plan-steps",
      "problem",
      inPlan("      - uses: acme", "      - run: ./scripts/lint.sh\n      - uses: acme"),
    ],
    [
      "a script behind the plan",
      "plan-steps",
      "problem",
      inPlan("      - uses: actions/upload", "      - run: make\n      - uses: actions/upload"),
    ],
    [
      "an action of the checkout beside the plan",
      "pinned",
      "problem",
      inPlan("      - uses: acme", "      - uses: ./tools/setup\n      - uses: acme"),
    ],
    ["rolewright itself of the checkout", "pinned", "problem", inPlan(/acme\/rolewright@\w+/u, "./rolewright")],
    ["a plan in a sealed comment", "evidence", "warning", inPlan("command: plan", "command: plan\n          evidence: comment-hmac")],
    ["an apply of a sealed comment", "evidence", "warning", inApply("command: apply", "command: apply\n          evidence: comment-hmac")],
    ["a script beside the admins", "apply-steps", "warning", inApply("    steps:\n", "    steps:\n      - run: make\n")],
    ["a runner that is thrown away", "store-on-runner", "problem", inApply(/runs-on: .*/u, "runs-on: ubuntu-24.04")],
    ["the plan's runner for the apply, too", "runner-shared", "problem", inRunners(own, own)],
    ["a runner that any plan's could be", "runner-shared", "problem", inRunners(own, "[PG-plan, x, self-hosted]")],
    ["an apply that takes any runner of one's own", "runner-shared", "problem", inRunners(own, "self-hosted")],
    ["a runner that is computed in the run", "runner-shared", "warning", inRunners(own, "${{ vars.RUNNER }}")],
    ["one label for both that says nothing of the machine", "runner-shared", "warning", inRunners("databases", "databases")],
    ["labels that one runner may all have", "runner-shared", "warning", inRunners(own, "[self-hosted, pg-apply]")],
    ["a label of GitHub's on a runner of one's own", "runner-shared", "warning", inRunners("[self-hosted, ubuntu-24.04]", "databases")],
    ["a group for one of them", "runner-shared", "warning", inRunners(own, "{group: applies, labels: pg-apply}")],
    ["a label of GitHub's in a group", "runner-shared", "warning", inRunners("{group: plans, labels: ubuntu-24.04}", "databases")],
    ["a group that is computed in the run", "runner-shared", "warning", inRunners("{group: plans}", '{group: "${{ vars.GROUP }}"}')],
    ["sessions that are lost", "sessions-kept", "warning", inApply(/ +- uses: actions\/upload-artifact(?:.*\n)+/u, "")],
    ["sessions that are lost with a failure", "sessions-kept", "warning", inApply("always() && ", "")],
    ["another branch", "apply-branch", "problem", inApply("branches: [main]", "branches: [master]")],
    ["an apply that is cancelled", "apply-cancel", "problem", inApply("cancel-in-progress: false", "cancel-in-progress: true")],
    ["plans of another file", "plan-workflow", "problem", inApply("rolewright-plan.yml", "plan.yml")],
    ["no plan", "workflow-plan", "problem", (text, path) => (path.endsWith("-plan.yml") ? "" : text)],
    ["no drift", "workflow-drift", "warning", (text, path) => (path.endsWith("-drift.yml") ? "" : text)],
    ["YAML that is none", "workflow-readable", "problem", inPlan("jobs:", "jobs: [")],
    ["no code owners", "code-owners", "problem", (text, path) => (path.endsWith("CODEOWNERS") ? "" : text)],
    ["a file without owners", "code-owners", "problem", (text, path) => (path.endsWith("CODEOWNERS") ? `${text}/roles.csv\n` : text)],
    [
      "owners that were never filled in",
      "code-owners-placeholder",
      "problem",
      (text, path) => (path.endsWith("CODEOWNERS") ? "* @OWNER/dba\n" : text),
    ],
  ];

  const branchLog: Spoil = (text) => text.replace(/^( +)command: .*$/gmu, "$&\n$1session-log: branch:rolewright-sessions");

  test("sessions on a branch take a token that may write, but not of a plan", () => {
    const found = findings(localFacts(branchLog)).filter(({ code }) => code === "permissions");
    expect(found.map(({ area, text }) => [area, text])).toEqual([
      [".github/workflows/rolewright-apply.yml, job apply", "its token lacks contents: write"],
      [".github/workflows/rolewright-drift.yml, job drift", "its token lacks contents: write"],
      [".github/workflows/rolewright-dispatch.yml, job apply", "its token lacks contents: write"],
    ]);
  });

  test.each(cases)("%s: %s, a %s", (_what, code, state, spoil) => {
    const found = findings(localFacts(spoil));
    expect(found.filter((finding) => finding.code === code).map((finding) => finding.state)).toEqual([state]);
    expect(found.every(({ text, advice }) => text !== "" && advice !== "")).toBe(true);
  });
});

test.each([
  ["two groups", "{group: plans, labels: self-hosted}", "{group: applies, labels: self-hosted}"],
  ["a machine of GitHub's for the plan", "ubuntu-24.04", "${{ vars.RUNNER }}"],
])("no runner takes both: %s", (_, plan, apply) => {
  expect(findings(localFacts(inRunners(plan, apply))).filter(({ code }) => code === "runner-shared")).toEqual([]);
});

test("a problem of a step is told at its line", () => {
  const found = findings(localFacts(inPlan(/acme\/rolewright@\w+/u, "acme/rolewright@v1")));
  const plan = localFacts(inPlan(/acme\/rolewright@\w+/u, "acme/rolewright@v1")).workflows.find(({ path }) => path.endsWith("-plan.yml"));
  const line = (plan?.text ?? "").split("\n").findIndex((text) => text.includes("acme/rolewright@v1")) + 1;
  expect(found.find(({ code }) => code === "pinned")?.at).toEqual({ file: plan?.path, line, column: 9 });
});

test("another workflow that runs on pull_request_target is warned of, and its other sins are none of ours", () => {
  const local = localFacts();
  const text = "on: pull_request_target\njobs:\n  label:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/labeler@v5\n";
  const found = findings({ ...local, workflows: [...local.workflows, { path: ".github/workflows/label.yml", text }] });
  expect(found.map(({ code, state, area }) => [code, state, area])).toEqual([
    ["pull-request-target", "warning", ".github/workflows/label.yml"],
  ]);
});

test.each([
  ["no store", { store: null }, "credential-store", "problem"],
  ["no name", { repositoryName: null }, "repository-name", "warning"],
  ["errors", { errors: 2 }, "valid", "problem"],
] as const)("files with %s", (_what, spoiled, code, state) => {
  const local = localFacts();
  expect(findings({ ...local, files: { ...local.files, ...spoiled } }).map((finding) => [finding.code, finding.state])).toEqual([
    [code, state],
  ]);
});

test("hostile YAML is a problem and not a crash", () => {
  const local = localFacts();
  const workflows = [
    { path: ".github/workflows/deep.yml", text: "[".repeat(20_000) },
    {
      path: ".github/workflows/odd.yml",
      text: "on: [1, {a: b}]\njobs: {a: 1, b: {steps: [1, {uses: {}}], runs-on: {group: x}, environment: [], permissions: 7}}\n",
    },
    { path: ".github/workflows/text.yml", text: "just text\n" },
  ];
  const codes = findings({ ...local, workflows: [...local.workflows, ...workflows] }).map(({ code, area }) => [code, area]);
  expect(codes).toEqual([
    ["workflow-readable", ".github/workflows/deep.yml"],
    ["workflow-readable", ".github/workflows/text.yml"],
  ]);
});

test("a sealed comment is all there is where the host has no check runs", () => {
  const local = localFacts(inPlan("command: plan", "command: plan\n          evidence: comment-hmac"));
  expect(findings(local, false).filter(({ code }) => code === "evidence")).toEqual([]);
});

test("an action of the checkout beside the plan is a step of a stranger, too, and the finding names it", () => {
  const found = findings(localFacts(inPlan("      - uses: acme", "      - uses: ./tools/setup\n      - uses: acme")));
  expect(found.map(({ code, state }) => [code, state])).toEqual([
    ["pinned", "problem"],
    ["plan-steps", "problem"],
  ]);
  expect(found.map(({ text }) => text)).toEqual([expect.stringContaining("./tools/setup"), expect.stringContaining("./tools/setup")]);
});
