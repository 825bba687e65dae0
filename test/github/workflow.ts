// Executes the workflow files of a repository on the stand-in, as GitHub does when something happens there.
import { parse } from "yaml";
import { isObject, type Json, type JsonObject } from "./openapi/contract.ts";
import type { GitHub } from "./server.ts";
import { addCheckSuite } from "./host/routes/checks.ts";
import { githubActions, nextId, timestamp, type User, type WorkflowRun } from "./host/state.ts";
import { interpolate, interpolateText, type Progress } from "./runner/expressions.ts";
import type { Timings } from "./runner/process.ts";
import { createGroups } from "./workflow/concurrency.ts";
import { emulatedActions, type EmulatedAction } from "./workflow/emulated-actions.ts";
import { listensTo, type WorkflowEvent } from "./workflow/event.ts";
import { concurrencyOf, runJob, type DeploymentReview, type JobInput, type JobRecord } from "./workflow/job.ts";
import { expandMatrix } from "./workflow/matrix.ts";
import type { ResolveAction } from "./workflow/steps.ts";
import { workflowProblems } from "./workflow/validate.ts";

export type RunRecord = {
  readonly run: WorkflowRun;
  readonly event: WorkflowEvent;
  /** The file's name, such as `plan.yml`. */
  readonly file: string;
  readonly conclusion: string;
  readonly jobs: readonly JobRecord[];
};

export type ExecutorOptions = {
  /** Folders of actions by `owner/name`, whatever the ref behind `@`; under `./`, instead of the one in the checkout. */
  readonly actions?: Readonly<Record<string, string>>;
  /** More emulations by `owner/name`. */
  readonly emulated?: Readonly<Record<string, EmulatedAction>>;
  /** Decides on deployments to environments with reviewers; unless given, the first reviewer who may approves. */
  readonly review?: DeploymentReview;
  readonly timings?: Timings;
  /** Milliseconds that a step may take. */
  readonly stepTimeout?: number;
};

export type Executor = ReturnType<typeof createExecutor>;

type Started = {
  readonly run: WorkflowRun;
  readonly event: WorkflowEvent;
  readonly file: string;
  readonly workflow: JsonObject;
  cancel: AbortController;
  done: Promise<RunRecord>;
  jobs: readonly JobRecord[];
};

