// The access repository of a run of the Action, with its diagnostics as data: they go to annotations and comments, too.
import { readGitFacts } from "../io/git.ts";
import { loadRepository, type Loaded } from "../load/load-repository.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { annotationCommands } from "../review/annotations.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { sessionFolder } from "../commands/session-folder.ts";
import { runFacts, type Workspace } from "../commands/workspace.ts";
import type { ActionContext } from "./context.ts";

export type LoadedWorkspace = { readonly workspace: Workspace; readonly diagnostics: readonly Diagnostic[]; readonly isUsable: boolean };

/** Loads the checkout; every problem is said in the log and as an annotation at its line. @param commit for the records of the run. */
export async function loadWorkspace(context: ActionContext, commit: string, pullRequest: number | null): Promise<LoadedWorkspace> {
  const git = await readGitFacts(context.repositoryDirectory, context.env);
  const { desired, diagnostics } = await loadFiles(context, context.repositoryDirectory);
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  for (const line of annotationCommands(diagnostics.map((diagnostic) => inCheckout(context, diagnostic)))) context.command(line);
  const workspace: Workspace = {
    directory: context.repositoryDirectory,
    desired,
    run: { ...runFacts(context, git), commit, pullRequest },
    sessions: sessionFolder(context, desired.settings),
  };
  return { workspace, diagnostics, isUsable: !hasErrors(diagnostics) };
}

/** The files of any folder that is a checkout of the access repository. */
export async function loadFiles(context: ActionContext, directory: string): Promise<Loaded> {
  return loadRepository({ directory, repositoryName: context.run.repository || null, now: context.now() });
}

/** GitHub wants paths from the root of the checkout. */
export function inCheckout({ inputs }: Pick<ActionContext, "inputs">, diagnostic: Diagnostic): Diagnostic {
  const folder = inputs.directory.replace(/^(?:\.\/)+|\/+$/gu, "");
  if (diagnostic.at === undefined || folder === "" || folder === ".") return diagnostic;
  return { ...diagnostic, at: { ...diagnostic.at, file: `${folder}/${diagnostic.at.file}` } };
}
