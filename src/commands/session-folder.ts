// Where the sessions are.
import { resolve } from "node:path";
import { loadRepository } from "../load/load-repository.ts";
import { openLogFiles, type LogFiles } from "../io/log-files.ts";
import type { Settings } from "../model/settings.ts";
import type { CommandContext } from "./context.ts";
import { requireRepository } from "./load-desired.ts";

type Context = Pick<CommandContext, "repositoryDirectory" | "sessionsDirectory">;

/** `files` follow no symbolic link in the repository: whoever may change a branch may make one. Those of `--sessions` may lie behind one. */
export type SessionFolder = { readonly path: string; readonly files: LogFiles };

export function sessionFolder(context: Context, settings: Pick<Settings, "sessions">): SessionFolder {
  const { repositoryDirectory: within, sessionsDirectory } = context;
  const path = sessionsDirectory ?? resolve(within, settings.sessions);
  return { path, files: openLogFiles({ path, within: sessionsDirectory === undefined ? within : null }) };
}

/** For commands that only read the sessions. They are found also while the files of the repository have errors. */
export async function findSessionFolder(context: Context): Promise<SessionFolder> {
  if (context.sessionsDirectory !== undefined) return sessionFolder(context, { sessions: "" });
  await requireRepository(context.repositoryDirectory);
  const { desired } = await loadRepository({ directory: context.repositoryDirectory });
  return sessionFolder(context, desired.settings);
}