/** Runs what an event starts; every workflow file is first held against GitHub's own parser. */
export function createExecutor(github: GitHub, options: ExecutorOptions = {}) {
  const groups = createGroups();
  const started: Started[] = [];
  const workflowIds = new Map<string, number>();
  const review: DeploymentReview = options.review ?? approveByFirst;
  const resolve: ResolveAction = (uses) => {
    const [name = ""] = uses.split("@");
    const emulated = options.emulated?.[name] ?? emulatedActions[name];
    const directory = options.actions?.[name];
    return directory !== undefined ? { directory } : emulated !== undefined ? { emulated } : null;
  };

  /** Starts every workflow that listens to the event. @throws Error where a file breaks GitHub's rules */
  async function dispatch(event: WorkflowEvent): Promise<readonly Started[]> {
    const begun: Started[] = [];
    for (const path of workflowPaths(event)) {
      const text = event.repository.git.readFile(event.workflowsAt, path) ?? "";
      const workflow = parse(text) as Json;
      if (
        !isObject(workflow) ||
        (event.only !== null && event.only !== path && !path.endsWith(`/${event.only}`)) ||
        !listensTo(workflow, event)
      )
        continue;
      const problems = await workflowProblems(text);
      if (problems.length > 0) throw new Error(`${path} breaks GitHub's rules:\n${problems.join("\n")}`);
      begun.push(start(event, path, workflow));
    }
    return begun;
  }

  function start(event: WorkflowEvent, path: string, workflow: JsonObject): Started {
    const key = `${event.repository.fullName} ${path}`;
    const workflowId = workflowIds.get(key) ?? nextId();
    workflowIds.set(key, workflowId);
    const now = timestamp();
    const suite = addCheckSuite(event.repository, githubActions, event.headSha, event.headBranch);
    const run: WorkflowRun = {
      id: nextId(),
      workflowId,
      path,
      name: typeof workflow["name"] === "string" ? workflow["name"] : path,
      event: event.name,
      headSha: event.headSha,
      headBranch: event.headBranch,
      headRepository: event.headRepository,
      actor: event.actor,
      triggeringActor: event.actor,
      suite: suite.id,
      runNumber: event.repository.runs.filter((other) => other.path === path).length + 1,
      attempt: 1,
      status: "queued",
      conclusion: null,
      createdAt: now,
      updatedAt: now,
      pulls: event.pulls,
      jobs: [],
      approvals: [],
      artifacts: [],
    };
    event.repository.runs.push(run);
    const entry: Started = {
      run,
      event,
      file: path.split("/").at(-1) ?? path,
      workflow,
      cancel: new AbortController(),
      done: Promise.resolve(null as never),
      jobs: [],
    };
    entry.done = execute(entry, null);
    started.push(entry);
    return entry;
  }

  /** One attempt of a run. `again`: only these jobs, with the results of the others kept. */
  async function execute(entry: Started, again: ReadonlySet<string> | null): Promise<RunRecord> {
    const { run, event, workflow } = entry;
    const context = contextOf(entry, github);
    const finish = (conclusion: string, jobs: readonly JobRecord[]): RunRecord => {
      run.status = "completed";
      run.conclusion = conclusion;
      run.updatedAt = timestamp();
      entry.jobs = jobs;
      return { run, event, file: entry.file, conclusion, jobs };
    };
    const scope = {
      contexts: {
        github: { ...context, event: event.payload },
        inputs: event.inputs,
        vars: Object.fromEntries(event.repository.variables),
      },
    };
    const declared = workflow["concurrency"];
    const release =
      declared === undefined
        ? () => {}
        : await groups.enter({ ...concurrencyOf(declared, scope, event.repository), cancel: () => entry.cancel.abort() });
    if (release === null) return finish("cancelled", []);
    try {
      run.status = "in_progress";
      const jobs = await runJobs(entry, context, again);
      const conclusions = jobs.map(({ conclusion }) => conclusion);
      const all =
        entry.cancel.signal.aborted || conclusions.includes("cancelled")
          ? "cancelled"
          : conclusions.includes("failure")
            ? "failure"
            : conclusions.every((conclusion) => conclusion === "skipped")
              ? "skipped"
              : "success";
      return finish(all, jobs);
    } finally {
      release();
    }
  }

  async function runJobs(entry: Started, context: JsonObject, again: ReadonlySet<string> | null): Promise<readonly JobRecord[]> {
    const declared = isObject(entry.workflow["jobs"]) ? entry.workflow["jobs"] : {};
    const running = new Map<string, Promise<readonly JobRecord[]>>();
    const run = (id: string): Promise<readonly JobRecord[]> => {
      const existing = running.get(id);
      if (existing !== undefined) return existing;
      const job = declared[id];
      if (!isObject(job)) throw new Error(`there is no job ${id}`);
      const kept = entry.jobs.filter((record) => record.id === id);
      const result =
        again !== null && !again.has(id)
          ? Promise.resolve(kept)
          : runOne(
              entry,
              context,
              id,
              job,
              needsOf(job).map((name) => [name, run(name)]),
            );
      running.set(id, result);
      return result;
    };
    const all = await Promise.all(Object.keys(declared).map((id) => run(id)));
    return all.flat();
  }

  async function runOne(
    entry: Started,
    context: JsonObject,
    id: string,
    job: JsonObject,
    needed: readonly (readonly [string, Promise<readonly JobRecord[]>])[],
  ): Promise<readonly JobRecord[]> {
    if (job["uses"] !== undefined) throw new Error("the harness runs no reusable workflows");
    const before = await Promise.all(needed.map(async ([name, records]) => [name, await records] as const));
    const needs = Object.fromEntries(
      before.map(([name, records]) => [
        name,
        { result: resultOf(records), outputs: Object.assign({}, ...records.map(({ outputs }) => outputs)) as JsonObject },
      ]),
    );
    const results = before.map(([, records]) => resultOf(records));
    const progress: Progress | "skipped" = entry.cancel.signal.aborted
      ? "cancelled"
      : results.includes("failure")
        ? "failure"
        : results.includes("cancelled")
          ? "cancelled"
          : results.includes("skipped")
            ? "skipped"
            : "success";
    const scope = {
      contexts: {
        github: { ...context, event: entry.event.payload },
        needs,
        inputs: entry.event.inputs,
        vars: Object.fromEntries(entry.event.repository.variables),
      },
    };
    const strategy = isObject(job["strategy"]) ? job["strategy"] : {};
    const matrices = expandMatrix(progress === "skipped" ? undefined : interpolate(strategy["matrix"] ?? null, scope));
    const failFast = interpolate(strategy["fail-fast"] ?? true, scope) !== false;
    const cancels = matrices.map(() => linked(entry.cancel.signal));
    return Promise.all(
      matrices.map(async (matrix, index) => {
        const cancel = cancels[index] ?? linked(entry.cancel.signal);
        const input: JobInput = {
          github,
          event: entry.event,
          run: entry.run,
          workflow: entry.workflow,
          id,
          job,
          matrix,
          needs,
          progress,
          context,
          groups,
          review,
          resolve,
          cancel,
          strategy: { "fail-fast": failFast, "job-index": index, "job-total": matrices.length, "max-parallel": matrices.length },
          ...(options.timings === undefined ? {} : { timings: options.timings }),
          ...(options.stepTimeout === undefined ? {} : { timeout: options.stepTimeout }),
        };
        const record = await runJob(input);
        if (failFast && record.conclusion === "failure") for (const other of cancels) if (other !== cancel) other.abort();
        return interpolate(job["continue-on-error"] ?? false, { contexts: { ...scope.contexts, matrix } }) === true &&
          record.conclusion === "failure"
          ? { ...record, conclusion: "success" as const }
          : record;
      }),
    );
  }

  /** Waits until nothing runs any more. */
  async function settle(): Promise<readonly RunRecord[]> {
    let seen = -1;
    let records: readonly RunRecord[] = [];
    while (seen !== started.length) {
      seen = started.length;
      records = await Promise.all(started.map(({ done }) => done));
    }
    return records;
  }

  /** "Re-run all jobs", or "Re-run failed jobs": the same commit and payload, with the permissions of the first actor. */
  async function rerun(run: WorkflowRun, by: User, only: "all" | "failed" = "all"): Promise<RunRecord> {
    const entry = started.find((candidate) => candidate.run === run);
    if (entry === undefined) throw new Error(`this executor has no run ${run.id}`);
    await entry.done;
    run.attempt += 1;
    run.triggeringActor = by;
    run.status = "queued";
    run.conclusion = null;
    entry.cancel = new AbortController();
    entry.done = execute(entry, only === "all" ? null : dependentsOf(entry));
    return entry.done;
  }

  return {
    dispatch,
    settle,
    rerun,
    /** "Cancel workflow". */
    cancel: (run: WorkflowRun): void => started.find((entry) => entry.run === run)?.cancel.abort(),
    runs: (): readonly WorkflowRun[] => started.map(({ run }) => run),
  };
}

