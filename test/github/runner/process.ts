// One step's process, its log read line by line as the runner reads it, its command files read afterwards.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parsePairs, summaryLimit } from "./file-commands.ts";
import { parseLogCommand, type LogCommand } from "./log-commands.ts";
import type { Masks } from "./masks.ts";

export type Annotation = {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
};

export type StepResult = {
  readonly outcome: "success" | "failure" | "cancelled";
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly outputs: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  readonly path: readonly string[];
  /** Masked, as the page shows it; null where the step wrote none or too much. */
  readonly summary: string | null;
  /** What the page shows: masked, without commands. */
  readonly log: string;
  /** What the process printed, for tests that look for secrets. */
  readonly printed: string;
  /** At most 10 of each level. */
  readonly annotations: readonly Annotation[];
  readonly milliseconds: number;
};

/** Milliseconds between a cancellation and its signals. The runner's own are in `runnerTimings`. */
export type Timings = { readonly interruptToTerminate: number; readonly terminateToKill: number };
export const runnerTimings: Timings = { interruptToTerminate: 7_500, terminateToKill: 2_500 };

export type StepProcess = {
  readonly command: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly temp: string;
  readonly masks: Masks;
  readonly cancel?: AbortSignal;
  readonly timings?: Timings;
  /** Milliseconds after which a step that hangs is killed and reported as a failure; 60 s unless said. */
  readonly timeout?: number;
  /** Each line as it is shown. */
  readonly onLine?: (line: string) => void;
};

const annotationsPerLevel = 10;
const longestMessage = 4096;
let files = 0;

/** Runs the process to its end. It never throws for what the process does. */
export async function runStep(step: StepProcess): Promise<StepResult> {
  const commands = makeCommandFiles(step.temp);
  const reader = createLogReader(step.masks, step.onLine);
  const started = performance.now();
  const child = spawn(step.command, [...step.words], {
    cwd: step.cwd,
    env: { ...step.env, ...commands.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = stopOnCancel(child, step);
  const [ended] = await Promise.all([
    new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once("error", (error) => {
        reader.error(error.message);
        resolve({ exitCode: null, signal: null });
      });
      child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
    }),
    readLines(child.stdout, reader.line),
    readLines(child.stderr, reader.line),
  ]);
  const timedOut = stop();
  if (timedOut) reader.error("The step hung and was killed by the harness.");
  else if (ended.exitCode !== 0 && step.cancel?.aborted !== true)
    reader.error(`Process completed with exit code ${ended.exitCode ?? `of ${String(ended.signal)}`}.`);
  const filesRead = readCommandFiles(commands, reader.error, step.masks);
  const failed = ended.exitCode !== 0 || filesRead.failed || reader.failed() || timedOut;
  return {
    outcome: step.cancel?.aborted === true ? "cancelled" : failed ? "failure" : "success",
    ...ended,
    outputs: new Map([...reader.outputs, ...filesRead.outputs]),
    env: filesRead.env,
    state: new Map([...reader.state, ...filesRead.state]),
    path: filesRead.path,
    summary: filesRead.summary,
    log: reader.shown(),
    printed: reader.printed(),
    annotations: reader.annotations,
    milliseconds: performance.now() - started,
  };
}

function stopOnCancel(child: ReturnType<typeof spawn>, step: StepProcess): () => boolean {
  const { interruptToTerminate, terminateToKill } = step.timings ?? runnerTimings;
  const timers: NodeJS.Timeout[] = [];
  let timedOut = false;
  const cancel = (): void => {
    child.kill("SIGINT");
    timers.push(
      setTimeout(() => child.kill("SIGTERM"), interruptToTerminate),
      setTimeout(() => child.kill("SIGKILL"), interruptToTerminate + terminateToKill),
    );
  };
  if (step.cancel?.aborted === true) cancel();
  step.cancel?.addEventListener("abort", cancel, { once: true });
  timers.push(
    setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, step.timeout ?? 60_000),
  );
  return () => {
    step.cancel?.removeEventListener("abort", cancel);
    for (const timer of timers) clearTimeout(timer);
    return timedOut;
  };
}

async function readLines(stream: Readable, line: (text: string) => void): Promise<void> {
  for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) line(text);
}

