// One job: its turn, its environment, its token and secrets, its steps, its outputs.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";
import type { GitHub } from "../server.ts";
import {
  githubActions,
  nextId,
  timestamp,
  type Environment,
  type Job,
  type Repository,
  type User,
  type WorkflowRun,
} from "../host/state.ts";
import { addCheckRun } from "../host/routes/checks.ts";
import { createMachine, type GitHubContext } from "../runner.ts";
import { holds, interpolate, interpolateText, truthy, type Progress, type Scope } from "../runner/expressions.ts";
import type { Annotation, Timings } from "../runner/process.ts";
import type { Groups, Release } from "./concurrency.ts";
import { matchesPattern, type WorkflowEvent } from "./event.ts";
import { jobPermissions } from "./permissions.ts";
import { runSteps, type ResolveAction, type StepRecord } from "./steps.ts";

/** Who decides on a deployment, and what the decision is. */
export type DeploymentReview = (request: {
  readonly environment: Environment;
  readonly run: WorkflowRun;
  readonly repository: Repository;
}) => Promise<{ readonly user: User; readonly state: "approved" | "rejected"; readonly comment?: string }>;

export type JobRecord = {
  readonly id: string;
  readonly name: string;
  readonly conclusion: "success" | "failure" | "cancelled" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepRecord[];
  /** What GitHub says about the job itself: a refused environment, an output that was dropped. */
  readonly notes: readonly string[];
};

export type JobInput = {
  readonly github: GitHub;
  readonly event: WorkflowEvent;
  readonly run: WorkflowRun;
  readonly workflow: JsonObject;
  readonly id: string;
  readonly job: JsonObject;
  readonly matrix: JsonObject;
  readonly strategy: JsonObject;
  readonly needs: JsonObject;
  readonly progress: Progress | "skipped";
  readonly context: JsonObject;
  readonly groups: Groups;
  readonly review: DeploymentReview;
  readonly resolve: ResolveAction;
  readonly cancel: AbortController;
  readonly timings?: Timings;
  readonly timeout?: number;
};

/** Runs one job to its end; nothing that it does makes this throw. */
export async function runJob(input: JobInput): Promise<JobRecord> {
  const { job, id, event } = input;
  const notes: string[] = [];
  const scope = scopeOf(input, {});
  const name = job["name"] === undefined ? defaultName(id, input.matrix) : interpolateText(job["name"], scope);
  const end = (
    conclusion: JobRecord["conclusion"],
    steps: readonly StepRecord[] = [],
    outputs: Record<string, string> = {},
  ): JobRecord => ({ id, name, conclusion, outputs, steps, notes });
  if (!isWanted(input, scope)) return end("skipped");
  if (input.cancel.signal.aborted) return end("cancelled");
  const release = await enterGroup(input, scope);
  if (release === null) return end("cancelled");
  const shown = showStarted(input, name);
  try {
    const record = await runInside(input, scope, notes, end);
    return shown.finish(record);
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error));
    return shown.finish(end("failure"));
  } finally {
    release();
    if (event.repository !== input.run.headRepository) input.run.updatedAt = timestamp();
  }
}

