// init: writes the files of a new access repository, and nothing over a file that somebody else has written.
import { dirname, join, resolve } from "node:path";
import { findPlaceholders } from "../doctor/placeholders.ts";
import { placeholderOwners } from "../init/access-files.ts";
import { initFiles, isOurs, type InitFile, type InitInput } from "../init/files.ts";
import { applyRunnerOf, defaultWorkflowOptions, isOwnRunner, type WorkflowOptions } from "../init/workflow-parts.ts";
import { makeFolder, readBounded, realPath, writeAtomically } from "../io/files.ts";
import { readCheckout, readGitFacts, type Checkout } from "../io/git.ts";
import { readOwnSource } from "../io/own-source.ts";
import { isPlaceholderUse, placeholderPin, type ActionPin } from "../model/action-pin.ts";
import { renderInit, renderNext, type InitGit, type InitResult } from "../review/init-text.ts";
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
  const facts = await readGitFacts(directory, context.env);
  const input = await inputOf(context, { hostedName: facts.hostedName, checkout, chosen, pin });
  const root = checkout?.topLevel ?? directory;
  const placed: Placed[] = [];
  for (const file of initFiles(input)) placed.push(await place(root, file, flags.force === true));
  const git = checkout === null ? "no repository" : facts.repositoryName === null ? "no remote" : "remote";
  report(context, { root, placed, input, git });
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
  given: { readonly hostedName: string | null; readonly checkout: Checkout | null; readonly chosen: Choices; readonly pin: ActionPin },
): Promise<InitInput> {
  const { hostedName, checkout, chosen, pin } = given;
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
    repository: chosen.repository ?? hostedName,
    serverUrl: context.env["GITHUB_SERVER_URL"] ?? "https://github.com",
    options: { defaultBranch, runner, applyRunner, sessionLog, directory: prefix },
  };
}

/** `text`: what the file says now; "" where it could not be read. */
type Placed = InitResult & { readonly text: string };

/** Never through a link: it could lead out of the repository. */
async function place(root: string, { path, text }: InitFile, isForced: boolean): Promise<Placed> {
  const target = join(root, path);
  const found = await readBounded(target, largestOwnFile);
  if ("bytes" in found) {
    const current = new TextDecoder().decode(found.bytes);
    if (current === text) return { path, result: "unchanged", text };
    if (!isForced || !isOurs(current)) return { path, result: "kept", isOurs: isOurs(current), text: current };
  } else if (found.problem.kind !== "missing") return { path, result: "kept", isOurs: false, text: "" };
  await refuseLinks(root, path);
  await writeAtomically({ path: target, text, mode: 0o644 });
  return { path, result: "bytes" in found ? "rewritten" : "written", text };
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

type Report = {
  readonly root: string;
  readonly placed: readonly Placed[];
  readonly input: InitInput;
  readonly git: InitGit;
};

function report(context: CommandContext, { root, placed, input, git }: Report): void {
  const { output } = context;
  const { pin, options, repository } = input;
  const placeholders = placeholdersIn(placed);
  if (context.json)
    output.json({ directory: root, pin: pin.uses, placeholders, files: placed.map(({ path, result }) => ({ path, result })) });
  else output.lines(renderInit({ root, results: placed }));
  if (placeholders.length > 0) output.note(`to fill in: ${placeholders.join(", ")}`);
  if (isPlaceholderUse(pin.uses))
    output.note("nothing says where the Action is: name it with --pin OWNER/rolewright@COMMIT, or run init in a clone from its host");
  noteRunners(context, options);
  const readme = options.directory === "" ? "README.md" : `${options.directory}/README.md`;
  for (const line of renderNext({ root, git, repository, defaultBranch: options.defaultBranch, readme })) output.note(line);
}

/** What the files say that nobody has filled in, each once: of those that were kept, too. */
function placeholdersIn(placed: readonly Placed[]): readonly string[] {
  const found = placed
    .filter(({ path }) => path.startsWith(".github/"))
    .flatMap((file) =>
      findPlaceholders([file]).map(({ at = { line: 0, column: 0 } }) => {
        const line = file.text.split("\n")[at.line - 1] ?? "";
        return /^\S*/u.exec(line.slice(at.column - 1))?.[0] ?? "";
      }),
    );
  // The pin first, which stands in the files that come last.
  return [...new Set(found)].toSorted((a, b) => Number(a.startsWith("@")) - Number(b.startsWith("@")));
}

function noteRunners({ output }: CommandContext, options: WorkflowOptions): void {
  const applying = applyRunnerOf(options);
  if (!isOwnRunner(applying))
    output.note("passwords are delivered to a folder of the runner that applies, and a GitHub-hosted one forgets it: see --apply-runner");
  else if (applying.join() === options.runner.join())
    output.note("whoever may push a branch decides what a plan's runner runs; give what applies another machine: see --apply-runner");
}
