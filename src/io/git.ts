// What Git says of the access repository.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleGit, type SimpleGit, type SimpleGitOptions } from "simple-git";

export type GitFacts = {
  /** Full id of the checked-out commit; "" outside a repository or before the first commit. */
  readonly commit: string;
  /** Uncommitted changes that the commit does not name. */
  readonly isDirty: boolean;
  /** `owner/name` of the remote "origin", whatever protocol its address has; `null` without one. */
  readonly repositoryName: string | null;
  /** The same where that is an address on a host, and not a folder: what a workflow, or GitHub, could know it by. */
  readonly hostedName: string | null;
  /** `Name <email>` as Git is configured; "" without. */
  readonly user: string;
};

/** What Git needs of an environment that also holds the logins of every database. */
const gitVariables = ["PATH", "HOME", "USERPROFILE", "XDG_CONFIG_HOME", "SystemRoot", "TMPDIR", "TEMP", "LANG", "LC_ALL"] as const;

/**
 * Never throws: a directory without Git is a fine access repository for trying things out.
 * @param env of which Git, and whatever its configuration starts, gets only what it needs.
 */
export async function readGitFacts(directory: string, env: Readonly<Record<string, string | undefined>>): Promise<GitFacts> {
  const git = gitIn(directory, env);
  const ask = async (...args: readonly string[]): Promise<string> => (await git.raw([...args]).catch(() => "")).trim();
  // Starting a process takes longer than what any of them does.
  const [status, remote, user] = await Promise.all([
    ask("status", "--porcelain=v2", "--branch", "--no-ahead-behind"),
    ask("remote", "get-url", "origin"),
    ask("config", "--get-regexp", "^user\\.(name|email)$"),
  ]);
  const name = lastValue(user, "user.name");
  const email = lastValue(user, "user.email");
  return {
    commit: /^# branch\.oid ([0-9a-f]+)$/mu.exec(status)?.[1] ?? "",
    isDirty: /^[^#]/mu.test(status),
    repositoryName: nameOfRemote(remote),
    hostedName: isOnHost(remote) ? nameOfRemote(remote) : null,
    user: email === "" ? name : `${name} <${email}>`.trim(),
  };
}

/** For what talks to a host, where a proxy or an authority of one's own may be needed. */
const networkVariables = [
  ...["https_proxy", "http_proxy", "no_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]),
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** The variables that Git may see of an environment, those for the network among them. */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...gitVariables, ...networkVariables].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export type Checkout = {
  /** Root of the work tree. */
  readonly topLevel: string;
  /** Where the folder is in it, with `/`; "" for the root. */
  readonly prefix: string;
  /** Of the remote "origin", as far as the clone knows it. */
  readonly defaultBranch: string | null;
};

/** @returns `null` for a folder that is in no Git repository. */
export async function readCheckout(directory: string, env: Readonly<Record<string, string | undefined>>): Promise<Checkout | null> {
  const git = gitIn(directory, env);
  const ask = async (...args: readonly string[]): Promise<string> => (await git.raw([...args]).catch(() => "")).replace(/\n$/u, "");
  const [topLevel, prefix, head] = await Promise.all([
    ask("rev-parse", "--show-toplevel"),
    ask("rev-parse", "--show-prefix"),
    ask("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"),
  ]);
  if (topLevel === "") return null;
  return { topLevel, prefix: prefix.replace(/\/$/u, ""), defaultBranch: /^refs\/remotes\/origin\/(.+)$/u.exec(head)?.[1] ?? null };
}

function gitIn(directory: string, env: Readonly<Record<string, string | undefined>>, unsafe: SimpleGitOptions["unsafe"] = {}): SimpleGit {
  return simpleGit({ baseDir: directory, unsafe }).env(Object.fromEntries(gitVariables.map((name) => [name, env[name]])));
}

/** The checked-out commit and what it was made from. @throws Error outside a repository. */
export async function readHead(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly commit: string; readonly parents: readonly string[] }> {
  const words = (await gitIn(directory, env).raw("rev-list", "--parents", "-n", "1", "HEAD")).trim().split(" ");
  return { commit: words[0] ?? "", parents: words.slice(1) };
}

/** The newest commit that a remote branch and another commit share. @throws Error where the clone lacks the branch or its history. */
export async function sharedWithBranch(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  { branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<string> {
  return (await gitIn(directory, env).raw("merge-base", `refs/remotes/origin/${branch}`, commit)).trim();
}

/**
 * Another commit's files in a folder of their own, which is removed at the end. The folder of the access repository inside of it is
 * where `directory` is in its work tree. Hooks do not run.
 * @throws Error where the clone does not have the commit.
 */
export async function withCommit<Result>(
  input: { readonly directory: string; readonly commit: string; readonly env: Readonly<Record<string, string | undefined>> },
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  // The library asks for this word wherever the path of hooks is set; here none of them are to run.
  const git = gitIn(input.directory, input.env, { allowUnsafeHooksPath: true });
  const inside = (await git.raw("rev-parse", "--show-prefix")).trim();
  const folder = await mkdtemp(join(tmpdir(), "rolewright-base-"));
  const tree = join(folder, "tree");
  try {
    await git.raw("-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", tree, input.commit);
    return await use(join(tree, inside));
  } finally {
    await git.raw("worktree", "remove", "--force", tree).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of settings as `git config` lists them, the one nearest to the repository comes last. */
function lastValue(settings: string, key: string): string {
  const lines = settings.split("\n").filter((line) => line.startsWith(`${key} `));
  return (lines.at(-1) ?? "").slice(key.length + 1).trim();
}

/** Makes a Git repository of a folder, with everything in it as the first commit, or adds a commit to one. */
export async function commitAll(directory: string, message: string): Promise<void> {
  const git = simpleGit({ baseDir: directory, config: ["user.name=rolewright", "user.email=rolewright@localhost"] });
  await git.raw("init", "--quiet", "--initial-branch=main");
  await git.raw("add", "--all");
  await git.raw("commit", "--quiet", "--message", message);
}

/** `https://`, `ssh://`, or scp-like, where no `/` stands before the colon; one letter before it is a drive of Windows. */
function isOnHost(address: string): boolean {
  return /^(?:https?|ssh|git|git\+ssh):\/\/[^/]/iu.test(address) || /^(?:[^/:@\\]+@)?[^/:@\\]{2,}:(?!\/\/)/u.test(address);
}

/** The last two parts of the path, without `.git`: the same for https, ssh and scp-like addresses. */
export function nameOfRemote(address: string): string | null {
  const path = address.replace(/^[a-z+]+:\/\/[^/]*\//iu, "").replace(/^[^/]*:/u, "");
  const parts = path
    .replace(/\/+$/u, "")
    .replace(/\.git$/u, "")
    .split("/")
    .filter((part) => part !== "");
  const name = parts.slice(-2).join("/");
  return /^[\w.-]+\/[\w.-]+$/u.test(name) ? name : null;
}
