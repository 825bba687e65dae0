// Carries an import out on the texts of the files. Comments, order and everything that the import does not concern stay as they are.
import { isDeepStrictEqual } from "node:util";
import type { Diagnostic } from "../model/diagnostic.ts";
import { columnsOf, listKeys, minimalHeader, type Column } from "./columns.ts";
import { comparableText } from "./comparable-text.ts";
import { editCsv, type ListEdit } from "./edit-csv.ts";
import { editYaml } from "./edit-yaml.ts";
import { keyOf, matchImport, readItems, type ImportInput, type Matched } from "./import-preview.ts";
import { newReport } from "./report.ts";
import type { Item } from "./source.ts";

export type WrittenImport = {
  /** The files whose text changes, with their new text. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** With an error there are no files. */
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * New entries go to the end of the first file, or into a new CSV file where there is none.
 * @param input.removeMissing also removes the entries that the incoming file does not name.
 */
export function writeImport(input: ImportInput & { readonly removeMissing: boolean }): WrittenImport {
  const report = newReport();
  const matched = matchImport(input, report);
  if (report.hasErrors()) return { files: [], diagnostics: report.diagnostics() };
  const targets = input.current.length > 0 ? input.current : [newFile(input, matched)];
  const edited = targets.map((file, index) => {
    const edit = editFor({ file: file.file, isFirst: index === 0, matched, removeMissing: input.removeMissing });
    return { ...file, text: editText({ ...file, kind: input.kind, edit }), before: file.text };
  });
  if (!isAsMeant({ ...input, current: edited }, expectedEntries(input, matched))) {
    return { files: [], diagnostics: [...report.diagnostics(), cannotRewrite] };
  }
  const changed = edited.filter((file) => file.text !== file.before || input.current.length === 0);
  return { files: changed.map(({ file, text }) => ({ file, text })), diagnostics: report.diagnostics() };
}

function newFile({ kind }: ImportInput, matched: Matched): ImportInput["current"][number] {
  const minimal = minimalHeader[kind].split(",");
  const used = columnsOf[kind].filter(
    (column) => !minimal.includes(column.name) && matched.added.some((item) => item.values.has(column.key)),
  );
  return { file: `${kind}.csv`, format: "csv", text: `${[...minimal, ...used.map((column) => column.name)].join(",")}\n` };
}

function editFor(input: {
  readonly file: string;
  readonly isFirst: boolean;
  readonly matched: Matched;
  readonly removeMissing: boolean;
}): ListEdit {
  const { file, isFirst, matched, removeMissing } = input;
  return {
    updated: matched.updated
      .filter(({ current }) => current.source.file === file)
      .map(({ current, incoming, columns }) => ({
        path: current.path,
        values: new Map(columns.map((column) => [column.key, incoming.values.get(column.key)])),
      })),
    removed: removeMissing ? matched.removed.filter((item) => item.source.file === file).map((item) => item.path) : [],
    added: isFirst ? matched.added.map((item) => item.values) : [],
  };
}

function editText(input: ImportInput["current"][number] & Pick<ImportInput, "kind"> & { readonly edit: ListEdit }): string {
  const { edit } = input;
  if (edit.added.length + edit.updated.length + edit.removed.length === 0) return input.text;
  return input.format === "csv" ? editCsv(input) : editYaml({ ...input, listKey: listKeys[input.kind][0] });
}

const cannotRewrite: Diagnostic = {
  severity: "error",
  code: "cannot-rewrite",
  message: "the import cannot be written into the files without changing other entries, too",
  hint: "remove anchors and aliases from the YAML files, or make these changes by hand",
};

/** Every entry by its key, column by column. */
type Entries = ReadonlyMap<string, Readonly<Record<string, string>>>;

function expectedEntries(input: ImportInput & { readonly removeMissing: boolean }, { added, updated, removed }: Matched): Entries {
  const entries = new Map(readEntries(input));
  for (const { current, incoming, columns } of updated) {
    const key = keyOf(input.kind, current);
    entries.set(key, { ...entries.get(key), ...describeEntry(columns, incoming) });
  }
  if (input.removeMissing) for (const item of removed) entries.delete(keyOf(input.kind, item));
  for (const item of added) entries.set(keyOf(input.kind, item), describeEntry(columnsOf[input.kind], item));
  return entries;
}

/** Reads the result as any load would. */
function isAsMeant(input: ImportInput, expected: Entries): boolean {
  return isDeepStrictEqual(readEntries(input), expected);
}

function readEntries({ kind, current }: ImportInput): Entries {
  const items = current.flatMap((file) => readItems(file, kind, newReport()));
  return new Map(items.map((item) => [keyOf(kind, item), describeEntry(columnsOf[kind], item)]));
}

function describeEntry(columns: readonly Column[], item: Item): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((column) => [column.key, comparableText(column, item.values)]));
}
