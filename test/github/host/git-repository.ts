// A bare Git repository behind the stand-in: every commit, tree and ref that it speaks of is real.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Signature = { readonly name: string; readonly email: string; readonly date: string };
export type Commit = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
};
export type TreeEntry = {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly path: string;
  readonly size: number;
};
/** Text by path; null deletes the file. */
export type Files = Readonly<Record<string, string | null>>;
export type ChangedFile = {
  readonly filename: string;
  readonly previousFilename: string | null;
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly sha: string | null;
  readonly additions: number;
  readonly deletions: number;
};
export type RefUpdate = "done" | "missing" | "exists" | "moved" | "not-fast-forward";

const nobody: Signature = { name: "Nobody", email: "nobody@test.invalid", date: "" };
const zero = "0".repeat(40);
const isObjectId = /^[0-9a-f]{40}$/u;

export type GitRepository = ReturnType<typeof createGitRepository>;

/** A bare repository in a new folder below `parent`. */
export function createGitRepository(parent: string, defaultBranch: string) {
  const directory = join(mkdtempSync(join(parent, "origin-")), "repository.git");
  const env = { PATH: process.env["PATH"] ?? "", HOME: parent, GIT_CONFIG_NOSYSTEM: "1" };
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch", defaultBranch, directory], { env });
  // Pushes of the action's own git go through the stand-in, which has checked the token by then.
  const git = (words: readonly string[], options: { input?: string | Buffer; env?: Record<string, string> } = {}): string =>
    execFileSync("git", ["--git-dir", directory, ...words], {
      env: { ...env, ...options.env },
      input: options.input ?? "",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 256 * 1024 * 1024,
    }).toString("utf8");
  const attempt = (words: readonly string[]): string | null => {
    try {
      return git(words);
    } catch {
      return null;
    }
  };
  git(["config", "http.receivepack", "true"]);
  git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  git(["config", "uploadpack.allowFilter", "true"]);

  const memory = new Map<string, unknown>();
  /** What is said of objects by their ids never changes, but that they are not there. */
  function remembered<T>(key: string, names: readonly string[], ask: () => T): T {
    if (!names.every((name) => isObjectId.test(name))) return ask();
    const known = memory.get(key);
    if (known !== undefined) return known as T;
    const answer = ask();
    if (answer !== null) memory.set(key, answer);
    return answer;
  }

  /** Read from its file, for a process of Git takes longer than what it is asked; `null` where the ref is packed or not there. */
  function looseRef(ref: string): string | null {
    try {
      const id = readFileSync(join(directory, ref), "utf8").trim();
      return isObjectId.test(id) ? id : null;
    } catch {
      return null;
    }
  }

  /** The commit that a ref, branch, tag or id stands for. */
  function resolve(name: string): string | null {
    if (isObjectId.test(name)) return remembered(`commit of ${name}`, [name], () => commitOf(name));
    if (name.startsWith("refs/heads/")) return looseRef(name) ?? commitOf(name);
    if (name.startsWith("refs/")) return commitOf(name);
    return commitOf(name) ?? commitOf(`refs/heads/${name}`);
  }

  const commitOf = (word: string): string | null =>
    attempt(["rev-parse", "--verify", "--quiet", "--end-of-options", `${word}^{commit}`])?.trim() ?? null;

  const readCommit = (sha: string): Commit => remembered(`commit ${sha}`, [sha], () => showCommit(sha));

  function showCommit(sha: string): Commit {
    const [tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", ...message] = git([
      "show",
      "-s",
      "--format=%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B",
      sha,
    ]).split("\n");
    return {
      sha,
      tree,
      parents: parents.split(" ").filter((parent) => parent !== ""),
      message: message.join("\n").trimEnd(),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
    };
  }

  function writeCommit(input: {
    tree: string;
    parents: readonly string[];
    message: string;
    author?: Signature;
    committer?: Signature;
  }): string {
    const author = input.author ?? nobody;
    const committer = input.committer ?? author;
    return git(["commit-tree", input.tree, ...input.parents.flatMap((parent) => ["-p", parent])], {
      input: input.message,
      env: {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        ...(author.date === "" ? {} : { GIT_AUTHOR_DATE: author.date }),
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        ...(committer.date === "" ? {} : { GIT_COMMITTER_DATE: committer.date }),
      },
    }).trim();
  }

  const writeBlob = (content: Buffer): string => git(["hash-object", "-w", "--stdin"], { input: content }).trim();

  /** The tree of `base` (null: an empty one) with these entries put in or, where `sha` is null, taken out. */
  function writeTree(base: string | null, entries: readonly { path: string; mode: string; sha: string | null }[]): string {
    const index = { GIT_INDEX_FILE: join(directory, `index-${process.hrtime.bigint()}`) };
    git(base === null ? ["read-tree", "--empty"] : ["read-tree", base], { env: index });
    const lines = entries.map(({ path, mode, sha }) => `${sha === null ? "0" : mode} ${sha ?? zero}\t${path}\0`);
    git(["update-index", "-z", "--index-info"], { env: index, input: lines.join("") });
    const tree = git(["write-tree"], { env: index }).trim();
    execFileSync("rm", ["-f", index.GIT_INDEX_FILE]);
    return tree;
  }

  const writeFiles = (base: string | null, files: Files): string =>
    writeTree(
      base,
      Object.entries(files).map(([path, text]) => ({ path, mode: "100644", sha: text === null ? null : writeBlob(Buffer.from(text)) })),
    );

  const isAncestor = (ancestor: string, sha: string): boolean =>
    remembered(`ancestor ${ancestor} ${sha}`, [ancestor, sha], () => attempt(["merge-base", "--is-ancestor", ancestor, sha]) !== null);

  /** Moves a ref as a push does. `sha` null deletes it. */
  function updateRef(
    ref: string,
    sha: string | null,
    rule: { create?: boolean; force?: boolean; expected?: string | null } = {},
  ): RefUpdate {
    const now = resolve(ref);
    if (rule.expected !== undefined && rule.expected !== now) return "moved";
    if (rule.create === true && now !== null) return "exists";
    if (rule.create === false && now === null) return "missing";
    if (sha === null) git(["update-ref", "-d", ref]);
    else if (now !== null && rule.force !== true && !isAncestor(now, sha)) return "not-fast-forward";
    else git(["update-ref", ref, sha, now ?? zero]);
    return "done";
  }

  /** The commit's tree below `path`; one level unless `deep`. */
  const listTree = (treeish: string, deep: boolean, path = ""): readonly TreeEntry[] =>
    remembered(`tree ${treeish} ${deep} ${path}`, [treeish], () => askTree(treeish, deep, path));

  function askTree(treeish: string, deep: boolean, path: string): readonly TreeEntry[] {
    const listing = attempt(["ls-tree", "-z", "-l", ...(deep ? ["-r", "-t"] : []), path === "" ? treeish : `${treeish}:${path}`]);
    return (listing ?? "")
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => {
        const [meta = "", name = ""] = line.split("\t");
        const [mode = "", type = "", sha = "", size = "-"] = meta.split(/ +/u);
        return { mode, type, sha, path: name, size: size === "-" ? 0 : Number(size) };
      });
  }

  const readBlob = (sha: string): Buffer | null => remembered(`blob ${sha}`, [sha], () => askBlob(sha));

  function askBlob(sha: string): Buffer | null {
    try {
      return execFileSync("git", ["--git-dir", directory, "cat-file", "blob", sha], { env, stdio: ["ignore", "pipe", "ignore"] });
    } catch {
      return null;
    }
  }

  /** The id of the blob at `path`, null where there is no file. */
  const blobAt = (treeish: string, path: string): string | null =>
    remembered(`at ${treeish} ${path}`, [treeish], () => {
      const [sha = "", type] = git(["cat-file", "--batch-check"], { input: `${treeish}:${path}\n` }).split(" ");
      return type === "blob" ? sha : null;
    });

  function changedFiles(from: string, to: string): readonly ChangedFile[] {
    return remembered(`changed ${from} ${to}`, [from, to], () =>
      parseDiff(git(["diff", "--raw", "--numstat", "--no-abbrev", "-z", "-M", from, to])),
    );
  }

  /** The tree that a merge of the two gives, null where they conflict. */
  function mergeTree(ours: string, theirs: string): string | null {
    return remembered(
      `merge ${ours} ${theirs}`,
      [ours, theirs],
      () => attempt(["merge-tree", "--write-tree", ours, theirs])?.split("\n")[0]?.trim() ?? null,
    );
  }

  /** The commits replayed on `onto` with their messages and authors; null where one does not apply. */
  function replay(onto: string, commits: readonly string[]): string | null {
    const worktree = join(directory, `replay-${process.hrtime.bigint()}`);
    git(["worktree", "add", "--quiet", "--detach", worktree, onto]);
    try {
      const inside = (...words: string[]): string =>
        execFileSync("git", ["-C", worktree, "-c", "user.name=GitHub", "-c", "user.email=noreply@test.invalid", ...words], {
          env,
          stdio: ["ignore", "pipe", "pipe"],
        }).toString("utf8");
      // Without --no-ff, commits that already stand on `onto` would keep their ids, which GitHub's rebase never lets them.
      for (const sha of commits) inside("cherry-pick", "--allow-empty", "--no-ff", sha);
      return inside("rev-parse", "HEAD").trim();
    } catch {
      return null;
    } finally {
      git(["worktree", "remove", "--force", worktree]);
    }
  }

  const lines = (words: readonly string[]): readonly string[] =>
    git(words)
      .split("\n")
      .filter((line) => line !== "");
  /** Newest first, as `git log`; `from` and what it contains is left out. */
  const log = (to: string, from: string | null = null): readonly string[] =>
    lines(["rev-list", "--topo-order", to, ...(from === null ? [] : [`^${from}`])]);
  const refs = (prefix: string): readonly { ref: string; sha: string }[] =>
    lines(["for-each-ref", "--format=%(refname) %(objectname)"])
      .map((line) => line.split(" "))
      .map(([ref = "", sha = ""]) => ({ ref, sha }))
      .filter(({ ref }) => ref.startsWith(prefix));
  const mergeBase = (left: string, right: string): string | null =>
    remembered(`base ${left} ${right}`, [left, right], () => attempt(["merge-base", left, right])?.trim() ?? null);
  const readFile = (treeish: string, path: string): string | null => {
    const sha = blobAt(treeish, path);
    return sha === null ? null : (readBlob(sha)?.toString("utf8") ?? null);
  };
  const objectType = (sha: string): string | null =>
    remembered(`type ${sha}`, [sha], () => attempt(["cat-file", "-t", sha])?.trim() ?? null);
  /** Takes over another repository's commits, as GitHub shares them between forks. */
  const fetchFrom = (other: string, ref: string, as: string): void => void git(["fetch", "--quiet", other, `+${ref}:${as}`]);

  return {
    directory,
    env,
    resolve,
    readCommit,
    writeCommit,
    writeBlob,
    writeTree,
    writeFiles,
    isAncestor,
    updateRef,
    listTree,
    readBlob,
    blobAt,
    readFile,
    changedFiles,
    mergeTree,
    replay,
    mergeBase,
    log,
    refs,
    objectType,
    fetchFrom,
  };
}

/** `git diff --raw --numstat -z`: first an entry per file, then its counts, each field ended by NUL. */
function parseDiff(output: string): readonly ChangedFile[] {
  const fields = output.split("\0");
  const names = { A: "added", D: "removed", M: "modified", T: "modified", R: "renamed", C: "added" } as const;
  const files: ChangedFile[] = [];
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let index = 0; index < fields.length;) {
    const field = fields[index++] ?? "";
    if (field.startsWith(":")) {
      const [, , before = "", after = "", letter = "M"] = field.split(" ");
      const kind = letter.charAt(0) as keyof typeof names;
      const previousFilename = kind === "R" || kind === "C" ? (fields[index++] ?? null) : null;
      files.push({
        filename: fields[index++] ?? "",
        previousFilename,
        status: names[kind],
        sha: kind === "D" ? before : after,
        additions: 0,
        deletions: 0,
      });
    } else if (field !== "") {
      const [additions = "0", deletions = "0", path = ""] = field.split("\t");
      if (path === "") index += 1;
      counts.set(path === "" ? (fields[index++] ?? "") : path, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    }
  }
  return files.map((file) => ({ ...file, ...counts.get(file.filename) }));
}
