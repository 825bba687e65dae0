// The access repository of a run: its files, what Git says of it, and where its sessions are.
import { readGitFacts } from "../io/git.ts";
import { isProcessAlive, thisProcess } from "../io/processes.ts";
import type { Desired } from "../model/desired.ts";
import type { RunFacts } from "../session/record.ts";
import { openSessionLog, type SessionLog } from "../session/store.ts";
import type { CommandContext } from "./context.ts";
import { loadDesired, requireRepository } from "./load-desired.ts";
import { sessionFolder, type SessionFolder } from "./session-folder.ts";

export type Workspace = {
  readonly directory: string;
  readonly desired: Desired;
  readonly run: RunFacts;
  readonly sessions: SessionFolder;
  /** Why nothing may be applied any more, whatever the files say; `null` where they still count. Without it they always do. */
  readonly objection?: () => Promise<string | null>;
};

/**
 * Loads the access repository and prints every problem found in it.
 * @returns `null` where there are errors: they have been said, and the command ends with 1.
 */
export async function openWorkspace(context: CommandContext): Promise<Workspace | null> {
  const directory = context.repositoryDirectory;
  await requireRepository(directory);
  const git = await readGitFacts(directory, context.env);
  const desired = await loadDesired(context, git.repositoryName);
  if (desired === null) return null;
  return {
    directory,
    desired,
    run: runFacts(context, git),
    sessions: sessionFolder(context, desired.settings),
  };
}

/** Who runs this, on what; GitHub's own variables where they are set: https://docs.github.com/actions/reference/variables-reference */
export function runFacts(
  { env, toolVersion }: Pick<CommandContext, "env" | "toolVersion">,
  git: { readonly commit: string; readonly isDirty: boolean; readonly user: string },
): RunFacts {
  const server = env["GITHUB_SERVER_URL"];
  const repository = env["GITHUB_REPOSITORY"];
  const run = env["GITHUB_RUN_ID"];
  const pullRequest = /^refs\/pull\/(\d+)\//u.exec(env["GITHUB_REF"] ?? "")?.[1];
  return {
    actor: env["GITHUB_ACTOR"] ?? (git.user || (env["USER"] ?? "")),
    commit: git.isDirty && git.commit !== "" ? `${git.commit}-dirty` : git.commit,
    pullRequest: pullRequest === undefined ? null : Number(pullRequest),
    runUrl: server !== undefined && repository !== undefined && run !== undefined ? `${server}/${repository}/actions/runs/${run}` : "",
    toolVersion,
  };
}

/** Opens the session log for writing; first records applies of processes that died, and says so. */
export async function openSessions(context: CommandContext, workspace: Workspace): Promise<SessionLog> {
  const { files } = workspace.sessions;
  await files.requireWritable();
  const log = await openSessionLog({
    files,
    witness: { self: { ...thisProcess(), token: context.randomUuid() }, now: context.now, isProcessAlive },
    redact: context.redact,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  });
  for (const file of log.recovered.interrupted) context.output.note(`recorded an apply that was interrupted: ${file}`);
  for (const file of log.recovered.unreadable)
    context.output.error(`warning: the journal ${file} cannot be read; remove it when no apply is running`);
  return log;
}
