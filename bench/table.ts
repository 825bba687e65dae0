// The results as Markdown, for the terminal and for README.md alike.
import type { Aim } from "./suites/outcome.ts";
import type { StartRow } from "./suites/start.ts";
import type { Row } from "./workload.ts";

export function formatRows(rows: readonly Row[]): string {
  const head = [
    "case",
    "plan",
    "peak memory",
    "connections",
    "queries",
    "floor (psql)",
    "plan / floor",
    "hub's way, extrapolated",
    "hub / plan",
  ];
  return table(
    head,
    rows.map((row) => [
      row.name,
      seconds(row.ours),
      `${Math.round(row.memory / 1_048_576)} MB`,
      String(row.connections),
      String(row.queries),
      seconds(row.floor),
      `${row.overFloor.toFixed(2)} ×`,
      `${seconds(row.hub)} (${row.hubProcesses.toLocaleString("en")} processes, from ${row.hubSample})`,
      `${(row.hub / row.ours).toFixed(row.hub / row.ours < 10 ? 1 : 0)} ×`,
    ]),
  );
}

export function formatStart(rows: readonly StartRow[]): string {
  return table(
    ["start", "time", "× empty"],
    rows.map(({ name, ms, overEmpty }) => [name, `${Math.round(ms)} ms`, `${overEmpty.toFixed(2)} ×`]),
  );
}

export function formatAims(aims: readonly Aim[]): string {
  return table(
    ["", "aim", "measured"],
    aims.map(({ text, measured, passed }) => [passed ? "PASS" : "MISS", text, measured]),
  );
}

function seconds(ms: number): string {
  return ms < 100_000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms / 1000).toLocaleString("en")} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
