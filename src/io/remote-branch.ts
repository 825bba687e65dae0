// One branch of a host's repository, read and written without a checkout: Git's own protocol, which every host speaks. The login is in
// the environment of the child processes only: never in an address, in arguments, or in a file, and no hook or helper of the machine runs.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { simpleGit, type SimpleGit } from "simple-git";
import { makeTemporaryFolder, removeFolder } from "./files.ts";
import { gitEnvironment } from "./git.ts";

export type RemoteBranchInput = {
  /** `https://github.com/acme/access` */
  readonly url: string;
  /** Without `refs/heads/`, fit for a ref. */
  readonly branch: string;
  readonly token: string;
  /** Of which Git gets only what it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
};

export type RemoteBranch = {
  /** What the host says now: the branch's commit, `null` where there is none, and the branch that is checked out by default. */
  look(): Promise<{ readonly tip: string | null; readonly defaultBranch: string | null }>;
  /** Downloads the names in the newest commit, and contents only as they are read. @returns that commit. */
  fetch(): Promise<string>;
  /** Names in the root folder of a fetched commit. */
  rootNames(commit: string): Promise<readonly string[]>;
  /** Which of these paths a fetched commit has. */
  known(commit: string, paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** The text of a file of a fetched commit. @throws where it is none. */
  read(commit: string, path: string): Promise<string>;
  /** A commit with these files put into those of `parent`; without one, the first of its own history. @returns its id. */
  commit(input: { readonly parent: string | null; readonly files: AsyncIterable<NewFile>; readonly message: string }): Promise<string>;
  /** Moves the branch from `expected` (`null`: from nothing) to `commit`, or fails. */
  push(commit: string, expected: string | null): Promise<void>;
};

export type NewFile = { readonly path: string; readonly text: string };

/** How long the host may be silent. */
const silenceMs = 60_000;

const tipRef = "refs/rolewright/tip";

/** Works in a temporary repository, which is removed at the end. Every step throws an Error with Git's words where Git or the host refuses. */
export async function withRemoteBranch<Result>(input: RemoteBranchInput, use: (remote: RemoteBranch) => Promise<Result>): Promise<Result> {
  const folder = await makeTemporaryFolder("rolewright-branch-");
  try {
    const run = runnerIn(folder, input);
    await run(["init", "--quiet", "--bare", "."]);
    await run(["remote", "add", "origin", input.url]);
    return await use(remoteBranch({ folder, run }, `refs/heads/${input.branch}`));
  } finally {
    await removeFolder(folder);
  }
}

type Run = (words: readonly string[], stdin?: string) => Promise<string>;
type Place = { readonly folder: string; readonly run: Run };

function remoteBranch(place: Place, ref: string): RemoteBranch {
  const { run } = place;
  return {
    look: async () => readAdvertised(await run(["ls-remote", "--symref", "origin", "HEAD", ref]), ref),
    async fetch() {
      // A host without filters ignores ours, and sends the newest commit whole.
      await run(["fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", `+${ref}:${tipRef}`]);
      return (await run(["rev-parse", "--verify", tipRef])).trim();
    },
    rootNames: async (commit) => fields(await run(["ls-tree", "-z", "--name-only", commit])),
    async known(commit, paths) {
      const found = new Set<string>();
      for (const some of portions(paths, 64))
        for (const path of fields(await run(["ls-tree", "-z", "--name-only", commit, "--", ...some]))) found.add(path);
      return found;
    },
    read: (commit, path) => run(["cat-file", "blob", `${commit}:${path}`]),
    commit: (given) => makeCommit(place, given),
    async push(commit, expected) {
      const lease = `--force-with-lease=${ref}:${expected ?? ""}`;
      await run(["push", "--quiet", "--no-verify", lease, "origin", `${commit}:${ref}`]);
    },
  };
}

/** Lines such as `ref: refs/heads/main\tHEAD` and `<id>\trefs/heads/main`. */
function readAdvertised(text: string, ref: string): Awaited<ReturnType<RemoteBranch["look"]>> {
  const lines = text.split("\n");
  const tip = lines.find((line) => line.endsWith(`\t${ref}`))?.split("\t")[0];
  const [, defaultBranch] = /^ref: refs\/heads\/(\S+)\tHEAD$/mu.exec(text) ?? [];
  return { tip: tip ?? null, defaultBranch: defaultBranch ?? null };
}

async function makeCommit({ folder, run }: Place, { parent, files, message }: Parameters<RemoteBranch["commit"]>[0]): Promise<string> {
  const paths: string[] = [];
  for await (const { path, text } of files) await writeFile(join(folder, `new-${paths.push(path)}`), text);
  const sources = paths.map((_, index) => `new-${index + 1}\n`).join("");
  const blobs = (await run(["hash-object", "-w", "--no-filters", "--stdin-paths"], sources)).trim().split("\n");
  await run(["read-tree", parent ?? "--empty"]);
  await run(["update-index", "-z", "--index-info"], paths.map((path, index) => `100644 ${blobs[index] ?? ""}\t${path}\0`).join(""));
  // The contents of other files have never been downloaded.
  const tree = (await run(["write-tree", "--missing-ok"])).trim();
  return (await run(["commit-tree", tree, ...(parent === null ? [] : ["-p", parent])], message)).trim();
}

function runnerIn(folder: string, input: RemoteBranchInput): Run {
  const env = { ...gitEnvironment(input.env), ...ownSettings(input), ...identity };
  return async (words, stdin) => {
    const git: SimpleGit = simpleGit({
      baseDir: folder,
      abort: input.signal,
      timeout: { block: silenceMs },
      allowEnvironment: Object.keys(env),
      // The library asks for these words wherever such a setting is made; here helpers, prompts and hooks are switched off.
      unsafe: { allowUnsafeConfigEnvCount: true, allowUnsafeCredentialHelper: true, allowUnsafeAskPass: true, allowUnsafeHooksPath: true },
      input: () => stdin,
      errors: (error, { exitCode, stdErr }) => (exitCode > 0 ? new Error(gitWords(words, exitCode, stdErr)) : error),
    });
    return git.env(env).raw([...words]);
  };
}

/** Git may fail without a word; its advice is for people at a keyboard. */
function gitWords(words: readonly string[], exitCode: number, stdErr: readonly Buffer[]): string {
  const lines = Buffer.concat(stdErr).toString("utf8").split("\n");
  const told = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("hint:"));
  return `git ${words[0] ?? ""}: ${told.join("; ") || `ended with ${exitCode}`}`;
}

