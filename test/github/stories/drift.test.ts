// Drift: one issue tells of it, is left alone while it says all there is, and is closed when nothing differs.
import { expect, test } from "vitest";
import { dispatchWorkflow, dispatchWorkflowPath } from "../../../src/init/dispatch-workflow.ts";
import { driftWorkflow, driftWorkflowPath } from "../../../src/init/drift-workflow.ts";
import { formatMarker } from "../../../src/review/comment-marker.ts";
import { expectOnlyOurMarkup } from "../../core/review/comment/markdown-oracle.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { nextId, timestamp, type Issue } from "../host/state.ts";
import { inventory, loginsOf, pin, planner, type AccessStoryInput } from "./access-story.ts";
import { ro, rw, useAccessStories } from "./access-suite.ts";
import { logOf, outputsOf, sessionsOf, summaryOf } from "./run-facts.ts";

const roName = "hoopdev_analytics_ro_6075a443";
const rwName = "hoopdev_analytics_rw_2c764c3a";
const file = "rolewright-drift.yml";

const suite = useAccessStories();

type Story = Awaited<ReturnType<typeof start>>;

/** Puts right what differs, whoever has approved it. */
const applyingDrift = driftWorkflow(pin, { drift: "apply" }).replace("drift: apply\n", "drift: apply\n          evidence: none\n");

/** What the repository declares is applied, unless the story applies drift itself. `approved`: only what pull requests have got approved. */
async function start(input: Partial<AccessStoryInput> & { readonly drift?: "report" | "apply" | "approved" } = {}) {
  const { drift = "report", ...more } = input;
  const workflows = { report: driftWorkflow(pin), apply: applyingDrift, approved: driftWorkflow(pin, { drift: "apply" }) };
  const story = await suite.start({
    roles: [ro],
    ...more,
    files: {
      [driftWorkflowPath]: workflows[drift],
      [dispatchWorkflowPath]: dispatchWorkflow(pin),
      "access.yaml": "groups:\n  analysts:\n    members: [ada@example.com, grace]\n    roles: [analytics/ro]\n",
      ...more.files,
    },
  });
  if (drift === "report") await story.dispatch("rolewright-dispatch.yml", { what: "apply", role: "", resources: "analytics" });
  return story;
}

/** Onto the default branch without an event, so that nothing runs. */
function commit({ repository: { git, defaultBranch } }: Story, files: Readonly<Record<string, string>>): void {
  const parent = git.resolve(defaultBranch) ?? "";
  const author = { name: "ada", email: "ada@test.invalid", date: "" };
  git.updateRef(
    `refs/heads/${defaultBranch}`,
    git.writeCommit({ tree: git.writeFiles(parent, files), parents: [parent], message: "more", author }),
  );
}

function issuesOf({ repository }: Story): readonly Issue[] {
  return [...repository.issues.values()];
}

function commentsOn({ repository }: Story, issue: Issue | undefined): readonly string[] {
  return repository.comments.filter(({ issue: number }) => number === issue?.number).map(({ body }) => body);
}

/** How often an issue was made, and written to. */
function writes({ github }: Story): readonly [made: number, edited: number, commented: number] {
  return [github.count("issues/create"), github.count("issues/update"), github.count("issues/create-comment")];
}

async function look(story: Story): Promise<readonly [conclusion: unknown, reason: unknown, url: unknown]> {
  const [run] = await story.schedule(file);
  const { "reason-code": reason, "comment-url": url } = outputsOf(run);
  return [run?.conclusion, reason, url];
}

