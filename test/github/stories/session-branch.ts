// The branch of a story's session log as anybody may look at it: a clone, the project's own verifier, and another writer.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLogFiles } from "../../../src/io/log-files.ts";
import type { Session } from "../../../src/model/session.ts";
import { readSessionLog, type Verification } from "../../../src/session/read.ts";
import { chainPlaces } from "../../../src/session/graft.ts";
import { openSessionLog } from "../../../src/session/store.ts";
import { inputFor } from "../../core/session/support/log.ts";
import { sessionOf } from "../../core/session/support/sessions.ts";
import type { Repository } from "../host/state.ts";

export type SessionBranch = Disposable & {
  readonly directory: string;
  /** In the order of the chain. */
  readonly sessions: readonly Session[];
  readonly verification: Verification;
  /** Of every file, Git's own left out. */
  readonly texts: readonly string[];
};

/** Clones the branch and reads its log. */
export async function readSessionBranch(repository: Repository, branch: string): Promise<SessionBranch> {
  const directory = clone(repository, branch);
  const { sessions, diagnostics } = await readLog(directory);
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.startsWith(join(directory, ".git")));
  return {
    directory,
    sessions,
    verification: await readSessionLog(openLogFiles({ path: directory, within: null })).verify(),
    texts: files.map((file) => readFileSync(file, "utf8")),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function readLog(directory: string): ReturnType<ReturnType<typeof readSessionLog>["list"]> {
  const files = openLogFiles({ path: directory, within: null });
  const { sessions, diagnostics } = await readSessionLog(files).list({});
  const places = new Map((await chainPlaces(files)).map(({ file }, index) => [file.slice(-41, -5), index]));
  return { sessions: sessions.toSorted((a, b) => (places.get(a.sid) ?? 0) - (places.get(b.sid) ?? 0)), diagnostics };
}

/** Another run, somewhere else, puts a session of its own behind those of the branch. */
export async function appendElsewhere(repository: Repository, branch: string): Promise<string> {
  const isNew = repository.git.resolve(`refs/heads/${branch}`) === null;
  const directory = isNew ? mkdtempSync(join(tmpdir(), "rolewright-log-")) : clone(repository, branch);
  const git = gitIn(directory);
  if (isNew) git("init", "--quiet", "--initial-branch", branch);
  const sid = crypto.randomUUID();
  await (await openSessionLog(inputFor(directory))).append(sessionOf({ sid, message: "written elsewhere" }));
  git("add", "--all");
  git("-c", "user.name=else", "-c", "user.email=else@test.invalid", "commit", "--quiet", "--message", "elsewhere");
  git("push", "--quiet", repository.git.directory, `HEAD:refs/heads/${branch}`);
  rmSync(directory, { recursive: true, force: true });
  return sid;
}

function clone(repository: Repository, branch: string): string {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-log-"));
  gitIn(directory)("clone", "--quiet", "--branch", branch, `file://${repository.git.directory}`, directory);
  return directory;
}

function gitIn(directory: string): (...words: readonly string[]) => void {
  const env = { PATH: process.env["PATH"] ?? "", HOME: directory, GIT_CONFIG_NOSYSTEM: "1" };
  return (...words) => void execFileSync("git", words, { cwd: directory, env, stdio: ["ignore", "pipe", "inherit"] });
}
