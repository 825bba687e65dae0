// validate: reads the files and says what is wrong with them; asks no server.
import { loadRepository } from "../load/load-repository.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { count } from "../model/count.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { unnamedRepository } from "./load-desired.ts";

/** @returns 1 where there are errors; warnings alone leave the repository valid. */
export async function runValidate(context: CommandContext): Promise<ExitCode> {
  const { desired, diagnostics } = await loadRepository({
    directory: context.repositoryDirectory,
    repositoryName: unnamedRepository,
  });
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
