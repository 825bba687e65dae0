// The entry of the command line. Only this file touches the process: arguments, environment, signals, streams and the exit code.
import type { CommandContext } from "./commands/context.ts";
import type { GlobalOptions, RunCommand } from "./commands/frame.ts";
import type { Redactor } from "./credentials/redactor.ts";
import type { Output } from "./io/terminal.ts";

/** A terminal sends Ctrl-C to the whole process group and npm passes it on once more: signals this close together are one. */
const echoMilliseconds = 150;

/** What took no more of what was printed. */
const broken: string[] = [];

/** What was done is done, but whoever reads the output has not got it. */
async function main(words: readonly string[]): Promise<number> {
  const exitCode = await run(words);
  for (const text of broken) process.stderr.write(`error: ${text}\n`);
  return broken.length > 0 && (exitCode === 0 || exitCode === 2) ? 1 : exitCode;
}

async function run(words: readonly string[]): Promise<number> {
  const { default: manifest } = await import("../package.json", { with: { type: "json" } });
  // Scripts ask for the version on every run, so that it loads nothing else.
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    process.stdout.write(`${manifest.version}\n`);
    return 0;
  }
  const { createProgram } = await import("./commands/program.ts");
  const output = await createOutput({ color: !words.includes("--no-color") }, (text) => text);
  let exitCode = 0;
  const program = createProgram({
    version: manifest.version,
    writeOut: (text) => output.text(text),
    writeError: (text) => writeErrorLines(output, text),
    execute: async (options, run) => {
      exitCode = await execute({ options, run, toolVersion: manifest.version });
    },
  });
  if (words.length === 0) {
    program.outputHelp({ error: true });
    exitCode = 1;
  } else {
    const complaint = await parse(() => program.parseAsync([...words], { from: "user" }));
    exitCode = complaint?.exitCode ?? exitCode;
    // With --json there is a document for every outcome, and this is not one of a command yet.
    if (complaint?.exitCode === 1 && words.includes("--json")) output.json({ error: { message: complaint.message, hint: null } });
  }
  await output.flush();
  return exitCode;
}

type Complaint = { readonly exitCode: 0 | 1; readonly message: string };

/** @returns where commander ended the run itself: help, version, or a command line that it has already complained about. */
async function parse(run: () => Promise<unknown>): Promise<Complaint | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    const { CommanderError } = await import("commander");
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : 1, message: error.message.replace(/^error: /u, "") };
  }
}

async function execute(input: {
  readonly options: GlobalOptions;
  readonly run: RunCommand;
  readonly toolVersion: string;
}): Promise<number> {
  await boundYoungGeneration();
  const { createRedactor } = await import("./credentials/redactor.ts");
  const redactor = createRedactor();
  const output = await createOutput(input.options, redactor.redact);
  const interrupt = listenForInterrupts(output);
  try {
    return await input.run(await createContext({ ...input, output, redactor, signal: interrupt.signal }));
  } catch (error) {
    await reportError({ error, output, options: input.options });
    return interrupt.signal.aborted ? 130 : 1;
  } finally {
    interrupt.end();
    await output.flush();
  }
}

/** V8 lets the space for young objects grow to three times 64 MB, although 40 MB are alive; kept small, it is collected as fast. */
async function boundYoungGeneration(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** With --json there is a document on stdout for every outcome. */
async function reportError(input: { readonly error: unknown; readonly output: Output; readonly options: GlobalOptions }): Promise<void> {
  const { error, output, options } = input;
  const [{ hintOf, renderError }, { messageOf }] = await Promise.all([
    import("./review/error-text.ts"),
    import("./model/error-message.ts"),
  ]);
  for (const line of renderError({ error, debug: options.debug === true })) output.error(line);
  if (options.json === true && !output.hasDocument()) output.json({ error: { message: messageOf(error), hint: hintOf(error) ?? null } });
}

async function createContext(input: {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly toolVersion: string;
  readonly redactor: Redactor;
}): Promise<CommandContext> {
  const { options } = input;
  const [path, { randomBytes, randomUUID }] = await Promise.all([import("node:path"), import("node:crypto")]);
  return {
    repositoryDirectory: path.resolve(options.repo),
    env: process.env,
    output: input.output,
    signal: input.signal,
    now: () => new Date(),
    randomUuid: () => randomUUID(),
    randomBytes: (size) => randomBytes(size),
    json: options.json === true,
    quiet: options.quiet === true,
    ...(options.sessions === undefined ? {} : { sessionsDirectory: path.resolve(options.sessions) }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    toolVersion: input.toolVersion,
    invocation: [
      "rolewright",
      ...(options.repo === "." ? [] : ["-C", options.repo]),
      ...(options.sessions === undefined ? [] : ["--sessions", options.sessions]),
    ],
    addSecret: input.redactor.add,
    redact: input.redactor.redact,
  };
}

async function createOutput(options: Pick<GlobalOptions, "json" | "quiet" | "color">, redact: (text: string) => string): Promise<Output> {
  const [{ createTerminal }, { wantsColor }] = await Promise.all([import("./io/terminal.ts"), import("./io/color.ts")]);
  const color = (stream: NodeJS.WriteStream): boolean =>
    wantsColor({ env: process.env, isTerminal: stream.isTTY, noColorFlag: !options.color });
  return createTerminal({
    stdout: process.stdout,
    stderr: process.stderr,
    json: options.json === true,
    quiet: options.quiet === true,
    color: { stdout: color(process.stdout), stderr: color(process.stderr) },
    redact,
    onBroken: (stream, error) => {
      const text = `${stream} cannot be written (${error.code ?? error.message})`;
      if (!broken.includes(text)) broken.push(text);
    },
  });
}

/** The first signal asks the command to cancel and roll back; the second ends the process where it stands. */
function listenForInterrupts(output: Output): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  let first = 0;
  const listener = (): void => {
    if (controller.signal.aborted && performance.now() - first > echoMilliseconds) process.exit(130);
    if (controller.signal.aborted) return;
    first = performance.now();
    output.error("cancelling… (once more to stop at once, without rolling back in order)");
    controller.abort(new Error("interrupted"));
  };
  process.on("SIGINT", listener).on("SIGTERM", listener);
  return { signal: controller.signal, end: () => process.off("SIGINT", listener).off("SIGTERM", listener) };
}

function writeErrorLines(output: Output, text: string): void {
  for (const line of text.replace(/\n+$/u, "").split("\n")) output.error(line);
}

async function fail(error: unknown): Promise<number> {
  const [output, { renderError }] = await Promise.all([createOutput({ color: false }, (text) => text), import("./review/error-text.ts")]);
  for (const line of renderError({ error, debug: true })) output.error(line);
  await output.flush();
  return 1;
}

process.exit(await main(process.argv.slice(2)).catch(fail));
