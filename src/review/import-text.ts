// What an import would do to the files of the repository, for a terminal.
import { formatLocation, type SourceLocation } from "../model/diagnostic.ts";
import type { Line } from "../model/display.ts";
import { count } from "../model/count.ts";
import { renderTable, type Cell } from "./table.ts";

type Entry = { readonly key: string; readonly at: SourceLocation };

export type ImportView = {
  readonly added: readonly Entry[];
  readonly updated: readonly (Entry & {
    readonly changes: readonly { readonly column: string; readonly from: string; readonly to: string }[];
  })[];
  readonly unchanged: readonly Entry[];
  readonly removed: readonly Entry[];
};

/** @param input.removesMissing whether entries that the imported file does not name go, or stay. */
export function renderImport(input: {
  readonly preview: ImportView;
  readonly removesMissing: boolean;
  readonly width: number | null;
}): readonly Line[] {
  const { preview, removesMissing } = input;
  const row = (change: Cell, { key, at }: Entry, detail: string): readonly Cell[] => [change, key, detail, formatLocation(at)];
  const gone: Cell = removesMissing ? { text: "removed", style: "red" } : { text: "missing", style: "yellow" };
  const rows = [
    ...preview.added.map((entry) => row({ text: "new", style: "green" }, entry, "")),
    ...preview.updated.map((entry) =>
      row(
        { text: "updated", style: "yellow" },
        entry,
        entry.changes.map(({ column, from, to }) => `${column}: ${from || "(none)"} → ${to || "(none)"}`).join("; "),
      ),
    ),
    ...preview.removed.map((entry) => row(gone, entry, removesMissing ? "" : "not in the imported file, stays in the repository")),
  ];
  const columns = [{ header: "change" }, { header: "entry" }, { header: "what" }, { header: "where" }];
  const table = renderTable({ columns, rows, width: input.width });
  return [...table, ...(table.length === 0 ? [] : [""]), [{ text: summarizeImport(preview, removesMissing), style: "bold" }]];
}

/** `1 new, 2 updated, 3 unchanged, 0 removed`. */
export function summarizeImport(preview: ImportView, removesMissing: boolean): string {
  const { added, updated, unchanged, removed } = preview;
  const gone = `${removed.length} ${removesMissing ? "removed" : "missing and kept"}`;
  return `${count(added.length, "new entry", "new entries")}, ${updated.length} updated, ${unchanged.length} unchanged, ${gone}`;
}
