// validate: reads the files and says what is wrong with them; asks no server.
import { realPath } from "../io/files.ts";
import { readGitFacts } from "../io/git.ts";
import { loadRepository } from "../load/load-repository.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { count } from "../model/count.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import type { CommandContext, ExitCode } from "./context.ts";

/** @returns 1 where there are errors; warnings alone leave the repository valid. */
export async function runValidate(context: CommandContext): Promise<ExitCode> {
  const directory = context.repositoryDirectory;
  // Git cannot be asked in a folder that is not there, which the load says.
  const { repositoryName } = (await realPath(directory)) === null ? { repositoryName: null } : await readGitFacts(directory, context.env);
  const { desired, diagnostics } = await loadRepository({ directory, repositoryName });
  const isValid = !hasErrors(diagnostics);
  const { resources, roles, groups } = desired;
  if (context.json) {
    context.output.json({ valid: isValid, resources: resources.length, roles: roles.length, groups: groups.length, diagnostics });
    return isValid ? 0 : 1;
  }
  context.output.lines(renderDiagnostics(diagnostics));
  const sizes = `${count(resources.length, "resource")}, ${count(roles.length, "role")}`;
  if (isValid) context.output.line([{ text: "valid", style: "green" }, `: ${sizes}`]);
  return isValid ? 0 : 1;
}
