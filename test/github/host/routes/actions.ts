// Workflow runs, as the executor records them.
import { parameter, required, type Call, type Route } from "../call.ts";
import { showEnvironment, showJob, showUser, showWorkflowRun } from "../present.ts";
import type { WorkflowRun } from "../state.ts";

export const actionRoutes: Readonly<Record<string, Route>> = {
  "actions/get-workflow-run": (call) => ({ status: 200, body: showWorkflowRun(runOf(call), call.repository, call.at) }),
  "actions/list-workflow-runs-for-repo": (call) => listRuns(call, call.repository.runs),
  "actions/list-workflow-runs": (call) => {
    const wanted = parameter(call, "workflow_id");
    return listRuns(
      call,
      call.repository.runs.filter((run) => String(run.workflowId) === wanted || run.path.endsWith(`/${wanted}`)),
    );
  },
  "actions/list-jobs-for-workflow-run": (call) => {
    const run = runOf(call);
    const jobs = call.query.get("filter") === "all" ? run.jobs : run.jobs.filter(({ attempt }) => attempt === run.attempt);
    return { status: 200, within: "jobs", list: jobs.map((job) => showJob(job, run, call.repository, call.at)) };
  },
  "actions/list-workflow-run-artifacts": (call) => {
    const name = call.query.get("name");
    const artifacts = runOf(call).artifacts.filter((artifact) => name === null || artifact.name === name);
    return {
      status: 200,
      within: "artifacts",
      list: artifacts.map(({ id, name: title }) => ({
        id,
        node_id: `A_${id}`,
        name: title,
        size_in_bytes: 0,
        url: `${call.at.api}/repos/${call.repository.fullName}/actions/artifacts/${id}`,
        archive_download_url: `${call.at.api}/repos/${call.repository.fullName}/actions/artifacts/${id}/zip`,
        expired: false,
        created_at: null,
        expires_at: null,
        updated_at: null,
      })),
    };
  },
  "actions/get-reviews-for-run": (call) => ({
    status: 200,
    body: runOf(call).approvals.map((approval) => {
      const environment = call.repository.environments.get(approval.environment);
      return {
        state: approval.state,
        comment: approval.comment,
        user: showUser(approval.user, call.at),
        environments:
          environment === undefined
            ? []
            : [{ ...showEnvironment(environment, call.repository, call.at), protection_rules: null, deployment_branch_policy: null }].map(
                ({ protection_rules: _rules, deployment_branch_policy: _policy, ...shown }) => shown,
              ),
      };
    }),
  }),
};

function listRuns(call: Call, runs: readonly WorkflowRun[]): ReturnType<Route> {
  const { query } = call;
  const is = (key: string, value: string | null): boolean => query.get(key) === null || query.get(key) === value;
  const found = runs.filter(
    (run) =>
      is("event", run.event) &&
      is("head_sha", run.headSha) &&
      is("branch", run.headBranch) &&
      (is("status", run.status) || is("status", run.conclusion)) &&
      is("actor", run.actor.login),
  );
  return { status: 200, within: "workflow_runs", list: found.toReversed().map((run) => showWorkflowRun(run, call.repository, call.at)) };
}

function runOf(call: Call): WorkflowRun {
  return required(call.repository.runs.find(({ id }) => id === Number(parameter(call, "run_id"))));
}
