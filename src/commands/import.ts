// import: brings the rows of a CSV file into the repository's own files, or shows what that would change.
import { join, resolve } from "node:path";
import { writeAtomically } from "../io/files.ts";
import type { ListKind } from "../load/columns.ts";
import { discover, type FoundFile } from "../load/discover.ts";
import { previewImport, type ImportInput } from "../load/import-preview.ts";
import { loadRepository } from "../load/load-repository.ts";
import { largestFileBytes, readText } from "../load/read-text.ts";
import { newReport, type Report } from "../load/report.ts";
import { writeImport } from "../load/write-import.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { countDiagnostics, renderDiagnostics } from "../review/diagnostics-text.ts";
import { renderImport } from "../review/import-text.ts";
import type { CommandContext, ExitCode } from "./context.ts";

export type ImportOptions = {
  readonly kind: ListKind;
  /** The CSV file to import, relative to the working directory. */
  readonly path: string;
  readonly write: boolean;
  /** Also remove the entries of the repository that the file does not name. */
  readonly removeMissing: boolean;
};

type Prepared = { readonly input: ImportInput; readonly files: ReadonlyMap<string, string>; readonly diagnostics: readonly Diagnostic[] };

/** @returns 1 where the imported file or the repository's own has errors; nothing is written then. */
export async function runImport(context: CommandContext, options: ImportOptions): Promise<ExitCode> {
  const { input, files, diagnostics } = await prepare(context, options);
  if (hasErrors(diagnostics)) return refuse(context, diagnostics);
  const { preview, diagnostics: found } = previewImport(input);
  if (hasErrors(found)) return refuse(context, found);
  const written = options.write ? writeImport({ ...input, removeMissing: options.removeMissing }) : { files: [], diagnostics: [] };
  if (hasErrors(written.diagnostics)) return refuse(context, written.diagnostics);
  for (const { file, text } of written.files) {
    await writeAtomically({ path: files.get(file) ?? join(context.repositoryDirectory, file), text, mode: 0o644 });
  }
  const { output } = context;
  for (const line of context.quiet ? [] : renderDiagnostics(found)) output.error(line);
  if (context.json) output.json({ ...preview, written: written.files.map(({ file }) => file), diagnostics: found });
  else output.lines(renderImport({ preview, removesMissing: options.removeMissing, width: output.width }));
  for (const { file } of written.files) output.note(`wrote ${file}`);
  const isPending = preview.added.length + preview.updated.length + (options.removeMissing ? preview.removed.length : 0) > 0;
  if (!options.write && isPending) output.note("nothing was written; --write does it");
  return 0;
}

async function prepare(context: CommandContext, options: ImportOptions): Promise<Prepared> {
  const { kind, path } = options;
  const directory = context.repositoryDirectory;
  const report = newReport();
  const { desired, diagnostics } = await loadRepository({ directory });
  const found = (await discover(directory, newReport())).filter((file) => file.kind === kind);
  const current = await readCurrent(found, report);
  const text = await readText({ path: resolve(path), file: path, limit: largestFileBytes, report });
  return {
    input: { kind, current, incoming: { file: path, text: text ?? "" }, desired },
    files: new Map(found.map((file) => [file.file, file.path])),
    diagnostics: [...diagnostics.filter(isInTheWay), ...report.diagnostics()],
  };
}

async function readCurrent(found: readonly FoundFile[], report: Report): Promise<ImportInput["current"]> {
  const current: ImportInput["current"][number][] = [];
  for (const { file, format, path } of found) {
    const text = await readText({ path, file, limit: largestFileBytes, report });
    if (text !== null) current.push({ file, format, text });
  }
  return current;
}

/** An import may well be what mends the lists, so that only settings and the folder itself have to be right beforehand. */
function isInTheWay(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error" && (diagnostic.code === "no-repository" || diagnostic.at?.file === "rolewright.yaml");
}

function refuse(context: CommandContext, diagnostics: readonly Diagnostic[]): ExitCode {
  const { output } = context;
  for (const line of renderDiagnostics(diagnostics)) output.error(line);
  const message = `the import has ${countDiagnostics(diagnostics)}; nothing was written`;
  if (context.json) output.json({ error: { message, hint: null }, diagnostics });
  else output.error(message);
  return 1;
}
