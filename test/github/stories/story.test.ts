import { fileURLToPath } from "node:url";
import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { RunRecord } from "../workflow.ts";
import { artifactFile } from "../workflow/job.ts";
import { startStory, type StoryInput } from "./story.ts";

const actions = { "acme/fixture": fileURLToPath(new URL("../fixtures/action", import.meta.url)) };
const sha = "0".repeat(40);

const plan = `
name: plan
on:
  pull_request:
  merge_group:
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-24.04
    environment: pg-plan
    permissions: { contents: read, pull-requests: write, checks: write }
    outputs: { checksum: "\${{ steps.plan.outputs.checksum }}" }
    steps:
      - uses: actions/checkout@${sha}
        with: { persist-credentials: false }
      - uses: acme/fixture@${sha}
        id: plan
        with: { command: plan }
        env: { DATABASE: "\${{ secrets.PLANNER }}" }
`;
const apply = `
name: apply
on:
  push: { branches: [main] }
permissions: {}
concurrency: { group: apply, cancel-in-progress: false }
jobs:
  apply:
    runs-on: ubuntu-24.04
    environment: pg-apply
    permissions: { contents: read, pull-requests: write, checks: read }
    steps:
      - uses: actions/checkout@${sha}
      - uses: acme/fixture@${sha}
        with: { command: apply }
`;
const input: StoryInput = {
  files: { "roles.csv": "a\n", ".github/workflows/plan.yml": plan },
  actions,
  environments: { "pg-plan": { secrets: { PLANNER: "planner-password" } } },
};
const withApply: StoryInput = { ...input, files: { ...input.files, ".github/workflows/apply.yml": apply } };
const change = { branch: "more", files: { "roles.csv": "a\nb\n" }, by: "wen" };

/** One workflow on pull requests with one job; `steps` as YAML below it. */
function workflow(steps: string, job = "", on = "pull_request"): string {
  return `on: ${on}\npermissions: {}\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    permissions: { contents: read }\n${job}    steps:\n${steps.replaceAll(/^/gmu, "      ")}\n`;
}

const only = (text: string): StoryInput => ({ files: { "roles.csv": "a\n", ".github/workflows/only.yml": text }, actions });

function logOf(record: RunRecord | undefined): string {
  return record?.jobs.flatMap(({ steps, notes }) => [...steps.map(({ log }) => log), ...notes]).join("\n") ?? "";
}

