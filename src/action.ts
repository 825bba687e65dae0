// The entry of the GitHub Action. Only this file touches the process: environment, signals, streams, command files and the exit code.
import { randomBytes, randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import manifest from "../package.json" with { type: "json" };
import type { ActionBase, ActionContext, ActionOutcome } from "./action/context.ts";
import { readRunIdentity } from "./action/context.ts";
import { readEvent } from "./action/event.ts";
import { readInputs } from "./action/inputs.ts";
import { outputsOf, stopped } from "./action/outcome.ts";
import { parsePayload } from "./action/payload.ts";
import { runPost } from "./action/post.ts";
import { runAction } from "./action/run.ts";
import { createSessionKeeper } from "./action/session-log.ts";
import type { CommandContext } from "./commands/context.ts";
import { createRedactor, type Redactor } from "./credentials/redactor.ts";
import { appendSummary, appendValue } from "./io/command-files.ts";
import { readBounded } from "./io/files.ts";
import { connectGitHub } from "./io/github/client.ts";
import { basicCredential } from "./io/remote-branch.ts";
import { withoutCommandsOn } from "./io/runner-log.ts";
import { createTerminal, type Output } from "./io/terminal.ts";
import { maskCommand } from "./review/annotations.ts";
import { renderError } from "./review/error-text.ts";

const maximumPayloadBytes = 50 * 1_048_576;

const { env } = process;

async function main(): Promise<number> {
  const redactor = createRedactor();
  const output = createLog(redactor);
  const isPost = env["STATE_isPost"] === "true";
  if (!isPost) await writeFileCommand("GITHUB_STATE", "isPost", "true");
  const interrupt = listenForInterrupts(output);
  try {
    const context = createContext({ output, redactor, signal: interrupt.signal });
    if (isPost) return (await runPost(context)) ? 0 : 1;
    await context.saveState("sessionsDirectory", context.sessionsDirectory);
    const event = readEvent(env, parsePayload(await readPayload()));
    // At once: a run that fails or is cancelled has sessions, too.
    await writeFileCommand("GITHUB_OUTPUT", "session-dir", context.inputs.sessionLog.kind === "none" ? "" : context.sessionsDirectory);
    const outcome = await runAction(context, event);
    output[outcome.isFailure ? "error" : "line"](`${outcome.reasonCode}: ${outcome.message}`);
    await writeOutputs(redactor, outcome);
    return outcome.isFailure ? 1 : 0;
  } catch (error) {
    for (const line of renderError({ error, debug: env["RUNNER_DEBUG"] === "1" })) output.error(line);
    if (!isPost) await writeOutputs(redactor, stopped(error, interrupt.signal.aborted));
    return 1;
  } finally {
    interrupt.end();
    await output.flush();
  }
}

function createContext(input: { readonly output: Output; readonly redactor: Redactor; readonly signal: AbortSignal }): ActionContext {
  const { output, redactor } = input;
  const inputs = readInputs(env);
  const run = readRunIdentity(env);
  const addSecret = (secret: string): void => {
    redactor.add(secret);
    process.stdout.write(`${maskCommand(secret)}\n`);
  };
  // The runner masks its own token, but not in what leaves by other ways.
  redactor.add(inputs.token);
  redactor.add(basicCredential(inputs.token));
  if (inputs.evidenceKey !== "") addSecret(inputs.evidenceKey);
  const base: ActionBase = {
    ...commandContext(input),
    addSecret,
    inputs,
    run,
    repositoryDirectory: resolve(env["GITHUB_WORKSPACE"] ?? ".", inputs.directory),
    github: connectGitHub({
      apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com",
      token: inputs.token,
      repository: run.repository,
      toolVersion: manifest.version,
      report: (text) => output.error(text),
    }),
    // Of its own for each step, outside of the checkout, so that no clean-up and no commit takes it along.
    sessionsDirectory:
      savedState("sessionsDirectory") || join(env["RUNNER_TEMP"] ?? ".", `rolewright-sessions-${env["GITHUB_ACTION"] ?? "step"}`),
    summarize: async (markdown) => {
      const path = env["GITHUB_STEP_SUMMARY"];
      if (path !== undefined && path !== "") await appendSummary(path, redactor.redact(markdown));
    },
    command: (line) => void process.stdout.write(`${redactor.redact(line)}\n`),
    saveState: (name, value) => writeFileCommand("GITHUB_STATE", name, value),
    savedState,
  };
  return { ...base, keepSessions: createSessionKeeper(base) };
}

/** What the step has given to GITHUB_STATE. */
function savedState(name: string): string {
  return env[`STATE_${name}`] ?? "";
}

/** The same for every verb, as on the command line. */
function commandContext(input: {
  readonly output: Output;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}): Omit<CommandContext, "repositoryDirectory" | "addSecret" | "sessionsDirectory"> {
  return {
    env,
    output: input.output,
    signal: input.signal,
    now: () => new Date(),
    randomUuid: () => randomUUID(),
    randomBytes: (size) => randomBytes(size),
    json: false,
    quiet: false,
    toolVersion: manifest.version,
    invocation: ["rolewright"],
    redact: input.redactor.redact,
  };
}

async function writeOutputs(redactor: Redactor, outcome: ActionOutcome): Promise<void> {
  for (const [name, value] of outputsOf(outcome)) await writeFileCommand("GITHUB_OUTPUT", name, redactor.redact(value));
}

function createLog(redactor: Redactor): Output {
  return createTerminal({
    stdout: withoutCommandsOn(process.stdout),
    stderr: withoutCommandsOn(process.stderr),
    json: false,
    quiet: false,
    color: { stdout: false, stderr: false },
    redact: redactor.redact,
  });
}

async function readPayload(): Promise<string> {
  const path = env["GITHUB_EVENT_PATH"] ?? "";
  const file = await readBounded(path, maximumPayloadBytes);
  if ("problem" in file)
    throw new Error(`the event's payload ${path} cannot be read (${file.problem.kind}); rolewright's Action runs in a workflow`);
  return new TextDecoder().decode(file.bytes);
}

async function writeFileCommand(variable: string, name: string, value: string): Promise<void> {
  const path = env[variable];
  if (path !== undefined && path !== "") await appendValue(path, name, value);
}

/** The runner sends SIGINT when a job is cancelled, SIGTERM 7.5 seconds later, and then ends the process. */
function listenForInterrupts(output: Output): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) return;
    output.error("cancelling…");
    controller.abort(new Error("cancelled"));
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return { signal: controller.signal, end: () => process.off("SIGINT", listener).off("SIGTERM", listener) };
}

process.exit(await main());
