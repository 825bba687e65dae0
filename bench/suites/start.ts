// How long it takes to start: `--version`, which scripts ask for on every run, against a Node script with nothing in it.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type Bench } from "../measure.ts";
import type { Aim } from "./outcome.ts";

export type StartRow = { readonly name: string; readonly ms: number; readonly overEmpty: number };

const rounds = 15;

export function benchStart(bench: Bench): { readonly rows: readonly StartRow[]; readonly aims: readonly Aim[] } {
  bench.say("measuring the start");
  const empty = join(bench.folder, "empty.mjs");
  writeFileSync(empty, "");
  const source = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const contenders = [
    { name: "empty Node script", words: [empty] },
    { name: "--version, installed (bin and bundle)", words: [bench.bin, "--version"] },
    { name: "--version, from src", words: [source, "--version"] },
    { name: "--help, installed", words: [bench.bin, "--help"] },
  ];
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { words }] of contenders.entries()) times[index]?.push(timeOf(words));
  }
  const empties = times[0] ?? [];
  const rows = contenders.map(({ name }, index): StartRow => {
    const own = times[index] ?? [];
    return { name, ms: median(own), overEmpty: median(own.map((ms, round) => ms / (empties[round] ?? Number.NaN))) };
  });
  const aims = rows
    .filter(({ name }) => name.startsWith("--version, installed"))
    .map((row) => ({
      text: `${row.name}: at most 3 × an empty Node script`,
      measured: `${row.overEmpty.toFixed(2)} ×`,
      passed: row.overEmpty <= 3,
    }));
  return { rows, aims };
}

function timeOf(words: readonly string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, words, { stdio: "ignore", env: { PATH: process.env["PATH"] } });
  return performance.now() - start;
}