test("a pull request is planned, and what it says lands on its head", async () => {
  await using story = await startStory(input);
  const pull = await story.openPullRequest(change);
  const [run] = story.runs("plan.yml");
  expect(run).toMatchObject({ conclusion: "success", event: "pull_request", headSha: pull.head() });
  expect(pull.comments()).toMatchObject([{ user: { login: "github-actions[bot]" }, app: { slug: "github-actions" } }]);
  expect(pull.checkRuns().map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual(["plan success", "plan success"]);
  expect(story.github.count()).toBe(2);
});

test.each(["merge", "squash", "rebase"] as const)("a pull request merged by %s is applied with the plan of its head", async (method) => {
  await using story = await startStory(withApply);
  const pull = await story.openPullRequest(change);
  const [direct] = await story.push({ "other.txt": "moved on" }, "ada");
  expect(direct).toMatchObject({ file: "apply.yml", conclusion: "failure" });
  pull.approve("ada");
  const runs = await pull.merge(method, "ada");
  expect(runs.map(({ file, conclusion }) => `${file} ${conclusion}`)).toEqual(["apply.yml success"]);
  expect(pull.comments().map(({ body }) => body.split(" ")[0])).toEqual(["plan", "applied"]);
  expect([story.read("roles.csv"), story.read("other.txt")]).toEqual(["a\nb\n", "moved on"]);
  expect(pull.pull).toMatchObject({ merged: true, mergeCommit: story.repository.git.resolve("main") });
  expect(story.repository.git.readCommit("main").parents).toHaveLength(method === "merge" ? 2 : 1);
});

test("the merge queue checks the group's commit and makes it the new head", async () => {
  await using story = await startStory(input);
  const first = await story.openPullRequest(change);
  const second = await story.openPullRequest({ branch: "other", files: { "other.csv": "x\n" }, by: "ada" });
  const { merged, runs } = await story.mergeQueue([first, second], "ada");
  expect(merged).toBe(true);
  expect(runs.map(({ event, conclusion }) => `${event.name} ${conclusion}`)).toEqual(["merge_group success", "merge_group success"]);
  expect(runs[0]?.event.ref).toMatch(/^refs\/heads\/gh-readonly-queue\/main\/pr-1-[0-9a-f]{40}$/u);
  expect(story.repository.git.resolve("main")).toBe(runs[1]?.event.sha);
  expect([story.read("roles.csv"), story.read("other.csv")]).toEqual(["a\nb\n", "x\n"]);
});

test("a fork's pull request gets no secrets and a token that only reads", async () => {
  await using story = await startStory(input);
  const pull = await story.openPullRequest({ ...change, by: "mallory", fork: "mallory/access" });
  const [run] = story.runs("plan.yml");
  expect(run).toMatchObject({ conclusion: "failure" });
  expect(pull.comments()).toEqual([]);
  expect(story.github.log.map(({ operation, status }) => `${operation} ${status}`)).toEqual(["checks/create 403"]);
});

test("the same workflow sees a secret from its own repository and none from a fork", async () => {
  const steps = "- run: echo \"$SECRET\"\n  env: { SECRET: \"${{ secrets.TOP && 'given' || 'none' }}\" }";
  await using story = await startStory({ ...only(workflow(steps)), secrets: { TOP: "topsecret" } });
  await story.openPullRequest(change);
  await story.openPullRequest({ ...change, by: "mallory", fork: "mallory/access" });
  expect((await story.executor.settle()).map(logOf)).toEqual(["given", "none"]);
});

test("pull_request_target runs the default branch's workflow with secrets, even for a fork", async () => {
  const steps = '- run: echo "$GITHUB_SHA $SECRET"\n  env: { SECRET: "${{ secrets.TOP && \'given\' }}" }';
  await using story = await startStory({ ...only(workflow(steps, "", "pull_request_target")), secrets: { TOP: "topsecret" } });
  await story.openPullRequest({
    branch: "evil",
    by: "mallory",
    fork: "mallory/access",
    files: { ".github/workflows/only.yml": workflow("- run: echo evil", "", "pull_request_target") },
  });
  const [record] = await story.executor.settle();
  expect(logOf(record)).toBe(`${story.repository.git.resolve("main")} given`);
});

test("a pull request's own workflow file is the one that runs", async () => {
  await using story = await startStory(only(workflow("- run: echo from main")));
  await story.openPullRequest({
    branch: "evil",
    by: "wen",
    files: { ".github/workflows/only.yml": workflow("- run: echo from the pull request") },
  });
  expect(logOf((await story.executor.settle())[0])).toBe("from the pull request");
});

test("a workflow that GitHub would refuse does not run", async () => {
  await using story = await startStory(only(workflow("- run: echo x\n  uses: actions/checkout@v4")));
  await expect(story.openPullRequest(change)).rejects.toThrow(/only\.yml breaks GitHub's rules:\n\d+:\d+ /u);
});

test("a job's token has the job's permissions and ends with the job", async () => {
  const steps = `- run: |\n    curl -s -o /dev/null -w '%{http_code} ' -H "Authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/ref/heads/main"\n    curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"\n    echo "$TOKEN" > /tmp/rolewright-token-$GITHUB_RUN_ID\n  env: { TOKEN: "\${{ github.token }}" }`;
  await using story = await startStory(only(workflow(steps)));
  await story.openPullRequest(change);
  const [record] = await story.executor.settle();
  expect(logOf(record)).toBe("200 403");
  const kept = `/tmp/rolewright-token-${record?.run.id ?? 0}`;
  const token = readFileSync(kept, "utf8").trim();
  rmSync(kept);
  const late = await fetch(`${story.github.at.api}/repos/acme/access`, {
    headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
  });
  expect(late.status).toBe(401);
});

test("an output that holds a secret does not leave its job", async () => {
  const text = workflow(
    `- uses: actions/checkout@${sha}\n- uses: acme/fixture@${sha}\n  id: leak\n  with: { command: leak }\n  env: { DATABASE: "\${{ secrets.DSN }}" }`,
    '    outputs: { leak: "${{ steps.leak.outputs.leak }}", checksum: "${{ steps.leak.outputs.checksum }}" }\n',
  );
  await using story = await startStory({ ...only(text), secrets: { DSN: "postgres-dsn" } });
  await story.openPullRequest(change);
  const [record] = await story.executor.settle();
  expect(Object.keys(record?.jobs[0]?.outputs ?? {})).toEqual(["checksum"]);
  expect(record?.jobs[0]?.notes).toEqual(["Skip output 'leak' since it may contain secret."]);
});

test("secrets are masked in logs and summaries, and shown in what is sent elsewhere", async () => {
  await using story = await startStory(
    only(
      workflow(
        '- run: |\n    echo "password $SECRET"\n    echo "in base64 $(printf %s "$SECRET" | base64)"\n    echo "$SECRET" >> "$GITHUB_STEP_SUMMARY"\n  env: { SECRET: "${{ secrets.PW }}" }',
      ),
    ),
  );
  story.repository.secrets.set("PW", "correct horse");
  await story.openPullRequest(change);
  const step = (await story.executor.settle())[0]?.jobs[0]?.steps[0];
  expect(step?.log).toBe("password ***\nin base64 ***");
  expect(step?.result?.summary).toBe("***\n");
  expect(step?.result?.printed).toContain("correct horse");
});

test("jobs run in the order of needs, with outputs, conditions and matrices", async () => {
  const text = `
on: pull_request
permissions: {}
jobs:
  shards:
    runs-on: ubuntu-24.04
    outputs: { list: "\${{ steps.list.outputs.list }}" }
    steps:
      - id: list
        run: echo 'list=[{"shard":"1/2"},{"shard":"2/2"}]' >> "$GITHUB_OUTPUT"
  plan:
    needs: shards
    runs-on: ubuntu-24.04
    strategy: { fail-fast: false, matrix: { include: "\${{ fromJSON(needs.shards.outputs.list) }}" } }
    steps:
      - run: echo "shard \${{ matrix.shard }}"; test "\${{ matrix.shard }}" != 2/2
  merge:
    needs: plan
    runs-on: ubuntu-24.04
    steps: [{ run: echo merged }]
  always:
    needs: [plan, merge]
    if: always()
    runs-on: ubuntu-24.04
    steps: [{ run: "echo plan \${{ needs.plan.result }}, merge \${{ needs.merge.result }}" }]
  failed:
    needs: plan
    if: failure()
    runs-on: ubuntu-24.04
    steps: [{ run: exit 0 }]
`;
  await using story = await startStory(only(text));
  await story.openPullRequest(change);
  const [record] = await story.executor.settle();
  expect(record?.jobs.map(({ name, conclusion }) => `${name}: ${conclusion}`)).toEqual([
    "shards: success",
    "plan (1/2): success",
    "plan (2/2): failure",
    "merge: skipped",
    "always: success",
    "failed: success",
  ]);
  expect(record?.jobs[4]?.steps[0]?.log).toBe("plan failure, merge skipped");
  expect(record?.conclusion).toBe("failure");
});

test("a step after a failure runs only where its condition asks for it", async () => {
  const steps =
    "- run: exit 3\n  id: first\n- run: echo skipped\n- if: failure()\n  run: echo failed ${{ steps.first.outcome }}\n- if: always()\n  run: echo always";
  await using story = await startStory(only(workflow(steps)));
  await story.openPullRequest(change);
  const record = (await story.executor.settle())[0];
  expect(record?.jobs[0]?.steps.map(({ outcome }) => outcome)).toEqual(["failure", "skipped", "success", "success"]);
  expect(logOf(record)).toContain("failed failure\nalways");
});

test("an environment refuses other branches, waits for its reviewers, and gives its secrets", async () => {
  const environments = { prod: { secrets: { DB: "db-secret" }, reviewers: ["ada", "wen"], preventSelfReview: true, branches: ["main"] } };
  const job = "    environment: { name: prod, deployment: false }\n";
  await using story = await startStory({
    ...only(workflow('- run: test "$DB" = db-secret\n  env: { DB: "${{ secrets.DB }}" }', job, "[push, pull_request]")),
    environments,
  });
  await story.openPullRequest(change);
  const pushed = story.repository.runs.filter(({ event }) => event === "pull_request");
  expect(pushed).toMatchObject([{ conclusion: "failure", approvals: [] }]);
  expect(logOf((await story.executor.settle()).find(({ event }) => event.name === "pull_request"))).toBe(
    'Branch "refs/pull/1/merge" is not allowed to deploy to prod due to environment protection rules.',
  );
  const [run] = await story.push({ "roles.csv": "a\nc\n" }, "ada");
  expect(run).toMatchObject({
    conclusion: "success",
    run: { approvals: [{ environment: "prod", user: { login: "wen" }, state: "approved" }] },
  });
});

test("a rejected deployment fails its job before any step", async () => {
  await using story = await startStory({
    ...only(workflow("- run: echo ran", "    environment: prod\n", "push")),
    environments: { prod: { reviewers: ["ada"] } },
    review: async ({ environment }) => ({ user: environment.reviewers[0] ?? { login: "", id: 0, type: "User" }, state: "rejected" }),
  });
  const [run] = await story.push({ "roles.csv": "b\n" }, "wen");
  expect(run).toMatchObject({ conclusion: "failure", jobs: [{ steps: [], notes: ["Deployment to prod was rejected by ada."] }] });
});

test.each([
  ["only the newest of those that wait", "", ["success", "cancelled", "cancelled", "success"]],
  ["all in order with queue: max", ", queue: max", ["success", "success", "success", "success"]],
])("of a burst of runs in one concurrency group, %s is kept", async (_, queue, expected) => {
  const text = `on: push\npermissions: {}\nconcurrency: { group: apply, cancel-in-progress: false${queue} }\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps: [{ run: sleep 0.5 }]\n`;
  await using story = await startStory(only(text));
  const runs = await story.meanwhile(async () => {
    for (const line of ["1", "2", "3", "4"]) await story.push({ "roles.csv": `${line}\n` }, "ada");
  });
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(expected);
});

test("cancel-in-progress stops the run before, whose posts and always steps still run", async () => {
  const text = `on: push\npermissions: {}\nconcurrency: { group: one, cancel-in-progress: true }\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    permissions: { contents: read }\n    steps:\n      - { uses: "acme/fixture@${sha}", with: { command: linger } }\n      - { if: always(), run: echo cleaned up }\n      - { run: echo not reached }\n`;
  await using story = await startStory({ ...only(text), timings: { interruptToTerminate: 300, terminateToKill: 300 } });
  const runs = await story.meanwhile(async () => {
    await story.push({ "roles.csv": "1\n" }, "ada");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await story.push({ "roles.csv": "2\n", ".github/workflows/only.yml": text.replace("command: linger", "command: print") }, "ada");
  });
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(["cancelled", "success"]);
  expect(runs[0]?.jobs[0]?.steps.map(({ name, outcome }) => `${name.split("@")[0]}: ${outcome}`)).toEqual([
    "acme/fixture: cancelled",
    "echo cleaned up: success",
    "echo not reached: skipped",
    "Post acme/fixture: success",
  ]);
  expect(logOf(runs[0])).toContain("interrupted");
});

test("a re-run repeats the same commit and payload as another attempt", async () => {
  await using story = await startStory(
    only(workflow('- run: test -e "$RUNNER_TEMP/x" || test "$GITHUB_RUN_ATTEMPT" = 2\n- run: echo "$GITHUB_SHA $GITHUB_TRIGGERING_ACTOR"')),
  );
  await story.openPullRequest(change);
  const [run] = story.runs("only.yml");
  expect(run?.conclusion).toBe("failure");
  await story.push({ "other.txt": "x" }, "ada");
  if (run === undefined) throw new Error("no run");
  const again = await story.rerun(run, "ada", "failed");
  expect(again.conclusion).toBe("success");
  expect(run.attempt).toBe(2);
  expect(logOf(again)).toContain(`${again.event.sha} ada`);
});

test("a checkout keeps its token in the repository's settings unless told otherwise, and a job can push with it", async () => {
  const push =
    "git checkout -q --orphan audit && git rm -rqf . && git -c user.name=x -c user.email=x@test.invalid commit -q --allow-empty -m log && git push -q origin audit";
  const text = (permission: string, keep: string): string =>
    `on: push\npermissions: {}\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    permissions: { contents: ${permission} }\n    steps:\n      - { uses: "actions/checkout@${sha}", with: { fetch-depth: 0, persist-credentials: ${keep} } }\n      - { run: "git config --get-regexp extraheader || echo none" }\n      - { run: "${push}" }\n`;
  await using story = await startStory(only(text("write", "true")));
  const [first] = await story.push({ "roles.csv": "1\n" }, "ada");
  expect(first?.conclusion).toBe("success");
  expect(logOf(first)).toContain("basic ***");
  expect(story.repository.git.resolve("audit")).not.toBeNull();
  const [second] = await story.push({ ".github/workflows/only.yml": text("read", "true") }, "ada");
  expect(second?.conclusion).toBe("failure");
  expect(logOf(second)).toMatch(/403|denied/u);
  const [third] = await story.push({ ".github/workflows/only.yml": text("write", "false") }, "ada");
  expect(third?.conclusion).toBe("failure");
  expect(logOf(third)).toContain("none");
});

test("artifacts belong to their run, have unique names, and leave hidden files out", async () => {
  const text = `
on: push
permissions: {}
jobs:
  up:
    runs-on: ubuntu-24.04
    steps:
      - run: mkdir -p out/deep out/.hidden && echo one > out/deep/one && echo two > out/.hidden/two
      - { uses: "actions/upload-artifact@${sha}", with: { name: log, path: out, if-no-files-found: error } }
      - { uses: "actions/upload-artifact@${sha}", with: { name: log, path: out }, continue-on-error: true, id: twice }
      - run: test \${{ steps.twice.outcome }} = failure
  down:
    needs: up
    runs-on: ubuntu-24.04
    steps:
      - { uses: "actions/download-artifact@${sha}", with: { name: log, path: got } }
      - run: cat got/deep/one; test ! -e got/.hidden
`;
  await using story = await startStory(only(text));
  const [record] = await story.push({ "roles.csv": "1\n" }, "ada");
  expect(logOf(record)).toContain("one");
  expect(record?.conclusion).toBe("success");
  expect(readFileSync(artifactFile(record?.run ?? story.runs("only.yml")[0] ?? never(), "log", "deep/one"), "utf8")).toBe("one\n");
});

test("schedules and dispatches run the named workflow of the default branch with its inputs", async () => {
  const text = `on:\n  schedule: [{ cron: "0 6 * * *" }]\n  workflow_dispatch: { inputs: { rotate: { type: string } } }\npermissions: {}\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps: [{ run: "echo \${{ github.event_name }} $ROTATE", env: { ROTATE: "\${{ inputs.rotate }}" } }]\n`;
  await using story = await startStory(only(text));
  const [scheduled] = await story.schedule("only.yml");
  const [dispatched] = await story.dispatch("only.yml", { rotate: "analytics/ro" });
  expect([logOf(scheduled), logOf(dispatched)]).toEqual(["schedule", "workflow_dispatch analytics/ro"]);
});

test("filters on branches and paths decide which runs start", async () => {
  const on = '{ push: { branches: [main], paths: ["roles/**", "*.csv"] } }';
  await using story = await startStory(only(workflow("- run: echo ran", "", on)));
  expect(await story.push({ "README.md": "x" }, "ada")).toEqual([]);
  expect(await story.push({ "roles/deep/one.yaml": "x" }, "ada")).toHaveLength(1);
  await story.openPullRequest(change);
  expect(story.runs("only.yml")).toHaveLength(1);
});

test("an action of the repository itself comes from the checkout, unless a folder stands in for it", async () => {
  const text = workflow(`- uses: actions/checkout@${sha}\n- uses: ./\n  with: { command: print }\n  env: { PRINTED: hello }`);
  const own = { "action.yml": "name: own\ndescription: own\nruns: { using: node24, main: own.mjs }\n", "own.mjs": "console.log('own');\n" };
  await using story = await startStory({ ...only(text), files: { ...own, ".github/workflows/only.yml": text } });
  await story.openPullRequest(change);
  expect(logOf((await story.executor.settle())[0])).toContain("own");
  await using other = await startStory({ ...only(text), actions: { "./": actions["acme/fixture"] } });
  await other.openPullRequest(change);
  expect(logOf((await other.executor.settle())[0])).toContain("hello");
});

test("Gitea looks at the head, has no apps, and takes no notice of environments", async () => {
  const steps = '- run: echo "$GITHUB_REF $GITHUB_SHA ${DB:-none} $GITHUB_API_URL"\n  env: { DB: "${{ secrets.DB }}" }';
  const environments = { prod: { secrets: { DB: "db-secret" }, reviewers: ["ada"], branches: ["main"] } };
  await using story = await startStory({ ...only(workflow(steps, "    environment: prod\n")), environments, host: { flavor: "gitea" } });
  const pull = await story.openPullRequest(change);
  expect(logOf((await story.executor.settle())[0])).toBe(`refs/pull/1/head ${pull.head()} none ${story.github.at.api}`);
});

test("a job with a container is refused instead of being run without one", async () => {
  await using story = await startStory(only(workflow("- run: echo ran", "    container: postgres:18\n")));
  await story.openPullRequest(change);
  expect(logOf((await story.executor.settle())[0])).toBe("the harness runs no container");
});

test("an action that the harness does not know fails its step and is named", async () => {
  await using story = await startStory(only(workflow("- uses: someone/else@v1")));
  await story.openPullRequest(change);
  expect(logOf((await story.executor.settle())[0])).toContain("test/github knows no action someone/else@v1");
});

function never(): never {
  throw new Error("no run");
}
