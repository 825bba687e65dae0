// Runs a JavaScript action as GitHub's runner does: inputs and defaults from action.yml, a clean environment, main and later post, cancellation by signals.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isObject, type Json, type JsonObject } from "./openapi/contract.ts";
import { readActionManifest, type ActionManifest } from "./runner/action-manifest.ts";
import { holds, interpolateText, type Progress, type Scope } from "./runner/expressions.ts";
import { createMasks, type Masks } from "./runner/masks.ts";
import { runStep, type StepResult, type Timings } from "./runner/process.ts";

/** Node 24 from npm, whatever runs the tests. */
export const nodeBinary = fileURLToPath(new URL("../../node_modules/node/bin/node", import.meta.url));

/** Where a job works: its checkout, its temporary folder, and what it hides. */
export type Machine = {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly eventPath: string;
  readonly masks: Masks;
};

/** What the runner calls the `github` context; `event` is the payload. */
export type GitHubContext = JsonObject & { readonly event: JsonObject };

export type ActionStep = {
  /** The folder with action.yml and the bundle. */
  readonly action: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly github: GitHubContext;
  readonly machine: Machine;
  /** Of workflow, job and step, with secrets in it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the step in its job, `GITHUB_ACTION`. */
  readonly stepId?: string;
  readonly jobId?: string;
  readonly cancel?: AbortSignal;
  readonly timings?: Timings;
  readonly timeout?: number;
  readonly onLine?: (line: string) => void;
};

export type StartedAction = {
  readonly main: () => Promise<StepResult>;
  /** null where the action has no post entry, or its `post-if` does not hold. */
  readonly post: (progress: Progress) => Promise<StepResult | null>;
};

/** Reads the action and makes its entries ready; they share their saved state. */
export function prepareAction(step: ActionStep): StartedAction {
  const manifest = readActionManifest(step.action);
  const state = new Map<string, string>();
  let warned = false;
  const run = async (entry: string, cancel: AbortSignal | undefined): Promise<StepResult> => {
    const inputs = inputsOf(manifest, step);
    const result = await runStep({
      command: nodeBinary,
      words: [join(manifest.directory, entry)],
      cwd: step.machine.workspace,
      env: {
        ...environmentOf(step),
        ...step.env,
        ...inputs,
        ...Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value])),
      },
      temp: step.machine.temp,
      masks: step.machine.masks,
      ...(cancel === undefined ? {} : { cancel }),
      ...(step.timings === undefined ? {} : { timings: step.timings }),
      ...(step.timeout === undefined ? {} : { timeout: step.timeout }),
      ...(step.onLine === undefined ? {} : { onLine: step.onLine }),
    });
    for (const [name, value] of result.state) state.set(name, value);
    return result;
  };
  return {
    async main() {
      if (!warned) warnOfUnknownInputs(manifest, step);
      warned = true;
      return run(manifest.main, step.cancel);
    },
    // A cancelled job still runs its post entries, and no signal reaches them.
    async post(progress) {
      const wanted =
        manifest.post !== null && holds(manifest.postIf, { contexts: { github: step.github, env: { ...step.env } }, progress });
      return wanted && manifest.post !== null ? run(manifest.post, undefined) : null;
    },
  };
}

/** Main and then post of one action, for tests that need no workflow. */
export async function runAction(step: ActionStep): Promise<{ readonly main: StepResult; readonly post: StepResult | null }> {
  const started = prepareAction(step);
  const main = await started.main();
  return { main, post: await started.post(main.outcome) };
}

/** A machine in a temporary folder, with the event's payload written to its file. Dispose of it to remove the folder. */
export function createMachine(event: Json, secrets: readonly string[] = []): Machine & Disposable {
  const root = mkdtempSync(join(tmpdir(), "rolewright-runner-"));
  const at = (name: string): string => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const machine = {
    workspace: at("work"),
    temp: at("temp"),
    home: at("home"),
    eventPath: join(root, "event.json"),
    masks: createMasks(secrets),
  };
  writeFileSync(machine.eventPath, JSON.stringify(event));
  return { ...machine, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The variables that the runner sets for every step, with nothing of this machine but PATH. */
export function environmentOf(step: Pick<ActionStep, "github" | "machine" | "stepId" | "jobId">): Record<string, string> {
  const { github, machine } = step;
  const exported = [
    "action_ref",
    "action_repository",
    "actor",
    "actor_id",
    "api_url",
    "base_ref",
    "event_name",
    "graphql_url",
    "head_ref",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "retention_days",
    "run_attempt",
    "run_id",
    "run_number",
    "server_url",
    "sha",
    "triggering_actor",
    "workflow",
    "workflow_ref",
    "workflow_sha",
  ];
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    PATH: process.env["PATH"] ?? "",
    HOME: machine.home,
    TZ: "UTC",
    LANG: "C.UTF-8",
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_NAME: "test",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_TEMP: machine.temp,
    RUNNER_TOOL_CACHE: join(machine.temp, "_tools"),
    GITHUB_WORKSPACE: machine.workspace,
    GITHUB_EVENT_PATH: machine.eventPath,
    GITHUB_ACTION: step.stepId ?? "__self",
    GITHUB_JOB: step.jobId ?? "job",
    ...Object.fromEntries(exported.map((name) => [`GITHUB_${name.toUpperCase()}`, scalar(github[name])])),
  };
}

/** INPUT_ variables: what the step gives, else the default of action.yml with its expressions evaluated. */
function inputsOf(manifest: ActionManifest, step: ActionStep): Record<string, string> {
  const scope: Scope = { contexts: { github: step.github, env: { ...step.env } } };
  const given = new Map(Object.entries(step.with ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const names = new Set([...[...manifest.inputs.keys()].map((name) => name.toLowerCase()), ...given.keys()]);
  const defaults = new Map([...manifest.inputs].map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    [...names].map((name) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      given.get(name) ?? interpolateText(defaults.get(name) ?? "", scope),
    ]),
  );
}

function warnOfUnknownInputs(manifest: ActionManifest, step: ActionStep): void {
  const known = [...manifest.inputs.keys()];
  const unknown = Object.keys(step.with ?? {}).filter((name) => !known.some((input) => input.toLowerCase() === name.toLowerCase()));
  if (unknown.length > 0)
    step.onLine?.(
      `##[warning]Unexpected input(s) ${unknown.map((name) => `'${name}'`).join(", ")}, valid inputs are [${known.map((name) => `'${name}'`).join(", ")}]`,
    );
}

function scalar(value: Json | undefined): string {
  return value === undefined || value === null || isObject(value) || Array.isArray(value) ? "" : String(value);
}
