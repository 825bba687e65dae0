// What `init` has written, and what it has left alone.
import type { Line } from "../model/display.ts";
import { renderTable, type Cell } from "./table.ts";

export type InitResult =
  | { readonly path: string; readonly result: "written" | "rewritten" | "unchanged" }
  /** `isOurs`: init wrote it once, and `--force` would again. */
  | { readonly path: string; readonly result: "kept"; readonly isOurs: boolean };

const styles = { written: "green", rewritten: "green", unchanged: "dim", kept: "yellow" } as const;

export function renderInit({ root, results }: { readonly root: string; readonly results: readonly InitResult[] }): readonly Line[] {
  const rows = results.map((entry): readonly Cell[] => [{ text: entry.result, style: styles[entry.result] }, entry.path, remark(entry)]);
  return [`in ${root}:`, ...renderTable({ columns: [{ header: "" }, { header: "file" }, { header: "" }], rows, width: null })];
}

function remark(entry: InitResult): string {
  if (entry.result !== "kept") return "";
  return entry.isOurs ? "it is there and differs; --force writes it again" : "it is there, and stays";
}
