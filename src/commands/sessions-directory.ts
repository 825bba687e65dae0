// Where the sessions are, for commands that only read them.
import { resolve } from "node:path";
import { loadRepository } from "../load/load-repository.ts";
import type { CommandContext } from "./context.ts";

/** The absolute path of the session log. It is found also while the files of the repository have errors. */
export async function findSessionsDirectory(context: Pick<CommandContext, "repositoryDirectory" | "sessionsDirectory">): Promise<string> {
  if (context.sessionsDirectory !== undefined) return context.sessionsDirectory;
  const { desired } = await loadRepository({ directory: context.repositoryDirectory });
  return resolve(context.repositoryDirectory, desired.settings.sessions);
}
