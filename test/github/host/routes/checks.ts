// Check runs and their suites. Only GitHub Apps may write them, and each app only its own.
import { isObject, type JsonObject } from "../../openapi/contract.ts";
import { parameter, Refusal, required, text, type Call, type Route } from "../call.ts";
import { showApp, showCheckRun, showRepository } from "../present.ts";
import { githubActions, nextId, timestamp, type App, type CheckRun, type CheckSuite, type Repository } from "../state.ts";

export const checkRoutes: Readonly<Record<string, Route>> = {
  "checks/create": (call) => {
    const app = writer(call);
    const headSha = text(call.body, "head_sha") ?? "";
    if (call.repository.git.resolve(headSha) !== headSha) throw new Refusal(422, `No commit found for SHA: ${headSha}`);
    const run = addCheckRun(call.repository, { app, headSha, name: text(call.body, "name") ?? "" });
    change(run, call.body);
    return { status: 201, body: showCheckRun(run, call.repository, call.at) };
  },
  "checks/update": (call) => {
    const app = writer(call);
    const run = checkRunOf(call);
    if (run.app.id !== app.id)
      throw new Refusal(403, `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`);
    // https://github.blog/changelog/2025-02-12-notice-of-upcoming-deprecations-and-breaking-changes-for-github-actions/
    if (isOfJob(run, call.repository) && (text(call.body, "status") ?? text(call.body, "conclusion")) !== null)
      throw new Refusal(403, "Check run status and conclusions can only be updated internally by GitHub Actions");
    change(run, call.body);
    return { status: 200, body: showCheckRun(run, call.repository, call.at) };
  },
  "checks/get": (call) => ({ status: 200, body: showCheckRun(checkRunOf(call), call.repository, call.at) }),
  "checks/list-annotations": (call) => ({ status: 200, list: checkRunOf(call).annotations }),
  "checks/list-for-ref": (call) => {
    const sha = required(call.repository.git.resolve(parameter(call, "ref")));
    const name = call.query.get("check_name");
    const appId = call.query.get("app_id");
    const status = call.query.get("status");
    const found = call.repository.checkRuns
      .filter(
        (run) =>
          run.headSha === sha &&
          (name === null || run.name === name) &&
          (appId === null || run.app.id === Number(appId)) &&
          (status === null || run.status === status),
      )
      .toReversed();
    // `latest` is the newest of a name within a suite: two workflows with a job of one name show both.
    const latest = found.filter((run, index) => found.findIndex((other) => other.name === run.name && other.suite === run.suite) === index);
    return {
      status: 200,
      within: "check_runs",
      list: (call.query.get("filter") === "all" ? found : latest).map((run) => showCheckRun(run, call.repository, call.at)),
    };
  },
  "checks/get-suite": (call) => {
    const suite = required(call.repository.checkSuites.find(({ id }) => id === Number(parameter(call, "check_suite_id"))));
    const { sha, tree, message, author, committer } = call.repository.git.readCommit(suite.headSha);
    return {
      status: 200,
      body: {
        id: suite.id,
        node_id: `CS_${suite.id}`,
        head_sha: suite.headSha,
        head_branch: suite.headBranch,
        status: "completed",
        conclusion: "success",
        app: showApp(suite.app, call.at),
        repository: showRepository(call.repository, call.at),
        url: `${call.at.api}/repos/${call.repository.fullName}/check-suites/${suite.id}`,
        before: null,
        after: null,
        pull_requests: [],
        created_at: timestamp(),
        updated_at: timestamp(),
        latest_check_runs_count: 0,
        check_runs_url: `${call.at.api}/repos/${call.repository.fullName}/check-suites/${suite.id}/check-runs`,
        head_commit: {
          id: sha,
          tree_id: tree,
          message,
          timestamp: author.date,
          author: { name: author.name, email: author.email },
          committer: { name: committer.name, email: committer.email },
        },
      },
    };
  },
};

/** A new check run. Without a suite of its own it joins the app's first one on that commit, whichever workflow that belongs to, as on GitHub. */
export function addCheckRun(repository: Repository, input: { app: App; headSha: string; name: string; suite?: CheckSuite }): CheckRun {
  const suite =
    input.suite ??
    repository.checkSuites.find(({ app, headSha }) => app.id === input.app.id && headSha === input.headSha) ??
    addCheckSuite(repository, input.app, input.headSha, null);
  const run: CheckRun = {
    id: nextId(),
    app: input.app,
    suite: suite.id,
    headSha: input.headSha,
    startedAt: timestamp(),
    name: input.name,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  };
  repository.checkRuns.push(run);
  return run;
}

export function addCheckSuite(repository: Repository, app: App, headSha: string, headBranch: string | null): CheckSuite {
  const suite: CheckSuite = { id: nextId(), app, headSha, headBranch };
  repository.checkSuites.push(suite);
  return suite;
}

function change(run: CheckRun, body: JsonObject): void {
  run.name = text(body, "name") ?? run.name;
  run.externalId = text(body, "external_id") ?? run.externalId;
  // The token of a job cannot set it: https://github.com/actions/github-script/issues/143
  if (run.app.id !== githubActions.id) run.detailsUrl = text(body, "details_url") ?? run.detailsUrl;
  run.conclusion = text(body, "conclusion") ?? run.conclusion;
  run.status = text(body, "status") ?? (text(body, "conclusion") === null ? run.status : "completed");
  if (run.status === "completed" && run.conclusion === null)
    throw new Refusal(422, 'Invalid request. "conclusion" is required when "status" is "completed".');
  if (run.status === "completed") run.completedAt = text(body, "completed_at") ?? run.completedAt ?? timestamp();
  const output = body["output"];
  if (!isObject(output)) return;
  run.title = text(output, "title") ?? run.title;
  run.summary = text(output, "summary") ?? run.summary;
  run.text = text(output, "text") ?? run.text;
  const annotations = output["annotations"];
  if (!Array.isArray(annotations)) return;
  for (const annotation of annotations)
    if (isObject(annotation))
      run.annotations.push({ blob_href: "", title: null, raw_details: null, start_column: null, end_column: null, ...annotation });
}

function isOfJob(run: CheckRun, repository: Repository): boolean {
  return repository.runs.some(({ jobs }) => jobs.some(({ checkRun }) => checkRun === run.id));
}

function writer(call: Call): App {
  if (call.identity.app === null) throw new Refusal(403, "You must authenticate via a GitHub App.");
  return call.identity.app;
}

function checkRunOf(call: Call): CheckRun {
  return required(call.repository.checkRuns.find(({ id }) => id === Number(parameter(call, "check_run_id"))));
}
