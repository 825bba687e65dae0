// init: writes the files of a new access repository, and nothing over a file that somebody else has written.
import { dirname, join, resolve } from "node:path";
import { placeholderOwners } from "../init/access-files.ts";
import { initFiles, isOurs, type InitFile, type InitInput } from "../init/files.ts";
import { applyRunnerOf, defaultWorkflowOptions, isOwnRunner, type WorkflowOptions } from "../init/workflow-parts.ts";
import { makeFolder, readBounded, realPath, writeAtomically } from "../io/files.ts";
import { readCheckout, readGitFacts, type Checkout } from "../io/git.ts";
import { readOwnSource } from "../io/own-source.ts";
import { isPlaceholderUse, placeholderPin, type ActionPin } from "../model/action-pin.ts";
import { renderInit, type InitResult } from "../review/init-text.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { readBranch, readCodeOwners, readPin, readRepositoryName, readRunner, readSessionLog, type InitFlags } from "./init-options.ts";

/** More than any file that init writes. */
const largestOwnFile = 1_048_576;

/** @param options.directory the access repository; `null`: that of `--repo`. */
export async function runInit(
  context: CommandContext,
  options: { readonly directory: string | null; readonly flags: InitFlags },
): Promise<ExitCode> {
  const { flags } = options;
  const directory = resolve(context.repositoryDirectory, options.directory ?? ".");
  const chosen = readChoices(flags);
  const pin = flags.pin === undefined ? await knownPin(context) : readPin(flags.pin, `v${context.toolVersion}`);
  await makeFolder(directory);
  const checkout = await readCheckout(directory, context.env);
  const input = await inputOf(context, { directory, checkout, chosen, pin });
  const root = checkout?.topLevel ?? directory;
  const results: InitResult[] = [];
  for (const file of initFiles(input)) results.push(await place(root, file, flags.force === true));
  report(context, { root, results, input });
  return 0;
}

type Choices = ReturnType<typeof readChoices>;

function readChoices(flags: InitFlags) {
  const { defaultBranch, sessionLog, runner, applyRunner, codeOwners, repository } = flags;
  return {
    defaultBranch: defaultBranch === undefined ? null : readBranch("--default-branch", defaultBranch),
    sessionLog: readSessionLog(sessionLog ?? "artifact"),
    runner: runner === undefined ? defaultWorkflowOptions.runner : readRunner("--runner", runner),
    applyRunner: applyRunner === undefined ? null : readRunner("--apply-runner", applyRunner),
    codeOwners: codeOwners === undefined ? placeholderOwners : readCodeOwners(codeOwners),
    repository: repository === undefined ? null : readRepositoryName(repository),
  };
}

async function knownPin(context: CommandContext): Promise<ActionPin> {
  const source = await readOwnSource(context.env);
  return source === null ? placeholderPin : readPin(`${source.repository}@${source.commit}`, `v${context.toolVersion}`);
}

async function inputOf(
  context: CommandContext,
  given: { readonly directory: string; readonly checkout: Checkout | null; readonly chosen: Choices; readonly pin: ActionPin },
): Promise<InitInput> {
  const { directory, checkout, chosen, pin } = given;
  const { codeOwners, runner, applyRunner, sessionLog } = chosen;
  const prefix = checkout?.prefix ?? "";
  if (prefix !== "" && !/^[\w./-]+$/u.test(prefix))
    throw new UsageError(
      `the folder ${JSON.stringify(prefix)} has a name that no workflow could carry`,
      "letters, digits and . _ - / only",
    );
  const defaultBranch =
    chosen.defaultBranch ?? readBranch("--default-branch", checkout?.defaultBranch ?? defaultWorkflowOptions.defaultBranch);
  return {
    pin,
    codeOwners,
    repository: chosen.repository ?? (await readGitFacts(directory, context.env)).hostedName,
    serverUrl: context.env["GITHUB_SERVER_URL"] ?? "https://github.com",
    options: { defaultBranch, runner, applyRunner, sessionLog, directory: prefix },
  };
}

/** Never through a link: it could lead out of the repository. */
async function place(root: string, { path, text }: InitFile, isForced: boolean): Promise<InitResult> {
  const target = join(root, path);
  const found = await readBounded(target, largestOwnFile);
  if ("bytes" in found) {
    const current = new TextDecoder().decode(found.bytes);
    if (current === text) return { path, result: "unchanged" };
    if (!isForced || !isOurs(current)) return { path, result: "kept", isOurs: isOurs(current) };
  } else if (found.problem.kind !== "missing") return { path, result: "kept", isOurs: false };
  await refuseLinks(root, path);
  await writeAtomically({ path: target, text, mode: 0o644 });
  return { path, result: "bytes" in found ? "rewritten" : "written" };
}

async function refuseLinks(root: string, path: string): Promise<void> {
  const found = await realPath(root);
  const realRoot = "path" in found ? found.path : root;
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const real = await realPath(join(root, folder));
    if ("path" in real && real.path !== join(realRoot, folder))
      throw new UsageError(`${path} was not written: ${folder} is a link`, "put a folder in its place");
  }
}

function report(
  context: CommandContext,
  { root, results, input }: { readonly root: string; readonly results: readonly InitResult[]; readonly input: InitInput },
): void {
  const { output } = context;
  const { pin, codeOwners, options } = input;
  const placeholders = [...(isPlaceholderUse(pin.uses) ? [pin.uses] : []), ...(codeOwners === placeholderOwners ? placeholderOwners : [])];
  const readme = options.directory === "" ? "README.md" : `${options.directory}/README.md`;
  if (context.json)
    output.json({ directory: root, pin: pin.uses, placeholders, files: results.map(({ path, result }) => ({ path, result })) });
  else output.lines(renderInit({ root, results }));
  if (placeholders.length > 0) output.note(`to fill in: ${placeholders.join(", ")}`);
  if (isPlaceholderUse(pin.uses))
    output.note("nothing says where the Action is: name it with --pin OWNER/rolewright@COMMIT, or run init in a clone from its host");
  noteRunners(context, options);
  output.note(`next: the ten steps in ${readme}, then rolewright doctor`);
}

function noteRunners({ output }: CommandContext, options: WorkflowOptions): void {
  const applying = applyRunnerOf(options);
  if (!isOwnRunner(applying))
    output.note("passwords are delivered to a folder of the runner that applies, and a GitHub-hosted one forgets it: see --apply-runner");
  else if (applying.join() === options.runner.join())
    output.note("whoever may push a branch decides what a plan's runner runs; give what applies another machine: see --apply-runner");
}