test("one issue: opened, left as it is, edited, closed and opened again", { timeout: 120_000 }, async () => {
  await using story = await start();
  expect([await look(story), writes(story)]).toEqual([
    ["success", "no-changes", ""],
    [0, 0, 0],
  ]);

  await suite.run("app", `revoke select on t from ${roName}`);
  const [found] = await story.schedule(file);
  expect([found?.conclusion, outputsOf(found)["reason-code"], outputsOf(found)["changes"]], logOf(found)).toEqual([
    "success",
    "drift",
    "true",
  ]);
  const [issue] = issuesOf(story);
  const url = `${story.github.at.server}/acme/access/issues/1`;
  expect(issue).toMatchObject({
    title: "PostgreSQL access drift · default · 1 role in 1 resource",
    state: "open",
    user: { login: "github-actions[bot]" },
  });
  expect(issue?.body).toContain(`GRANT SELECT ON TABLE "public"."t" TO "${roName}"`);
  expect(issue?.body).toContain("- `analysts`, 2 members, through `analytics/ro`: `ada@example.com`, `grace`");
  expect([outputsOf(found)["comment-url"], writes(story)]).toEqual([url, [1, 0, 0]]);
  expect(summaryOf(found)).toContain("### PostgreSQL access drift · `default` · 1 role in 1 resource");
  expect(sessionsOf(found).map(({ kind, status }) => [kind, status])).toEqual([["plan", "out-of-sync"]]);

  // Another time, another run, another commit: the same words.
  const body = issue?.body;
  commit(story, { "README.md": "more\n" });
  expect([await look(story), writes(story), issue?.body]).toEqual([["success", "drift", url], [1, 0, 0], body]);

  await suite.run("app", `grant insert on u to ${roName}`);
  expect([await look(story), writes(story)]).toEqual([
    ["success", "drift", url],
    [1, 1, 0],
  ]);
  expect(issue?.body).toContain(`REVOKE INSERT ON TABLE "public"."u"`);

  await suite.run("app", `grant select on t to ${roName}; revoke insert on u from ${roName}`);
  expect([await look(story), writes(story), issue?.state]).toEqual([["success", "no-changes", url], [1, 2, 1], "closed"]);
  expect(commentsOn(story, issue)).toEqual([
    expect.stringMatching(/^PostgreSQL says what the files declare: the default branch at .* Seen by this \[run\]/u),
  ]);
  expect([await look(story), writes(story)]).toEqual([
    ["success", "no-changes", ""],
    [1, 2, 1],
  ]);

  await suite.run("app", `revoke select on t from ${roName}`);
  expect([await look(story), writes(story), issue?.state]).toEqual([["success", "drift", url], [1, 3, 1], "open"]);
  expect(issuesOf(story)).toHaveLength(1);
});

test("an issue that somebody edited is put right, and one that somebody closed is opened again", async () => {
  await using story = await start();
  await suite.run("app", `revoke select on t from ${roName}`);
  await look(story);
  const [issue] = issuesOf(story);
  if (issue === undefined) throw new Error("there is no issue");
  const { body } = issue;
  issue.body = String(body).replace("`analysts`", "`nobody`");
  await look(story);
  expect([issue.body?.includes("`nobody`"), issue.body?.includes("`analysts`")]).toEqual([false, true]);
  issue.state = "closed";
  await look(story);
  expect([issue.state, issuesOf(story).length]).toEqual(["open", 1]);
});

/** An issue of a stranger's with the marker of ours. */
function forge({ github, repository }: Pick<Story, "github" | "repository">): Issue {
  const marker = formatMarker({ env: "default", pr: 0, head: "0".repeat(40), checksum: "", catalog: "", declared: "" });
  const forged: Issue = {
    number: 1,
    id: nextId(),
    user: github.userNamed("mallory"),
    app: null,
    createdAt: timestamp(),
    updatedAt: timestamp(),
    title: "PostgreSQL access drift · default · none",
    body: `all is well\n\n${marker}`,
    state: "open",
    stateReason: null,
    closedAt: null,
    labels: [],
    pull: null,
  };
  repository.issues.set(1, forged);
  return forged;
}

test("what somebody else wrote is not taken for the issue, whatever marker it has", async () => {
  await using story = await start();
  const forged = forge(story);
  const before = { ...forged };
  expect(await look(story)).toEqual(["success", "no-changes", ""]);
  await suite.run("app", `revoke select on t from ${roName}`);
  expect(await look(story)).toEqual(["success", "drift", `${story.github.at.server}/acme/access/issues/2`]);
  expect([forged, commentsOn(story, forged)]).toEqual([{ ...before }, []]);
});

test("the issue is found behind hundreds of others", { timeout: 120_000 }, async () => {
  await using story = await start({ host: { largestPage: 20 } });
  await suite.run("app", `revoke select on t from ${roName}`);
  await look(story);
  const [first] = issuesOf(story);
  if (first === undefined) throw new Error("there is no issue");
  for (let number = 2; number <= 300; number += 1)
    story.repository.issues.set(number, { ...first, number, id: nextId(), title: "other", body: "x" });
  await look(story);
  expect(story.github.count("issues/create")).toBe(1);
});