async function runInside(
  input: JobInput,
  scope: Scope,
  notes: string[],
  end: (conclusion: JobRecord["conclusion"], steps?: readonly StepRecord[], outputs?: Record<string, string>) => JobRecord,
): Promise<JobRecord> {
  const { github, event, run, workflow, job } = input;
  for (const key of ["container", "services"]) if (job[key] !== undefined) throw new Error(`the harness runs no ${key}`);
  // Gitea takes no notice of environments: no secrets of theirs, no reviewers, no branch policies.
  const environment = environmentNamed(event.repository, github.flavor === "gitea" ? null : environmentNameOf(job, scope));
  const refusal = environment === null ? null : await deploymentRefusal(environment, input);
  if (refusal !== null) {
    notes.push(refusal);
    return end("failure");
  }
  const permissions = jobPermissions(job["permissions"], workflow["permissions"], event.trusted);
  const token = github.actionsToken(event.repository, permissions);
  const secrets = secretsOf(input, environment, token);
  using machine = createMachine(event.payload, Object.values(secrets));
  mkdirSync(machine.workspace, { recursive: true });
  const githubContext: GitHubContext = { ...input.context, event: event.payload, token, job: input.id, workspace: machine.workspace };
  const contexts: JsonObject = {
    ...scope.contexts,
    github: githubContext,
    secrets,
    vars: { ...Object.fromEntries(event.repository.variables), ...Object.fromEntries(environment?.variables ?? []) },
    runner: { os: "Linux", arch: "X64", name: "test", temp: machine.temp, environment: "github-hosted" },
  };
  const env = {
    ...texts(interpolate(workflow["env"] ?? {}, { contexts })),
    ...texts(interpolate(job["env"] ?? {}, { contexts: { ...contexts, env: {} } })),
  };
  const done = await runSteps({
    steps: Array.isArray(job["steps"]) ? job["steps"].filter((step) => isObject(step)) : [],
    contexts,
    github: githubContext,
    machine,
    env,
    jobId: input.id,
    shell: shellOf(job) ?? shellOf(workflow),
    resolve: input.resolve,
    cancel: input.cancel.signal,
    emulate: (given) => ({ github, repository: event.repository, event, run, machine, token, permissions, ...given }),
    ...(input.timings === undefined ? {} : { timings: input.timings }),
    ...(input.timeout === undefined ? {} : { timeout: input.timeout }),
  });
  // From here on the token is worth nothing, as on GitHub.
  github.revoke(token);
  const declared = texts(interpolate(job["outputs"] ?? {}, { contexts: { ...contexts, env, steps: done.steps } }));
  const outputs: Record<string, string> = {};
  for (const [key, value] of Object.entries(declared)) {
    if (machine.masks.isMasked(value)) notes.push(`Skip output '${key}' since it may contain secret.`);
    else outputs[key] = value;
  }
  return end(done.progress, done.records, outputs);
}

function scopeOf(input: JobInput, secrets: JsonObject): Scope {
  const { event, matrix, strategy, needs, context } = input;
  return {
    contexts: {
      github: { ...context, event: event.payload },
      needs,
      matrix,
      strategy,
      inputs: event.inputs,
      secrets,
      vars: Object.fromEntries(event.repository.variables),
    },
  };
}

