// Goldens: files that a person has read once and that code has to reproduce since. They are written only when asked for, and never on CI.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Scenario } from "./scenario.ts";

/** `UPDATE_GOLDENS=1` writes what differs, for `git diff` to show. */
const updates = process.env["UPDATE_GOLDENS"] === "1" && process.env["CI"] === undefined;

/** Fails where the golden is missing, too. @returns the text that the golden has from now on. */
export function expectGolden(scenario: Scenario, name: string, actual: string): string {
  const path = join(scenario.directory, name);
  if (updates) writeFileSync(path, actual);
  expect(actual, `${scenario.name}/${name}; UPDATE_GOLDENS=1 writes it from a real server`).toBe(readGolden(scenario, name));
  return actual;
}

export function readGolden(scenario: Scenario, name: string): string | null {
  const path = join(scenario.directory, name);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** The golden of a version: `plan.15.sql` stands for 15 and what is older, up to the next such file; `plan.sql` for the rest. */
export function expectVersionGolden(
  scenario: Scenario,
  input: { readonly major: number; readonly newest: number; readonly actual: string },
): void {
  const { major, newest, actual } = input;
  expect(readGolden(scenario, "plan.sql"), `${scenario.name}/plan.sql is of PostgreSQL ${newest} and has to be there first`).not.toBeNull();
  const own = `plan.${major}.sql`;
  const inherited = nameFor(scenario, major + 1, newest);
  if (updates) {
    const isNeeded = readGolden(scenario, inherited) !== actual;
    if (isNeeded) writeFileSync(join(scenario.directory, own), actual);
    else rmSync(join(scenario.directory, own), { force: true });
  }
  const name = nameFor(scenario, major, newest);
  expect(actual, `${scenario.name}/${name} on PostgreSQL ${major}`).toBe(readGolden(scenario, name));
}

function nameFor(scenario: Scenario, major: number, newest: number): string {
  for (let version = major; version < newest; version += 1) {
    if (existsSync(join(scenario.directory, `plan.${version}.sql`))) return `plan.${version}.sql`;
  }
  return "plan.sql";
}