function createLogReader(masks: Masks, onLine: ((line: string) => void) | undefined) {
  const shown: string[] = [];
  const printed: string[] = [];
  const annotations: Annotation[] = [];
  const outputs = new Map<string, string>();
  const state = new Map<string, string>();
  let resume: string | null = null;
  let commandFailed = false;

  const show = (text: string): void => {
    const masked = masks.mask(text);
    shown.push(masked);
    onLine?.(masked);
  };
  const annotate = (level: Annotation["level"], message: string, properties: Readonly<Record<string, string>> = {}): void => {
    show(`##[${level}]${message}`);
    if (annotations.filter((entry) => entry.level === level).length < annotationsPerLevel)
      annotations.push({ level, message: masks.mask(message).slice(0, longestMessage), properties });
  };
  const refuse = (message: string): void => {
    commandFailed = true;
    annotate("error", message);
  };
  const obey = (command: LogCommand): void => {
    const { name, properties, data } = command;
    if (name === "error" || name === "warning" || name === "notice") annotate(name, data, properties);
    else if (name === "add-mask") {
      if (data.trim() === "") annotate("warning", "Can't add secret mask for empty string in ##[add-mask] command.");
      else masks.add(data);
    } else if (name === "group" || name === "endgroup") show(`##[${name}]${name === "group" ? data : ""}`);
    else if (name === "set-output") outputs.set(properties["name"] ?? "", data);
    else if (name === "save-state") state.set(properties["name"] ?? "", data);
    else if (name === "set-env" || name === "add-path")
      refuse(`Unable to process command '${name}' successfully. The \`${name}\` command is disabled.`);
    // What is left changes only how the page looks: debug, echo, matchers.
  };
  const line = (text: string): void => {
    printed.push(text);
    const command = parseLogCommand(text, resume);
    if (command !== null && resume !== null && command.name === resume.toLowerCase()) {
      resume = null;
      show(text);
    } else if (command === null || resume !== null) show(text);
    else if (command.name === "stop-commands") {
      resume = command.data;
      show(text);
    } else obey(command);
  };
  return {
    line,
    error: (message: string): void => annotate("error", message),
    annotations,
    outputs,
    state,
    shown: () => shown.join("\n"),
    printed: () => printed.join("\n"),
    failed: () => commandFailed,
  };
}

type CommandFiles = {
  readonly env: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<"output" | "env" | "state" | "path" | "step_summary", string>>;
};

function makeCommandFiles(temp: string): CommandFiles {
  const directory = join(temp, "_runner_file_commands");
  mkdirSync(directory, { recursive: true });
  files += 1;
  const path = (name: string): string => {
    const file = join(directory, `${name}_${files}`);
    writeFileSync(file, "");
    return file;
  };
  const paths = { output: path("output"), env: path("env"), state: path("state"), path: path("path"), step_summary: path("step_summary") };
  return {
    paths,
    env: {
      GITHUB_OUTPUT: paths.output,
      GITHUB_ENV: paths.env,
      GITHUB_STATE: paths.state,
      GITHUB_PATH: paths.path,
      GITHUB_STEP_SUMMARY: paths.step_summary,
    },
  };
}

type FilesRead = Pick<StepResult, "outputs" | "env" | "state" | "path" | "summary"> & { readonly failed: boolean };

function readCommandFiles({ paths }: CommandFiles, error: (message: string) => void, masks: Masks): FilesRead {
  let failed = false;
  const pairs = (name: "output" | "env" | "state"): ReadonlyMap<string, string> => {
    try {
      return parsePairs(readFileSync(paths[name], "utf8"));
    } catch (problem) {
      failed = true;
      error(`Unable to process file command '${name}' successfully.`);
      error(problem instanceof Error ? problem.message : String(problem));
      return new Map();
    }
  };
  const env = new Map(pairs("env"));
  if (env.delete("NODE_OPTIONS")) {
    failed = true;
    error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
  }
  const read = {
    outputs: pairs("output"),
    env,
    state: pairs("state"),
    path: readFileSync(paths.path, "utf8")
      .split("\n")
      .filter((line) => line !== ""),
    summary: readSummary(paths.step_summary, error, masks),
  };
  for (const path of Object.values(paths)) rmSync(path, { force: true });
  return { ...read, failed };
}

function readSummary(path: string, error: (message: string) => void, masks: Masks): string | null {
  const { size } = statSync(path);
  if (size === 0) return null;
  if (size > summaryLimit) {
    error(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${summaryLimit / 1024}k, got ${Math.floor(size / 1024)}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
    );
    return null;
  }
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => masks.mask(line))
    .join("\n");
}
