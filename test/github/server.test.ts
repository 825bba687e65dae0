import { expect, test } from "vitest";
import { badGateway, primaryLimit, secondaryLimit } from "./host/faults.ts";
import type { Repository } from "./host/state.ts";
import { nextId, timestamp } from "./host/state.ts";
import { startGitHub, type GitHub } from "./server.ts";

type Answered = { readonly status: number; readonly body: unknown; readonly link: string | null };

async function ask(github: GitHub, token: string, method: string, path: string, body?: unknown): Promise<Answered> {
  const response = await fetch(`${github.at.api}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "user-agent": "test", accept: "application/vnd.github+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
    link: response.headers.get("link"),
  };
}

/** A repository with one commit on main and an open pull request 1 that adds a file. */
function populate(github: GitHub): { repository: Repository; head: string } {
  const repository = github.addRepository("acme/access");
  const { git } = repository;
  const base = git.writeCommit({ tree: git.writeFiles(null, { "roles.csv": "a\n" }), parents: [], message: "start" });
  git.updateRef("refs/heads/main", base);
  const head = git.writeCommit({
    tree: git.writeFiles(base, { "roles.csv": "a\nb\n", "new.csv": "c\n" }),
    parents: [base],
    message: "change",
  });
  git.updateRef("refs/heads/change", head);
  const pull = {
    headRepository: repository,
    headRef: "change",
    headSha: head,
    baseRef: "main",
    baseSha: base,
    draft: false,
    merged: false,
    mergedBy: null,
    mergedAt: null,
    mergeCommit: null,
    reviews: [],
  };
  const now = timestamp();
  repository.issues.set(1, {
    number: 1,
    id: nextId(),
    user: github.userNamed("wen"),
    app: null,
    createdAt: now,
    updatedAt: now,
    title: "Change",
    body: null,
    state: "open",
    stateReason: null,
    closedAt: null,
    labels: [],
    pull,
  });
  return { repository, head };
}

test("a comment by GitHub Actions carries its bot and its app", async () => {
  await using github = await startGitHub();
  const { repository } = populate(github);
  const token = github.actionsToken(repository, { "pull-requests": "write" });
  const made = await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: "hello" });
  expect(made).toMatchObject({
    status: 201,
    body: { body: "hello", user: { login: "github-actions[bot]", type: "Bot" }, performed_via_github_app: { slug: "github-actions" } },
  });
  expect((await ask(github, token, "GET", "/repos/acme/access/issues/1/comments")).body).toHaveLength(1);
});

test("a list comes in pages of 30 with links to the next", async () => {
  await using github = await startGitHub();
  const { repository } = populate(github);
  const token = github.actionsToken(repository, { "pull-requests": "write" });
  for (let index = 0; index < 44; index += 1)
    await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: `comment ${index}` });
  const first = await ask(github, token, "GET", "/repos/acme/access/issues/1/comments");
  expect(first.body).toHaveLength(30);
  expect(first.link).toContain('page=2>; rel="next"');
  const second = await ask(github, token, "GET", "/repos/acme/access/issues/1/comments?page=2");
  expect(second.body).toHaveLength(14);
  expect(second.link).not.toContain('rel="next"');
  expect((await ask(github, token, "GET", "/repos/acme/access/issues/1/comments?per_page=100")).body).toHaveLength(44);
});

test("without the permission an operation is refused as GitHub refuses it", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { contents: "read", "pull-requests": "read", checks: "read" });
  const refused = { status: 403, body: { message: "Resource not accessible by integration" } };
  expect(await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: "hello" })).toMatchObject(refused);
  expect(await ask(github, token, "POST", "/repos/acme/access/check-runs", { name: "plan", head_sha: head })).toMatchObject(refused);
  expect(await ask(github, token, "GET", "/repos/acme/access/actions/runs")).toMatchObject(refused);
  expect((await ask(github, token, "GET", "/repos/acme/access/pulls/1/files")).body).toMatchObject([
    { filename: "new.csv" },
    { filename: "roles.csv", additions: 1 },
  ]);
});

test("a token that GitHub does not know is refused", async () => {
  await using github = await startGitHub();
  populate(github);
  expect(await ask(github, "ghs_unknown", "GET", "/repos/acme/access")).toMatchObject({
    status: 401,
    body: { message: "Bad credentials" },
  });
});

test("a request that breaks GitHub's schema fails the test", async () => {
  const github = await startGitHub();
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { checks: "write" });
  const long = { name: "plan", head_sha: head, output: { title: "t", summary: "s".repeat(70_000) } };
  expect((await ask(github, token, "POST", "/repos/acme/access/check-runs", long)).status).toBe(422);
  expect(
    (await ask(github, token, "POST", "/repos/acme/access/check-runs", { name: "plan", head_sha: head, externalId: "typo" })).status,
  ).toBe(422);
  expect((await ask(github, token, "GET", "/repos/acme/access/pulls?per_page=many")).status).toBe(422);
  expect((await ask(github, token, "GET", "/repos/acme/access/no/such/thing")).status).toBe(404);
  await expect(github[Symbol.asyncDispose]()).rejects.toThrow(
    /output\/summary must NOT have more than 65535 characters[^]*unknown key externalId[^]*query per_page must be integer[^]*no such operation/u,
  );
});

test("a check run is written by apps only, and changed only by its own", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const actions = github.actionsToken(repository, { checks: "write" });
  const made = await ask(github, actions, "POST", "/repos/acme/access/check-runs", {
    name: "plan",
    head_sha: head,
    status: "completed",
    conclusion: "success",
    external_id: "v1:abc",
  });
  expect(made).toMatchObject({ status: 201, body: { status: "completed", app: { slug: "github-actions" }, external_id: "v1:abc" } });
  const { id } = made.body as { id: number };
  const person = github.userToken("mallory", { checks: "write" });
  expect(await ask(github, person, "POST", "/repos/acme/access/check-runs", { name: "plan", head_sha: head })).toMatchObject({
    status: 403,
    body: { message: "You must authenticate via a GitHub App." },
  });
  const other = github.addToken({
    app: { id: 77, slug: "other", name: "Other" },
    permissions: { checks: "write" },
    repository: "acme/access",
  });
  expect((await ask(github, other, "PATCH", `/repos/acme/access/check-runs/${id}`, { external_id: "v1:forged" })).status).toBe(403);
  await ask(github, other, "POST", "/repos/acme/access/check-runs", { name: "plan", head_sha: head, external_id: "v1:forged" });
  const all = await ask(github, actions, "GET", `/repos/acme/access/commits/${head}/check-runs?check_name=plan`);
  expect(all.body).toMatchObject({ total_count: 2 });
  const own = await ask(github, actions, "GET", `/repos/acme/access/commits/${head}/check-runs?check_name=plan&app_id=15368`);
  expect(own.body).toMatchObject({ total_count: 1, check_runs: [{ external_id: "v1:abc" }] });
});

test("faults answer as often as they were asked to", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { "pull-requests": "write", contents: "write" });
  github.fault(secondaryLimit("issues/create-comment", 1));
  github.fault(badGateway("pulls/get"));
  github.delayAssociation(2);
  expect(await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: "x" })).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining("secondary rate limit") },
  });
  expect((await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: "x" })).status).toBe(201);
  expect((await ask(github, token, "GET", "/repos/acme/access/pulls/1")).status).toBe(502);
  expect((await ask(github, token, "GET", "/repos/acme/access/pulls/1")).body).toMatchObject({ number: 1, head: { sha: head } });
  const pulls = `/repos/acme/access/commits/${head}/pulls`;
  expect((await ask(github, token, "GET", pulls)).body).toEqual([]);
  expect((await ask(github, token, "GET", pulls)).body).toEqual([]);
  expect((await ask(github, token, "GET", pulls)).body).toMatchObject([{ number: 1 }]);
  github.fault(primaryLimit((request) => request.path.endsWith("/files"), 1_800_000_000));
  expect(await ask(github, token, "GET", "/repos/acme/access/pulls/1/files")).toMatchObject({
    status: 403,
    body: { message: "API rate limit exceeded for installation." },
  });
  github.fault({ on: "pulls/list", drop: "before" });
  await expect(ask(github, token, "GET", "/repos/acme/access/pulls")).rejects.toThrow("fetch failed");
  expect(github.count("repos/list-pull-requests-associated-with-commit")).toBe(3);
});

test("a ref that moved meanwhile is not updated", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { contents: "write" });
  const { git } = repository;
  const mine = await ask(github, token, "POST", "/repos/acme/access/git/commits", {
    message: "mine",
    tree: git.readCommit(head).tree,
    parents: [head],
  });
  const { sha } = mine.body as { sha: string };
  const theirs = git.writeCommit({ tree: git.readCommit(head).tree, parents: [head], message: "theirs" });
  github.fault({ on: "git/update-ref", delay: 0, meanwhile: () => void git.updateRef("refs/heads/change", theirs) });
  expect(await ask(github, token, "PATCH", "/repos/acme/access/git/refs/heads/change", { sha })).toMatchObject({
    status: 422,
    body: { message: "Update is not a fast forward" },
  });
  expect(git.resolve("change")).toBe(theirs);
});

test("every read of a repository, its rules and its Git objects keeps GitHub's schema", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const admin = github.userToken("ada", {
    administration: "read",
    contents: "write",
    issues: "write",
    statuses: "write",
    deployments: "write",
    actions: "read",
    checks: "read",
    "pull-requests": "read",
  });
  repository.environments.set("pg-apply", {
    id: nextId(),
    name: "pg-apply",
    secrets: new Map(),
    variables: new Map(),
    reviewers: [github.userNamed("ada")],
    preventSelfReview: true,
    branchPolicies: ["main"],
  });
  repository.branchRules.set("main", [
    { type: "deletion", ruleset_source_type: "Repository", ruleset_source: "acme/access", ruleset_id: 1 },
  ]);
  const root = "/repos/acme/access";
  const blob = await ask(github, admin, "POST", `${root}/git/blobs`, { content: "text", encoding: "utf-8" });
  const tree = await ask(github, admin, "POST", `${root}/git/trees`, {
    base_tree: repository.git.readCommit(head).tree,
    tree: [{ path: "sub/x", mode: "100644", type: "blob", sha: (blob.body as { sha: string }).sha }],
  });
  expect(tree).toMatchObject({
    status: 201,
    body: { tree: expect.arrayContaining([expect.objectContaining({ path: "sub", type: "tree" })]) },
  });
  const put = await ask(github, admin, "PUT", `${root}/contents/log/one.txt`, { message: "log", content: "eA==", branch: "change" });
  expect(put).toMatchObject({ status: 201, body: { commit: { message: "log", parents: [{ sha: head }] } } });
  expect(
    (await ask(github, admin, "PUT", `${root}/contents/log/one.txt`, { message: "log", content: "eQ==", branch: "change" })).status,
  ).toBe(422);
  expect((await ask(github, admin, "POST", `${root}/git/refs`, { ref: "refs/heads/audit", sha: head })).status).toBe(201);
  expect((await ask(github, admin, "POST", `${root}/git/refs`, { ref: "refs/heads/audit", sha: head })).status).toBe(422);
  const issue = await ask(github, admin, "POST", `${root}/issues`, { title: "Drift", body: "text", labels: ["drift"] });
  const { number } = issue.body as { number: number };
  expect(
    (await ask(github, admin, "PATCH", `${root}/issues/${number}`, { state: "closed", state_reason: "completed" })).body,
  ).toMatchObject({ state: "closed" });
  await ask(github, admin, "POST", `${root}/statuses/${head}`, { state: "success", context: "plan", description: "fine" });
  await ask(github, admin, "POST", `${root}/deployments`, {
    ref: "main",
    environment: "prod",
    payload: { checksum: "abc" },
    required_contexts: [],
  });
  const reads = [
    "",
    "/branches/main",
    "/rules/branches/main",
    "/rulesets",
    "/environments",
    "/environments/pg-apply",
    "/environments/pg-apply/deployment-branch-policies",
    "/collaborators/ada/permission",
    `/commits/${head}`,
    "/commits?sha=change",
    `/commits/${head}/pulls`,
    "/compare/main...change",
    "/contents/roles.csv?ref=change",
    "/contents/log?ref=change",
    `/commits/${head}/statuses`,
    `/commits/${head}/status`,
    "/deployments?environment=prod",
    `/issues/${number}`,
    "/issues?state=all",
    "/pulls",
    "/pulls/1",
    "/pulls/1/files",
    "/pulls/1/commits",
    "/pulls/1/reviews",
    "/actions/runs",
    "/git/ref/heads/audit",
    "/git/matching-refs/heads/a",
    `/git/commits/${head}`,
    `/git/trees/${head}?recursive=1`,
  ];
  for (const path of reads) expect([path, (await ask(github, admin, "GET", root + path)).status]).toEqual([path, 200]);
  expect((await ask(github, admin, "GET", `${root}/branches/main/protection`)).status).toBe(404);
  expect((await ask(github, admin, "GET", "/user")).body).toMatchObject({ login: "ada" });
  expect((await ask(github, admin, "DELETE", `${root}/git/refs/heads/audit`)).status).toBe(204);
});

test("a branch that demands pull requests takes no commit through the API", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  repository.branchRules.set("main", [{ type: "pull_request" }]);
  const token = github.actionsToken(repository, { contents: "write" });
  expect((await ask(github, token, "PATCH", "/repos/acme/access/git/refs/heads/main", { sha: head })).status).toBe(422);
});

test("of a huge pull request, GitHub lists 3000 files and counts them all", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const { git } = repository;
  const blob = git.writeBlob(Buffer.from("x"));
  const entries = Array.from({ length: 3100 }, (_, index) => ({ path: `a/${String(index).padStart(4, "0")}`, mode: "100644", sha: blob }));
  const huge = git.writeCommit({
    tree: git.writeTree(head, [...entries, { path: "z", mode: "100644", sha: blob }]),
    parents: [head],
    message: "huge",
  });
  const pull = repository.issues.get(1)?.pull;
  if (pull === undefined || pull === null) throw new Error("no pull request");
  pull.headSha = huge;
  const token = github.actionsToken(repository, { "pull-requests": "read" });
  expect((await ask(github, token, "GET", "/repos/acme/access/pulls/1")).body).toMatchObject({ changed_files: 3103 });
  const last = await ask(github, token, "GET", "/repos/acme/access/pulls/1/files?per_page=100&page=30");
  expect(last.body).toHaveLength(100);
  expect(last.link).not.toContain("next");
});

test("GitHub Enterprise serves below /api/v3", async () => {
  await using github = await startGitHub({ flavor: "ghes" });
  populate(github);
  expect(github.at.api).toMatch(/\/api\/v3$/u);
  expect((await ask(github, github.userToken("ada", {}), "GET", "/repos/acme/access")).body).toMatchObject({ full_name: "acme/access" });
});

test("Gitea has comments and pull requests, but no checks, environments, runs and no GraphQL", async () => {
  await using github = await startGitHub({ flavor: "gitea" });
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { "pull-requests": "write", checks: "write", contents: "write", actions: "read" });
  expect((await ask(github, token, "POST", "/repos/acme/access/issues/1/comments", { body: "x" })).status).toBe(201);
  expect((await ask(github, token, "GET", "/repos/acme/access/issues/1/comments?limit=5")).body).toHaveLength(1);
  expect((await ask(github, token, "GET", `/repos/acme/access/commits/${head}/pull`)).body).toMatchObject({ number: 1 });
  for (const path of [
    `/repos/acme/access/commits/${head}/check-runs`,
    "/repos/acme/access/environments",
    "/repos/acme/access/actions/runs",
    `/repos/acme/access/commits/${head}/pulls`,
  ]) {
    expect((await ask(github, token, "GET", path)).status).toBe(404);
  }
  const graphql = await fetch(github.at.graphql, {
    method: "POST",
    headers: { authorization: `token ${token}`, "user-agent": "test" },
    body: "{}",
  });
  expect(graphql.status).toBe(404);
});

test("GraphQL commits to a branch only from the expected head", async () => {
  await using github = await startGitHub();
  const { repository, head } = populate(github);
  const token = github.actionsToken(repository, { contents: "write" });
  const send = async (expectedHeadOid: string): Promise<unknown> => {
    const input = {
      branch: { repositoryNameWithOwner: "acme/access", branchName: "change" },
      expectedHeadOid,
      message: { headline: "log" },
      fileChanges: { additions: [{ path: "s.yaml", contents: "eA==" }] },
    };
    const response = await fetch(github.at.graphql, {
      method: "POST",
      headers: { authorization: `bearer ${token}`, "user-agent": "test" },
      body: JSON.stringify({
        query: "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }",
        variables: { input },
      }),
    });
    return response.json();
  };
  expect(await send(head)).toMatchObject({ data: { createCommitOnBranch: { commit: { oid: repository.git.resolve("change") } } } });
  expect(repository.git.readFile("change", "s.yaml")).toBe("x");
  expect(await send(head)).toMatchObject({ errors: [{ type: "STALE_DATA" }] });
});