/** A job whose predecessors did not all succeed runs only where its `if` asks for that. */
function isWanted({ job, progress }: JobInput, scope: Scope): boolean {
  const condition = job["if"];
  if (progress !== "skipped") return holds(condition, { ...scope, progress });
  // After a skipped job neither success() nor failure() holds.
  return (
    typeof condition === "string" && /\b(always|cancelled)\s*\(/iu.test(condition) && holds(condition, { ...scope, progress: "success" })
  );
}

async function enterGroup(input: JobInput, scope: Scope): Promise<Release | null> {
  const declared = input.job["concurrency"];
  if (declared === undefined) return () => {};
  return input.groups.enter({ ...concurrencyOf(declared, scope, input.event.repository), cancel: () => input.cancel.abort() });
}

/** `concurrency` of a workflow or a job, whose group counts within its repository. */
export function concurrencyOf(
  declared: Json,
  scope: Scope,
  repository: Repository,
): { group: string; cancelInProgress: boolean; queue: "single" | "max" } {
  const value = interpolate(declared, scope);
  if (!isObject(value))
    return { group: `${repository.fullName} ${interpolateText(value, scope)}`, cancelInProgress: false, queue: "single" };
  const cancel = value["cancel-in-progress"] ?? false;
  return {
    group: `${repository.fullName} ${interpolateText(value["group"], scope)}`,
    cancelInProgress: truthy(cancel) && cancel !== "false",
    queue: value["queue"] === "max" ? "max" : "single",
  };
}

function environmentNameOf(job: JsonObject, scope: Scope): string | null {
  const declared = job["environment"];
  if (declared === undefined || declared === null) return null;
  const name = interpolateText(isObject(declared) ? declared["name"] : declared, scope);
  return name === "" ? null : name;
}

/** GitHub makes an environment that a workflow names and nobody has made, without any protection. */
function environmentNamed(repository: Repository, name: string | null): Environment | null {
  if (name === null) return null;
  const made = repository.environments.get(name) ?? {
    id: nextId(),
    name,
    secrets: new Map(),
    variables: new Map(),
    reviewers: [],
    preventSelfReview: false,
    branchPolicies: null,
  };
  repository.environments.set(name, made);
  return made;
}

async function deploymentRefusal(environment: Environment, input: JobInput): Promise<string | null> {
  const { event, run } = input;
  const ref = event.ref.replace(/^refs\/heads\//u, "");
  if (environment.branchPolicies !== null && !environment.branchPolicies.some((pattern) => matchesPattern(ref, pattern))) {
    return `Branch "${ref}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
  }
  if (environment.reviewers.length === 0) return null;
  run.status = "waiting";
  const decision = await input.review({ environment, run, repository: event.repository });
  if (!environment.reviewers.some(({ id }) => id === decision.user.id))
    throw new Error(`${decision.user.login} is no reviewer of ${environment.name}`);
  if (environment.preventSelfReview && decision.user.id === run.triggeringActor.id)
    throw new Error(`${decision.user.login} started the run and may not review its deployment`);
  run.approvals.push({ environment: environment.name, user: decision.user, state: decision.state, comment: decision.comment ?? "" });
  run.status = "in_progress";
  return decision.state === "approved" ? null : `Deployment to ${environment.name} was rejected by ${decision.user.login}.`;
}

/** Those of the environment win. A pull request from a fork sees none but its token. */
function secretsOf({ event }: JobInput, environment: Environment | null, token: string): Record<string, string> {
  const own = event.trusted ? { ...Object.fromEntries(event.repository.secrets), ...Object.fromEntries(environment?.secrets ?? []) } : {};
  return { ...own, GITHUB_TOKEN: token };
}

/** A job is a check run of GitHub Actions on the head commit, named as the job: whoever names a job chooses that name. */
function showStarted(input: JobInput, name: string): { finish: (record: JobRecord) => JobRecord } {
  const { run, event, github } = input;
  const suite = event.repository.checkSuites.find(({ id }) => id === run.suite);
  const check = addCheckRun(event.repository, {
    app: githubActions,
    headSha: run.headSha,
    name,
    ...(suite === undefined ? {} : { suite }),
  });
  const job: Job = {
    id: nextId(),
    name,
    attempt: run.attempt,
    status: "in_progress",
    conclusion: null,
    startedAt: timestamp(),
    completedAt: null,
    checkRun: check.id,
    steps: [],
  };
  check.status = "in_progress";
  check.externalId = crypto.randomUUID();
  check.detailsUrl = `${github.at.server}/${event.repository.fullName}/actions/runs/${run.id}/job/${job.id}`;
  run.jobs.push(job);
  return {
    finish(record) {
      job.status = check.status = "completed";
      job.conclusion = check.conclusion = record.conclusion;
      job.completedAt = check.completedAt = timestamp();
      check.annotations.push(...record.steps.flatMap(({ result }) => result?.annotations ?? []).map(showAnnotation));
      job.steps.push(
        ...record.steps.map((step, index) => ({ name: step.name, number: index + 1, status: "completed", conclusion: step.conclusion })),
      );
      return record;
    },
  };
}

/** What a step prints by `::notice::` and its like stands on the check run of its job; without a file, on this path. */
function showAnnotation({ level, message, properties }: Annotation): JsonObject {
  const line = Number(properties["line"] ?? "1") || 1;
  return {
    path: properties["file"] ?? ".github",
    start_line: line,
    end_line: line,
    start_column: null,
    end_column: null,
    annotation_level: level === "error" ? "failure" : level,
    title: properties["title"] ?? "",
    message,
    raw_details: "",
    blob_href: "",
  };
}

function defaultName(id: string, matrix: JsonObject): string {
  const values = Object.values(matrix).map((value) => interpolateText(value, { contexts: {} }));
  return values.length === 0 ? id : `${id} (${values.join(", ")})`;
}

function shellOf(holder: JsonObject): string | null {
  const defaults = holder["defaults"];
  const run = isObject(defaults) ? defaults["run"] : undefined;
  return isObject(run) && typeof run["shell"] === "string" ? run["shell"] : null;
}

function texts(value: Json): Record<string, string> {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolateText(item, { contexts: {} })]))
    : {};
}

/** Folder of a run's artifacts, for tests that read what was uploaded. */
export function artifactFile(run: WorkflowRun, name: string, file: string): string {
  const artifact = run.artifacts.findLast((candidate) => candidate.name === name);
  if (artifact === undefined) throw new Error(`run ${run.id} has no artifact ${name}`);
  return join(artifact.directory, file);
}
