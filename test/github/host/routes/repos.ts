// The repository, its commits, rules, environments, statuses and deployments.
import { parameter, Refusal, required, text, type Call, type Route } from "../call.ts";
import { showCommit, showEnvironment, showRepository, showUser } from "../present.ts";
import { nextId, timestamp, type Deployment, type Status } from "../state.ts";
import { showFile } from "./pulls.ts";

export const repositoryRoutes: Readonly<Record<string, Route>> = {
  "repos/get": (call) => {
    const write = call.identity.permissions.contents === "write";
    return { status: 200, body: { ...showRepository(call.repository, call.at), permissions: { admin: false, push: write, pull: true } } };
  },
  "repos/get-branch": (call) => {
    const name = parameter(call, "branch");
    const sha = required(call.repository.git.resolve(`refs/heads/${name}`));
    const url = `${call.at.api}/repos/${call.repository.fullName}/branches/${encodeURIComponent(name)}`;
    return {
      status: 200,
      body: {
        name,
        commit: showCommit(call.repository.git.readCommit(sha), call.repository, call.at),
        protected: isProtected(call, name),
        protection: {},
        protection_url: `${url}/protection`,
        _links: { html: `${call.at.server}/${call.repository.fullName}/tree/${name}`, self: url },
      },
    };
  },
  "repos/get-branch-protection": (call) => {
    const protection = call.repository.protection.get(parameter(call, "branch"));
    if (protection === undefined) throw new Refusal(404, "Branch not protected");
    return { status: 200, body: protection };
  },
  "repos/get-branch-rules": (call) => ({ status: 200, list: call.repository.branchRules.get(parameter(call, "branch")) ?? [] }),
  "repos/get-repo-rulesets": (call) => ({ status: 200, list: call.repository.rulesets }),
  "repos/get-repo-ruleset": (call) => ({
    status: 200,
    body: required(call.repository.rulesets.find((ruleset) => ruleset["id"] === Number(parameter(call, "ruleset_id")))),
  }),
  "repos/get-all-environments": (call) => ({
    status: 200,
    within: "environments",
    list: [...call.repository.environments.values()].map((environment) => showEnvironment(environment, call.repository, call.at)),
  }),
  "repos/get-environment": (call) => ({
    status: 200,
    body: showEnvironment(required(call.repository.environments.get(parameter(call, "environment_name"))), call.repository, call.at),
  }),
  "repos/list-deployment-branch-policies": (call) => {
    const environment = required(call.repository.environments.get(parameter(call, "environment_name")));
    return {
      status: 200,
      within: "branch_policies",
      list: (environment.branchPolicies ?? []).map((name, index) => ({
        id: environment.id + 10 + index,
        node_id: "BP_1",
        name,
        type: "branch",
      })),
    };
  },
  "repos/get-collaborator-permission-level": (call) => {
    const login = parameter(call, "username");
    const permission =
      login === call.repository.owner.login
        ? "admin"
        : (call.repository.collaborators.get(login) ?? (call.repository.private ? "none" : "read"));
    return {
      status: 200,
      body: {
        permission,
        role_name: permission,
        user: {
          ...showUser({ login, id: 1, type: "User" }, call.at),
          permissions: { admin: permission === "admin", push: permission !== "read" && permission !== "none", pull: permission !== "none" },
        },
      },
    };
  },
  "repos/get-commit": (call) => {
    const { git } = call.repository;
    const sha = git.resolve(parameter(call, "ref"));
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${parameter(call, "ref")}`);
    const commit = git.readCommit(sha);
    const files = git.changedFiles(commit.parents[0] ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904", sha);
    return { status: 200, body: { ...showCommit(commit, call.repository, call.at), files: files.map((file) => showFile(file, call)) } };
  },
  "repos/list-commits": (call) => {
    const { git, defaultBranch } = call.repository;
    const path = call.query.get("path");
    const found = git.log(required(git.resolve(call.query.get("sha") ?? defaultBranch)));
    const touching =
      path === null
        ? found
        : found.filter((sha) =>
            git
              .changedFiles(git.readCommit(sha).parents[0] ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904", sha)
              .some(({ filename }) => filename === path || filename.startsWith(`${path}/`)),
          );
    return { status: 200, list: touching.map((sha) => showCommit(git.readCommit(sha), call.repository, call.at)) };
  },
  "repos/list-activities": listActivities,
  "repos/compare-commits-with-basehead": compare,
  "repos/create-commit-status": (call) => {
    const status: Status = {
      id: nextId(),
      sha: parameter(call, "sha"),
      context: text(call.body, "context") ?? "default",
      state: text(call.body, "state") ?? "",
      description: text(call.body, "description"),
      targetUrl: text(call.body, "target_url"),
      user: call.identity.user,
    };
    if ((status.description ?? "").length > 140)
      throw new Refusal(422, "Validation Failed: description is too long (maximum is 140 characters)");
    call.repository.statuses.push(status);
    return { status: 201, body: showStatus(status, call) };
  },
  "repos/list-commit-statuses-for-ref": (call) => ({ status: 200, list: statusesOf(call).map((status) => showStatus(status, call)) }),
  "repos/get-combined-status-for-ref": (call) => {
    const latest = statusesOf(call).filter((status, index, all) => all.findIndex(({ context }) => context === status.context) === index);
    const state = latest.some((status) => status.state === "failure" || status.state === "error")
      ? "failure"
      : latest.length > 0 && latest.every((status) => status.state === "success")
        ? "success"
        : "pending";
    return {
      status: 200,
      body: {
        state,
        statuses: latest.map((status) => showStatus(status, call)),
        sha: call.repository.git.resolve(parameter(call, "ref")),
        total_count: latest.length,
        repository: showRepository(call.repository, call.at),
        commit_url: call.at.api,
        url: call.at.api,
      },
    };
  },
  "repos/list-deployments": (call) => {
    const environment = call.query.get("environment");
    const sha = call.query.get("sha");
    const found = call.repository.deployments.filter(
      (deployment) => (environment === null || deployment.environment === environment) && (sha === null || deployment.sha === sha),
    );
    return { status: 200, list: found.toReversed().map((deployment) => showDeployment(deployment, call)) };
  },
  "repos/create-deployment": (call) => {
    const ref = text(call.body, "ref") ?? "";
    const sha = call.repository.git.resolve(ref);
    if (sha === null) throw new Refusal(409, `No ref found for: ${ref}`);
    const deployment: Deployment = {
      id: nextId(),
      sha,
      ref,
      environment: text(call.body, "environment") ?? "production",
      payload: call.body["payload"] ?? {},
      user: call.identity.user,
      createdAt: timestamp(),
      statuses: [],
    };
    call.repository.deployments.push(deployment);
    return { status: 201, body: showDeployment(deployment, call) };
  },
  "repos/create-deployment-status": (call) => {
    const deployment = required(call.repository.deployments.find(({ id }) => id === Number(parameter(call, "deployment_id"))));
    const state = text(call.body, "state") ?? "";
    deployment.statuses.push(state);
    const url = `${call.at.api}/repos/${call.repository.fullName}/deployments/${deployment.id}`;
    return {
      status: 201,
      body: {
        id: nextId(),
        node_id: "DS_1",
        state,
        creator: showUser(deployment.user, call.at),
        description: text(call.body, "description") ?? "",
        target_url: "",
        url,
        deployment_url: url,
        repository_url: call.at.api,
        created_at: timestamp(),
        updated_at: timestamp(),
      },
    };
  },
};

/** Pages by cursors, unlike the others: `after` is where the next one begins. */
function listActivities(call: Call): ReturnType<Route> {
  const { repository, query, at } = call;
  const ref = (query.get("ref") ?? "").replace(/^(?:refs\/heads\/)?/u, "refs/heads/");
  const found = repository.activities.filter((activity) => !query.has("ref") || activity.ref === ref).toReversed();
  const size = Math.min(100, Number(query.get("per_page") ?? "30"));
  const start = found.findIndex(({ id }) => String(id) === query.get("after")) + 1;
  const page = found.slice(start, start + size);
  const next = new URL(`${at.api}/repos/${repository.fullName}/activity?${query.toString()}`);
  next.searchParams.set("after", String(page.at(-1)?.id));
  return {
    status: 200,
    body: page.map(({ id, type, actor, ...activity }) => ({
      ...activity,
      id,
      node_id: `PSH_${id}`,
      activity_type: type,
      actor: showUser(actor, at),
    })),
    headers: start + size < found.length ? { link: `<${next.href}>; rel="next"` } : {},
  };
}

function compare(call: Call): ReturnType<Route> {
  const { git } = call.repository;
  const [left = "", right = ""] = parameter(call, "basehead").split("...");
  const base = required(git.resolve(left));
  const head = required(git.resolve(right));
  const mergeBase = required(git.mergeBase(base, head));
  const ahead = git.log(head, base).toReversed();
  const behind = git.log(base, head);
  const url = `${call.at.api}/repos/${call.repository.fullName}/compare/${left}...${right}`;
  const status =
    ahead.length > 0 && behind.length > 0 ? "diverged" : ahead.length > 0 ? "ahead" : behind.length > 0 ? "behind" : "identical";
  const show = (sha: string) => showCommit(git.readCommit(sha), call.repository, call.at);
  return {
    status: 200,
    body: {
      url,
      html_url: url,
      permalink_url: url,
      diff_url: url,
      patch_url: url,
      base_commit: show(base),
      merge_base_commit: show(mergeBase),
      status,
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead.map(show),
      // GitHub shows at most 300 files of a comparison.
      files: git
        .changedFiles(mergeBase, head)
        .slice(0, 300)
        .map((file) => showFile(file, call)),
    },
  };
}

function isProtected(call: Call, branch: string): boolean {
  return call.repository.protection.has(branch) || (call.repository.branchRules.get(branch) ?? []).length > 0;
}

function statusesOf(call: Call): readonly Status[] {
  const sha = required(call.repository.git.resolve(parameter(call, "ref")));
  return call.repository.statuses.filter((status) => status.sha === sha).toReversed();
}

function showStatus(status: Status, call: Call) {
  return {
    id: status.id,
    node_id: "SC_1",
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
    url: `${call.at.api}/repos/${call.repository.fullName}/statuses/${status.sha}`,
    avatar_url: null,
    creator: showUser(status.user, call.at),
    created_at: timestamp(),
    updated_at: timestamp(),
  };
}

function showDeployment(deployment: Deployment, call: Call) {
  const url = `${call.at.api}/repos/${call.repository.fullName}/deployments/${deployment.id}`;
  return {
    id: deployment.id,
    node_id: "DE_1",
    sha: deployment.sha,
    ref: deployment.ref,
    task: "deploy",
    payload: deployment.payload,
    environment: deployment.environment,
    description: null,
    creator: showUser(deployment.user, call.at),
    created_at: deployment.createdAt,
    updated_at: deployment.createdAt,
    url,
    statuses_url: `${url}/statuses`,
    repository_url: `${call.at.api}/repos/${call.repository.fullName}`,
  };
}
