// The steps of one job, in order, with the posts of its actions at the end.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";
import { nextId } from "../host/state.ts";
import { environmentOf, prepareAction, type GitHubContext, type Machine, type StartedAction } from "../runner.ts";
import { holds, interpolate, interpolateText, type Progress, type Scope } from "../runner/expressions.ts";
import { runStep, type StepResult, type Timings } from "../runner/process.ts";
import type { EmulatedAction, EmulatedCall } from "./emulated-actions.ts";

export type StepRecord = {
  readonly name: string;
  readonly id: string | null;
  /** `uses` or `run`. */
  readonly what: string;
  readonly stage: "main" | "post";
  readonly outcome: "success" | "failure" | "cancelled" | "skipped";
  /** As `outcome`, but success where `continue-on-error` says so. */
  readonly conclusion: "success" | "failure" | "cancelled" | "skipped";
  /** null where no process ran. */
  readonly result: StepResult | null;
  readonly log: string;
};

/** Where an action's folder is, for `owner/name@ref`, or an emulation; null where nobody knows it. */
export type ResolveAction = (uses: string) => { readonly directory: string } | { readonly emulated: EmulatedAction } | null;

export type StepsInput = {
  readonly steps: readonly JsonObject[];
  readonly contexts: JsonObject;
  readonly github: GitHubContext;
  readonly machine: Machine;
  readonly env: Readonly<Record<string, string>>;
  readonly jobId: string;
  readonly shell: string | null;
  readonly resolve: ResolveAction;
  readonly emulate: (given: Pick<EmulatedCall, "with" | "say">) => EmulatedCall;
  readonly cancel: AbortSignal;
  readonly timings?: Timings;
  readonly timeout?: number;
};

export type StepsResult = { readonly records: readonly StepRecord[]; readonly progress: Progress; readonly steps: JsonObject };

/** Runs the steps. After a failure or a cancellation, only those whose `if` asks for it. */
export async function runSteps(input: StepsInput): Promise<StepsResult> {
  const state: State = { input, env: { ...input.env }, path: [], steps: {}, records: [], posts: [], progress: "success" };
  for (const [index, step] of input.steps.entries()) await runOne(state, step, index);
  for (const { name, uses, started } of state.posts.toReversed()) {
    const result = await started.post(state.progress);
    if (result === null) continue;
    take(state, result);
    if (result.outcome === "failure") state.progress = "failure";
    state.records.push({
      name: `Post ${name}`,
      id: null,
      what: uses,
      stage: "post",
      outcome: result.outcome,
      conclusion: result.outcome,
      result,
      log: result.log,
    });
  }
  return { records: state.records, progress: state.progress, steps: state.steps };
}

type State = {
  readonly input: StepsInput;
  readonly env: Record<string, string>;
  readonly path: string[];
  readonly steps: JsonObject;
  readonly records: StepRecord[];
  readonly posts: { readonly name: string; readonly uses: string; readonly started: StartedAction }[];
  progress: Progress;
};

async function runOne(state: State, step: JsonObject, index: number): Promise<void> {
  const { input } = state;
  if (input.cancel.aborted && state.progress !== "cancelled") state.progress = "cancelled";
  const id = typeof step["id"] === "string" ? step["id"] : null;
  const uses = typeof step["uses"] === "string" ? step["uses"] : null;
  const what = uses ?? (typeof step["run"] === "string" ? step["run"] : "");
  const before = scopeOf(state, {});
  const name = step["name"] === undefined ? (uses ?? what.split("\n")[0] ?? "") : interpolateText(step["name"], before);
  const record = (outcome: StepRecord["outcome"], result: StepResult | null, log: string): void => {
    const forgiven = outcome === "failure" && interpolate(step["continue-on-error"] ?? false, before) === true;
    const conclusion = forgiven ? "success" : outcome;
    state.records.push({ name, id, what, stage: "main", outcome, conclusion, result, log });
    if (id !== null) state.steps[id] = { outcome, conclusion, outputs: Object.fromEntries(result?.outputs ?? []) };
    if (conclusion === "failure" && state.progress === "success") state.progress = "failure";
    if (conclusion === "cancelled" || input.cancel.aborted) state.progress = "cancelled";
  };
  let stepEnv: Record<string, string> = {};
  try {
    if (!holds(step["if"], before)) return record("skipped", null, "");
    stepEnv = textsOf(interpolate(step["env"] ?? {}, before));
    const result = uses === null ? await runScript(state, step, stepEnv, index) : await useAction(state, step, uses, name, stepEnv, index);
    take(state, result);
    record(result.outcome, result, result.log);
  } catch (error) {
    const message = input.machine.masks.mask(error instanceof Error ? error.message : String(error));
    record("failure", null, `##[error]${message}`);
  }
}

