// What importing a CSV file would do to the inventory or the roles: new, updated, unchanged and removed entries. Changes no file.
import type { Desired } from "../model/desired.ts";
import type { Diagnostic, SourceLocation } from "../model/diagnostic.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import { columnsOf, listKeys, type Column, type ListKind } from "./columns.ts";
import { comparableText } from "./comparable-text.ts";
import { originOf } from "./place-of.ts";
import { readSource, type TextFile } from "./read-source.ts";
import { newReport, type Report } from "./report.ts";
import { resolveResources } from "./resolve-resources.ts";
import { resolveRoles } from "./resolve-roles.ts";
import { itemsOf, textOf, type Item } from "./source.ts";

export type ImportInput = {
  readonly kind: ListKind;
  /** The repository's files of this kind, in the order of the load. */
  readonly current: readonly Pick<TextFile, "file" | "format" | "text">[];
  readonly incoming: { readonly file: string; readonly text: string };
  /** The repository as it stands: prefix and inventory, which imported roles must fit. */
  readonly desired: Desired;
};

/** `name` of a resource, or `resource/label` of a role spec, and where it stands. */
export type ImportEntry = { readonly key: string; readonly at: SourceLocation };

/** One column that gets another value; "" for nothing. */
export type ColumnChange = { readonly column: string; readonly from: string; readonly to: string };

export type ImportPreview = {
  /** Placed in the incoming file; the other three in the repository. */
  readonly added: readonly ImportEntry[];
  readonly updated: readonly (ImportEntry & { readonly changes: readonly ColumnChange[] })[];
  readonly unchanged: readonly ImportEntry[];
  /** In the repository, but not in the incoming file. */
  readonly removed: readonly ImportEntry[];
};

/** The entries behind a preview, for writing it. */
export type Matched = {
  readonly added: readonly Item[];
  readonly updated: readonly { readonly current: Item; readonly incoming: Item; readonly columns: readonly Column[] }[];
  readonly removed: readonly Item[];
};

/**
 * Compares the entries of a CSV file with those of the repository. Only columns that the CSV file has are compared: others are kept.
 * @returns the preview, and every problem of the incoming file and of the current ones; with an error nothing may be written.
 */
export function previewImport(input: ImportInput): { readonly preview: ImportPreview; readonly diagnostics: readonly Diagnostic[] } {
  const report = newReport();
  const matched = matchImport(input, report);
  const entry = (item: Item): ImportEntry => ({ key: keyOf(input.kind, item), at: originOf(item) });
  const updated = matched.updated.map(({ current, incoming, columns }) => ({
    ...entry(current),
    changes: columns.map((column) => ({
      column: column.name,
      from: comparableText(column, current.values),
      to: comparableText(column, incoming.values),
    })),
  }));
  const preview = {
    added: matched.added.map(entry),
    updated,
    unchanged: matched.unchanged.map(entry),
    removed: matched.removed.map(entry),
  };
  return { preview, diagnostics: report.diagnostics() };
}

/** Finds for each incoming entry the current one; problems are reported. */
export function matchImport(input: ImportInput, report: Report): Matched & { readonly unchanged: readonly Item[] } {
  const { kind } = input;
  const incoming = readItems({ ...input.incoming, format: "csv" }, kind, report);
  checkIncoming(incoming, input, report);
  const current = new Map(input.current.flatMap((file) => readItems(file, kind, report)).map((item) => [keyOf(kind, item), item]));
  const columns = namedColumns(incoming[0], kind);
  const matched: { added: Item[]; updated: Matched["updated"][number][]; unchanged: Item[] } = { added: [], updated: [], unchanged: [] };
  const named = new Set<string>();
  for (const item of incoming) {
    const key = keyOf(kind, item);
    named.add(key);
    const existing = current.get(key);
    if (existing === undefined) {
      matched.added.push(item);
      continue;
    }
    const different = columns.filter((column) => comparableText(column, existing.values) !== comparableText(column, item.values));
    if (different.length === 0) matched.unchanged.push(existing);
    else matched.updated.push({ current: existing, incoming: item, columns: different });
  }
  return { ...matched, removed: [...current].filter(([key]) => !named.has(key)).map(([, item]) => item) };
}

/** The entries of one file; problems are reported. */
export function readItems(file: ImportInput["current"][number], kind: ListKind, report: Report): readonly Item[] {
  const source = readSource({ ...file, kind }, report);
  return source === null ? [] : listKeys[kind].flatMap((key) => itemsOf(source, key));
}

/** The rules of a whole load, duplicates in the file included. */
function checkIncoming(items: readonly Item[], { kind, desired }: ImportInput, report: Report): void {
  if (kind === "inventory") resolveResources(items, report);
  else {
    const resourceNames = new Set(desired.resources.map((resource) => resource.name));
    resolveRoles(items, { prefix: desired.settings.prefix, resourceNames }, report);
  }
}

/** The columns of the incoming file: the source knows which of all are missing. */
function namedColumns(item: Item | undefined, kind: ListKind): readonly Column[] {
  return columnsOf[kind].filter((column) => item?.source.missingKeys?.has(column.key) !== true);
}

/** `name` of a resource, `resource/label` of a role spec. */
export function keyOf(kind: ListKind, { values }: Item): string {
  if (kind === "inventory") return textOf(values, "name") ?? "";
  return roleSpecKey({ resource: textOf(values, "resource_name") ?? "", label: textOf(values, "role") ?? "" });
}
