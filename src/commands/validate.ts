// validate: reads the files and says what is wrong with them; asks no server.
import { codeOwnersPaths } from "../doctor/code-owners.ts";
import { findPlaceholders } from "../doctor/placeholders.ts";
import { readCheckout, readGitFacts } from "../io/git.ts";
import { repositoryProblem } from "../load/discover.ts";
import { loadRepository } from "../load/load-repository.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { count } from "../model/count.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { storeProblem } from "./store-directory.ts";
import { readTextFiles, readWorkflows } from "./workflow-files.ts";

/** @returns 1 where there are errors; warnings alone leave the repository valid. */
export async function runValidate(context: CommandContext): Promise<ExitCode> {
  const directory = context.repositoryDirectory;
  // Git cannot be asked in a folder that is none, which the load says.
  const isFolder = (await repositoryProblem(directory)) === null;
  const { repositoryName } = isFolder ? await readGitFacts(directory, context.env) : { repositoryName: null };
  const { desired, diagnostics: found } = await loadRepository({ directory, repositoryName, now: context.now() });
  const store = hasErrors(found) || desired.roles.length === 0 ? null : await storeProblem(context, { desired, directory });
  const diagnostics = [...found, ...(store === null ? [] : [store]), ...(isFolder ? await placeholdersBeside(context) : [])];
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

/** Of the workflows, where the repository has some: they are no access files, but without them nothing is applied. */
async function placeholdersBeside({ repositoryDirectory: directory, env }: CommandContext): Promise<readonly Diagnostic[]> {
  const root = (await readCheckout(directory, env))?.topLevel ?? directory;
  return findPlaceholders([...(await readWorkflows(root)), ...(await readTextFiles(root, codeOwnersPaths))]);
}