function scopeOf(state: State, stepEnv: Readonly<Record<string, string>>): Scope {
  const { contexts } = state.input;
  return {
    contexts: { ...contexts, env: { ...state.env, ...stepEnv }, steps: state.steps, job: { status: state.progress } },
    progress: state.progress,
  };
}

/** What a step leaves to those after it. */
function take(state: State, result: StepResult): void {
  for (const [name, value] of result.env) state.env[name] = value;
  state.path.unshift(...result.path);
}

/** A step that starts after the cancellation asked for it with its `if`: nobody interrupts it. */
function signalOf(state: State): { cancel?: AbortSignal } {
  return state.input.cancel.aborted ? {} : { cancel: state.input.cancel };
}

function limits(state: State): { timings?: Timings; timeout?: number } {
  const { timings, timeout } = state.input;
  return { ...(timings === undefined ? {} : { timings }), ...(timeout === undefined ? {} : { timeout }) };
}

async function runScript(state: State, step: JsonObject, stepEnv: Record<string, string>, index: number): Promise<StepResult> {
  const { input } = state;
  const scope = scopeOf(state, stepEnv);
  const script = join(input.machine.temp, `${nextId()}.sh`);
  writeFileSync(script, interpolateText(step["run"], scope));
  const shell = typeof step["shell"] === "string" ? step["shell"] : input.shell;
  if (shell !== null && shell !== "bash") throw new Error(`the harness runs no shell but bash: ${shell}`);
  const cwd = join(input.machine.workspace, interpolateText(step["working-directory"], scope));
  mkdirSync(cwd, { recursive: true });
  const environment = environmentOf({ github: input.github, machine: input.machine, stepId: stepId(step, index), jobId: input.jobId });
  return runStep({
    command: "bash",
    // Unless a workflow names the shell, a failing part of a pipe passes.
    words: shell === null ? ["-e", script] : ["--noprofile", "--norc", "-eo", "pipefail", script],
    cwd,
    env: { ...environment, ...withPath(state, environment), ...state.env, ...stepEnv },
    temp: input.machine.temp,
    masks: input.machine.masks,
    ...signalOf(state),
    ...limits(state),
  });
}

async function useAction(
  state: State,
  step: JsonObject,
  uses: string,
  name: string,
  stepEnv: Record<string, string>,
  index: number,
): Promise<StepResult> {
  const { input } = state;
  const given = textsOf(interpolate(step["with"] ?? {}, scopeOf(state, stepEnv)));
  const found = input.resolve(uses) ?? (uses.startsWith("./") ? { directory: join(input.machine.workspace, uses) } : null);
  if (found === null) throw new Error(`test/github knows no action ${uses}: name it in the executor's options`);
  if ("emulated" in found) return emulate(input, found.emulated, given);
  const [repository = "", ref = ""] = uses.split("@");
  const started = prepareAction({
    action: found.directory,
    with: given,
    github: { ...input.github, action_repository: uses.startsWith("./") ? "" : repository, action_ref: ref },
    machine: input.machine,
    env: { ...state.env, ...withPath(state, { PATH: process.env["PATH"] ?? "" }), ...stepEnv },
    stepId: stepId(step, index),
    jobId: input.jobId,
    ...signalOf(state),
    ...limits(state),
  });
  state.posts.push({ name, uses, started });
  return started.main();
}

async function emulate(input: StepsInput, action: EmulatedAction, given: Readonly<Record<string, string>>): Promise<StepResult> {
  const lines: string[] = [];
  const outputs = await action(input.emulate({ with: given, say: (line) => void lines.push(input.machine.masks.mask(line)) }));
  const log = lines.join("\n");
  return {
    outcome: "success",
    exitCode: 0,
    signal: null,
    outputs: new Map(Object.entries(outputs)),
    env: new Map(),
    state: new Map(),
    path: [],
    summary: null,
    log,
    printed: log,
    annotations: [],
    milliseconds: 0,
  };
}

function withPath(state: State, environment: Readonly<Record<string, string>>): { PATH: string } {
  return { PATH: [...state.path, environment["PATH"] ?? ""].join(":") };
}

function stepId(step: JsonObject, index: number): string {
  return typeof step["id"] === "string" ? step["id"] : `__step_${index}`;
}

function textsOf(value: Json): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolateText(item, { contexts: {} })]));
}
