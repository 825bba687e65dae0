// The benchmarks: `npm run bench`, or `npm run bench -- tables-10000` for some of them. See README.md beside this file.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Bench } from "./measure.ts";
import { startBenchServer } from "./server.ts";
import { installBundle } from "./subject.ts";
import { benchDatabases } from "./suites/databases.ts";
import { benchFleet } from "./suites/fleet.ts";
import type { Aim } from "./suites/outcome.ts";
import { benchStart } from "./suites/start.ts";
import { benchTables } from "./suites/tables.ts";
import { formatAims, formatRows, formatStart } from "./table.ts";

type Report = { readonly text: string; readonly aims: readonly Aim[] };

const rowsOf = async (
  outcome: Promise<{ readonly rows: Parameters<typeof formatRows>[0]; readonly aims: readonly Aim[] }>,
): Promise<Report> => {
  const { rows, aims } = await outcome;
  return { text: formatRows(rows), aims };
};

const cases: Readonly<Record<string, (bench: Bench) => Promise<Report>>> = {
  start: async (bench) => {
    const { rows, aims } = benchStart(bench);
    return { text: formatStart(rows), aims };
  },
  "tables-10000": (bench) => rowsOf(benchTables(bench, 10_000)),
  databases: (bench) => rowsOf(benchDatabases(bench)),
  fleet: (bench) => rowsOf(benchFleet(bench)),
  "tables-100000": (bench) => rowsOf(benchTables(bench, 100_000)),
};

const startedAt = performance.now();
const say = (text: string): void => console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`);

async function run(names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rolewright-bench-"));
  try {
    const bench: Bench = { folder, bin: installBundle(folder), say };
    console.log(await machine());
    const aims: Aim[] = [];
    for (const name of names) {
      const report = await cases[name]?.(bench);
      if (!report) continue;
      console.log(`\n${report.text}`);
      aims.push(...report.aims);
    }
    console.log(`\n${formatAims(aims)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function machine(): Promise<string> {
  await using server = await startBenchServer("16MB");
  const [row] = await server.run("postgres", "SELECT current_setting('server_version') AS version");
  const memory = `${Math.round(totalmem() / 1_073_741_824)} GB`;
  const psql = execFileSync("psql", ["--version"], { encoding: "utf8" }).trim();
  const { model = "unknown processor" } = cpus()[0] ?? {};
  return [
    `${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${model}), ${memory}, ${process.platform}, load average ${(loadavg()[0] ?? 0).toFixed(1)} before it began`,
    `Node ${process.version}, PostgreSQL ${String(row?.["version"])}, ${psql}`,
  ].join("\n");
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in cases));
if (unknown.length > 0) {
  console.error(`there is no case ${unknown.join(", ")}; there are: ${Object.keys(cases).join(", ")}`);
  process.exitCode = 1;
} else {
  await run(asked.length > 0 ? asked : Object.keys(cases));
}