test(
  "a server that does not answer is not read, which is never clean: the run fails and the issue stays",
  { timeout: 120_000 },
  async () => {
    const resources = ["analytics", "marketplace", "spare"];
    const rows = [
      ...inventory(suite.server().port).trim().split("\n"),
      "marketplace,PostgreSQL,127.0.0.1,1",
      "later,PostgreSQL,127.0.0.1,1",
      "",
    ];
    await using story = await start({
      resources,
      roles: [ro, "marketplace,external,ro,,,pg_monitor"],
      files: { "inventory.csv": rows.join("\n") },
    });
    const [run] = await story.schedule(file);
    expect([run?.conclusion, outputsOf(run)["reason-code"], outputsOf(run)["changes"]], logOf(run)).toEqual([
      "failure",
      "plan-failed",
      "false",
    ]);
    const [issue] = issuesOf(story);
    expect(issue).toMatchObject({ title: "PostgreSQL access drift · default · 1 role not read", state: "open" });
    expect(issue?.body).toContain("What differs there, nobody knows");

    // No role is declared on it, but somebody has a login: what is left there of earlier days, nobody has seen.
    commit(story, {
      "inventory.csv": [...rows.slice(0, 2), "spare,PostgreSQL,127.0.0.1,1", ""].join("\n"),
      "roles.csv": formatRoles([ro]),
    });
    expect(await look(story)).toEqual([
      "failure",
      "plan-failed",
      issue === undefined ? "" : `${story.github.at.server}/acme/access/issues/1`,
    ]);
    expect([issue?.title, issue?.state]).toEqual(["PostgreSQL access drift · default · 1 resource not read", "open"]);

    // Nobody has a login for the one that stands in the inventory for later.
    commit(story, { "inventory.csv": [...rows.slice(0, 2), "later,PostgreSQL,127.0.0.1,1", ""].join("\n") });
    expect([(await look(story)).slice(0, 2), issue?.state]).toEqual([["success", "no-changes"], "closed"]);
  },
);

test("drift: apply puts right what is declared, reports it on the issue and closes it", { timeout: 120_000 }, async () => {
  await using story = await start({ drift: "apply", roles: [ro, rw] });
  const pull = await story.openPullRequest({ branch: "more", files: { "README.md": "more\n" }, by: "wen" });
  const [run] = await story.schedule(file);
  expect([run?.conclusion, outputsOf(run)["reason-code"]], logOf(run)).toEqual(["success", "applied"]);
  const issue = issuesOf(story).find(({ pull: isPull }) => isPull === null);
  expect(issue).toMatchObject({ title: "PostgreSQL access drift · default · 2 roles in 1 resource", state: "closed" });
  expect(issue?.body).toContain("The same run applies what is declared and reports here.");
  expect(commentsOn(story, issue)).toEqual([expect.stringContaining("applied, 2 roles")]);
  expect(commentsOn(story, issue)[0]).toContain("Without a pull request");
  expect([...story.credentials().keys()].toSorted()).toEqual(["analytics/ro", "analytics/rw"]);
  expect(
    sessionsOf(run)
      .map(({ kind, status }) => `${kind} ${status}`)
      .toSorted(),
  ).toEqual(["apply success", "apply success", "plan out-of-sync", "plan out-of-sync"]);
  expect(pull.comments()[0]?.body.split("\n", 1)[0]).toContain("**stale**");

  await suite.run("app", `grant delete on t to ${roName}`);
  expect((await look(story)).slice(0, 2)).toEqual(["success", "applied"]);
  const held = await suite.run("app", `select has_table_privilege('${roName}', 't', 'delete') as held`);
  expect([held, issue?.state, commentsOn(story, issue).length]).toEqual([[{ held: false }], "closed", 2]);
  expect((await look(story)).slice(0, 2)).toEqual(["success", "no-changes"]);
  expect(commentsOn(story, issue)).toHaveLength(2);
});

const rotating = "items: [{resource_name: analytics, role: etl, scopes: [app], privileges: [SELECT], rotate_password: true}]\n";

/** The pull request that declares one role more. */
const more = { branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };

async function maySelect(role: string): Promise<unknown> {
  const [row] = await suite.server().run("app", `select has_table_privilege('${role}', 't', 'select') as held`);
  return row?.["held"];
}

test("drift: apply does not bring in what an apply has refused", { timeout: 120_000 }, async () => {
  await using story = await start({ drift: "approved" });
  const pull = await story.openPullRequest(more);
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("approval-missing");
  const [run] = await story.schedule(file);
  expect([run?.conclusion, outputsOf(run)["reason-code"], outputsOf(run)["changes"]], logOf(run)).toEqual([
    "failure",
    "approval-missing",
    "true",
  ]);
  expect(await suite.server().run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev'")).toEqual([]);
  const issue = issuesOf(story).find(({ pull: isPull }) => isPull === null);
  expect(issue?.state).toBe("open");
  expect(issue?.body).toContain(`#${pull.number} has 0 of 1 approvals`);
  // The same the next night.
  const written = writes(story);
  expect([(await look(story))[1], writes(story)]).toEqual(["approval-missing", written]);
});

test("drift: apply puts right what an approved merge has declared, and nothing of a commit behind that", { timeout: 180_000 }, async () => {
  await using story = await start({ drift: "approved", files: { "roles.yaml": rotating } });
  const pull = await story.openPullRequest(more);
  pull.approve("ada");
  const [apply] = await pull.merge("squash", "ada");
  expect(outputsOf(apply)["reason-code"], logOf(apply)).toBe("applied");
  await suite.server().run("app", `revoke select on t from ${roName}`);
  const [run] = await story.schedule(file);
  expect([run?.conclusion, outputsOf(run)["reason-code"]], logOf(run)).toEqual(["success", "applied"]);
  expect(await maySelect(roName)).toBe(true);

  // Merged while the run plans: the newer commit may have taken it away again.
  await suite.server().run("app", `revoke select on t from ${roName}`);
  story.github.fault({ on: "pulls/list-reviews", meanwhile: () => commit(story, { "README.md": "more\n" }) });
  expect((await look(story)).slice(0, 2)).toEqual(["success", "superseded"]);
  expect(await maySelect(roName)).toBe(false);

  // That commit came from no pull request.
  expect((await look(story)).slice(0, 2)).toEqual(["failure", "evidence-missing"]);
  expect(await maySelect(roName)).toBe(false);
});

test("drift: apply knows what a merge queue has merged", { timeout: 120_000 }, async () => {
  await using story = await start({ drift: "approved" });
  const first = await story.openPullRequest(more);
  const second = await story.openPullRequest({ branch: "other", files: { "README.md": "two\n" }, by: "wen" });
  first.approve("ada");
  second.approve("ada");
  await story.mergeQueue([first, second], "ada");
  await suite.server().run("app", `revoke select on t from ${roName}`);
  const [run] = await story.schedule(file);
  expect(outputsOf(run)["reason-code"], logOf(run)).toBe("applied");
  expect(await maySelect(roName)).toBe(true);
  // Of a group, every pull request has to be approved.
  first.pull.reviews.splice(0);
  await suite.server().run("app", `revoke select on t from ${roName}`);
  expect((await look(story)).slice(0, 2)).toEqual(["failure", "approval-missing"]);
});

test("drift: apply gives no new password where the files ask for one at every apply", { timeout: 120_000 }, async () => {
  await using story = await start({ drift: "apply", files: { "roles.yaml": rotating } });
  expect((await look(story)).slice(0, 2)).toEqual(["success", "applied"]);
  const made = story.credentials().get("analytics/etl");
  expect((await look(story)).slice(0, 2)).toEqual(["success", "no-changes"]);
  expect([made?.user, story.credentials().get("analytics/etl")]).toEqual([expect.stringContaining("_etl_"), made]);
});

test("drift: apply leaves alone what the default branch no longer declares", { timeout: 120_000 }, async () => {
  const settings = (store: string): string => `credentials: {store: "file:${store}"}\norphans: disable\n`;
  await using story = await start({ drift: "apply", roles: [ro, rw] });
  await story.schedule(file);
  commit(story, { "roles.csv": formatRoles([ro]), "rolewright.yaml": settings(story.store) });
  await suite.run("app", `grant delete on t to ${roName}`);
  const [run] = await story.schedule(file);
  expect([run?.conclusion, outputsOf(run)["reason-code"]], logOf(run)).toEqual(["success", "applied"]);
  const [issue] = issuesOf(story);
  expect(issue?.state).toBe("open");
  expect(issue?.body).toContain("Roles that are no longer declared are left to an apply that somebody has approved.");
  const [login] = await suite.run("postgres", `select rolcanlogin from pg_roles where rolname = '${rwName}'`);
  expect(login).toEqual({ rolcanlogin: true });
  expect((await look(story)).slice(0, 2)).toEqual(["success", "drift"]);
});

test("drift: apply without the admin's login changes nothing and says why, once", { timeout: 120_000 }, async () => {
  await using story = await start({
    drift: "apply",
    environments: { "rolewright-apply": { secrets: { ROLEWRIGHT_ADMIN_CSV: loginsOf(planner, ["analytics"]) }, branches: ["main"] } },
  });
  const [run] = await story.schedule(file);
  expect([run?.conclusion, outputsOf(run)["reason-code"]], logOf(run)).toEqual(["failure", "failed"]);
  const [issue] = issuesOf(story);
  expect([issue?.state, commentsOn(story, issue)]).toEqual(["open", [expect.stringContaining("**not applied**")]]);
  expect(await look(story)).toEqual(["failure", "failed", `${story.github.at.server}/acme/access/issues/1`]);
  expect(commentsOn(story, issue)).toHaveLength(1);
});

test("hostile names stay text in the issue", async () => {
  const name = "HOSTILE ```\n@octocat | <img src=x> `x` --> ::add-mask::app ##[add-mask]t [a](http://evil.example) fixes #1";
  await using story = await start();
  await suite.run("app", `create table "${name.replace("\n", " ")}" (a int); grant insert on "${name.replace("\n", " ")}" to ${roName}`);
  const [run] = await story.schedule(file);
  expect(outputsOf(run)["reason-code"], logOf(run)).toBe("drift");
  const [issue] = issuesOf(story);
  expect(issue?.body).toContain("HOSTILE");
  const onGitHub = (text: string): string => text.replaceAll(story.github.at.server, "https://github.com");
  expectOnlyOurMarkup(onGitHub(String(issue?.body)));
  expectOnlyOurMarkup(onGitHub(summaryOf(run)));
  expect(issue?.title).not.toContain("HOSTILE");
});

test("without permission to write issues the run says what is missing, and comment: none needs none", async () => {
  const bare = driftWorkflow(pin).replace(/^ +issues: write.*\n/mu, "");
  await using story = await start({ files: { [driftWorkflowPath]: bare } });
  await suite.run("app", `revoke select on t from ${roName}`);
  const [refused] = await story.schedule(file);
  expect(refused?.conclusion).toBe("failure");
  expect(logOf(refused)).toContain("permissions: { issues: write }");
  commit(story, { [driftWorkflowPath]: bare.replace("command: drift", "command: drift\n          comment: none") });
  expect(await look(story)).toEqual(["success", "drift", ""]);
  expect(writes(story)).toEqual([0, 0, 0]);
});

test("on Gitea, where runs speak as a user and there is no GraphQL, the issue is found again as well", async () => {
  const secrets = { ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, ["analytics"]) };
  await using story = await suite.start({
    roles: [ro],
    host: { flavor: "gitea" },
    secrets,
    files: { [driftWorkflowPath]: driftWorkflow(pin) },
  });
  const forged = forge(story);
  const before = { ...forged };
  const [found] = await story.schedule(file);
  expect([found?.conclusion, outputsOf(found)["reason-code"]], logOf(found)).toEqual(["success", "drift"]);
  await story.schedule(file);
  expect([writes(story), forged]).toEqual([[1, 0, 0], before]);
});

test("drift that a person starts on another branch is refused", async () => {
  await using story = await start();
  story.repository.git.updateRef("refs/heads/feature", story.repository.git.resolve("main") ?? "");
  const [run] = await story.dispatch(file, {}, "ada", "feature");
  expect(run?.conclusion).toBe("failure");
  expect(logOf(run)).toContain("drift runs on main, and this run is of feature");
  expect(writes(story)).toEqual([0, 0, 0]);
});
