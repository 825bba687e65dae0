// Reads the access repository for a command that works from it.
import type { Desired } from "../model/desired.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { loadRepository } from "../load/load-repository.ts";
import { countDiagnostics, renderDiagnostics } from "../review/diagnostics-text.ts";
import { repositoryHint, repositoryProblem } from "../load/discover.ts";
import { UsageError, type CommandContext } from "./context.ts";

/** @throws UsageError where the access repository is no folder that can be read. */
export async function requireRepository(directory: string): Promise<void> {
  const problem = await repositoryProblem(directory);
  if (problem !== null) throw new UsageError(problem, repositoryHint);
}

/**
 * Prints every problem to stderr; warnings, too, unless with --quiet.
 * @param repositoryName what Git calls the repository, for settings that name none; left out where no marker is compared.
 * @returns `null` where there are errors: they have been said, with --json as the document, and the command ends with 1.
 */
export async function loadDesired(context: CommandContext, repositoryName?: string | null): Promise<Desired | null> {
  const { desired, diagnostics } = await loadRepository({
    directory: context.repositoryDirectory,
    now: context.now(),
    ...(repositoryName === undefined ? {} : { repositoryName }),
  });
  const failed = hasErrors(diagnostics);
  if (failed || !context.quiet) for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  if (!failed) return desired;
  const message = `the access repository has ${countDiagnostics(diagnostics)}; nothing was planned or changed`;
  if (context.json) context.output.json({ error: { message, hint: null }, diagnostics });
  return null;
}