function workflowPaths(event: WorkflowEvent): readonly string[] {
  const folder = ".github/workflows";
  return event.repository.git
    .listTree(event.workflowsAt, false, folder)
    .filter(({ path }) => /\.ya?ml$/u.test(path))
    .map(({ path }) => `${folder}/${path}`);
}

/** The `github` context without what only a job knows. */
function contextOf({ run, event, workflow }: Started, github: GitHub): JsonObject {
  const { repository } = event;
  return {
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    api_url: github.at.api,
    base_ref: event.baseRef,
    event_name: event.name,
    graphql_url: github.at.graphql,
    head_ref: event.headRef,
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(heads|tags|pull)\//u, ""),
    ref_protected: event.ref.startsWith("refs/heads/") && (repository.branchRules.get(event.ref.slice(11)) ?? []).length > 0,
    ref_type: "branch",
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner.login,
    repository_owner_id: String(repository.owner.id),
    repositoryUrl: `git://${repository.fullName}.git`,
    retention_days: "90",
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.runNumber),
    server_url: github.at.server,
    sha: event.sha,
    triggering_actor: run.triggeringActor.login,
    workflow: typeof workflow["name"] === "string" ? workflow["name"] : run.path,
    workflow_ref: `${repository.fullName}/${run.path}@${event.ref}`,
    workflow_sha: event.workflowsAt,
  };
}

/** Of a matrix, the worst counts. */
function resultOf(records: readonly JobRecord[]): JobRecord["conclusion"] {
  const conclusions = records.map(({ conclusion }) => conclusion);
  if (conclusions.includes("failure")) return "failure";
  if (conclusions.includes("cancelled")) return "cancelled";
  return conclusions.every((conclusion) => conclusion === "skipped") && conclusions.length > 0 ? "skipped" : "success";
}

/** The failed jobs and all that need them. */
function dependentsOf(entry: Started): ReadonlySet<string> {
  const declared = isObject(entry.workflow["jobs"]) ? entry.workflow["jobs"] : {};
  const again = new Set(entry.jobs.filter(({ conclusion }) => conclusion === "failure" || conclusion === "cancelled").map(({ id }) => id));
  for (let size = -1; size !== again.size;) {
    size = again.size;
    for (const [id, job] of Object.entries(declared)) if (isObject(job) && needsOf(job).some((name) => again.has(name))) again.add(id);
  }
  return again;
}

function needsOf(job: JsonObject): readonly string[] {
  const needs = job["needs"];
  return typeof needs === "string" ? [needs] : Array.isArray(needs) ? needs.map((name) => interpolateText(name, { contexts: {} })) : [];
}

function linked(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  signal.addEventListener("abort", () => controller.abort(), { once: true });
  return controller;
}

const approveByFirst: DeploymentReview = async ({ environment, run }) => {
  const user = environment.reviewers.find(({ id }) => !environment.preventSelfReview || id !== run.triggeringActor.id);
  if (user === undefined) throw new Error(`nobody may approve a deployment to ${environment.name}`);
  return { user, state: "approved" };
};