/** Nobody's address: one that a host knows would make a person of us. */
const identity = {
  GIT_AUTHOR_NAME: "rolewright",
  GIT_AUTHOR_EMAIL: "rolewright@localhost",
  GIT_COMMITTER_NAME: "rolewright",
  GIT_COMMITTER_EMAIL: "rolewright@localhost",
};

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT; the last of a setting wins. */
function ownSettings({ url, token }: RemoteBranchInput): Readonly<Record<string, string>> {
  const header = `http.${new URL(url).origin}/.extraheader`;
  const settings: readonly (readonly [name: string, value: string])[] = [
    // The empty one takes away what the machine may have: a host refuses two logins at once.
    [header, ""],
    [header, basicAuthorization(token)],
    ["credential.helper", ""],
    ["core.askPass", ""],
    ["core.hooksPath", "/dev/null"],
    ["core.attributesFile", "/dev/null"],
    ["push.gpgSign", "false"],
    ["gc.auto", "0"],
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "1000"],
    ["http.lowSpeedTime", String(silenceMs / 1_000)],
  ];
  return {
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "http:https",
    // What Git says is read here, too.
    LC_ALL: "C",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** As actions/checkout logs in: https://github.com/actions/checkout/blob/main/src/git-auth-helper.ts */
function basicAuthorization(token: string): string {
  return `AUTHORIZATION: basic ${basicCredential(token)}`;
}

/** The form that the token has in Git's environment, for whoever masks. */
export function basicCredential(token: string): string {
  return Buffer.from(`x-access-token:${token}`, "utf8").toString("base64");
}

function fields(text: string): readonly string[] {
  return text.split("\0").filter((field) => field !== "");
}

function portions<Item>(list: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
