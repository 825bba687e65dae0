// An access repository of a few files in a temporary folder, and what loading it reports.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { loadRepository, type Loaded } from "../../../src/load/load-repository.ts";
import { formatLocation, type Diagnostic } from "../../../src/model/diagnostic.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** An inventory without a mistake, for tests of other files. */
export const inventory = "name,type,host,port\nanalytics,PostgreSQL,192.168.18.54,5432\nmarketplace,PostgreSQL,192.168.18.54,5432\n";

/** Roles without a mistake, for tests of other files. */
export const roles = "resource_name,type,role,scopes,permissions,source_role\nanalytics,managed,ro,analytics,SELECT,\n";

export async function withRepository<T>(files: Files, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-load-"));
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), content);
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function load(files: Files): Promise<Loaded> {
  return withRepository(files, (directory) => loadRepository({ directory, repositoryName: "acme/access" }));
}

/** `code file:line:column`, with `~` before a warning and the other places behind `←`. */
export function summary({ severity, code, at, related }: Diagnostic): string {
  const place = at === undefined ? "" : ` ${formatLocation(at)}`;
  const others = related === undefined || related.length === 0 ? "" : ` ← ${related.map(formatLocation).join(" ")}`;
  return `${severity === "warning" ? "~" : ""}${code}${place}${others}`;
}

/** Loads the files on top of an inventory and roles without a mistake, and compares all diagnostics in their order. */
export async function check(files: Files, expected: readonly string[]): Promise<readonly Diagnostic[]> {
  const hasRoles = Object.keys(files).some((file) => file.startsWith("roles"));
  const hasInventory = Object.keys(files).some((file) => file.startsWith("inventory"));
  const { diagnostics } = await load({
    ...(!hasInventory && { "inventory.csv": inventory }),
    ...(!hasRoles && { "roles.csv": roles }),
    ...files,
  });
  expect(diagnostics.map(summary)).toEqual(expected);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.hint, diagnostic.code).toMatch(/\S/u);
    expect(diagnostic.message, diagnostic.code).not.toMatch(/\.$|\p{Cc}/u);
  }
  return diagnostics;
}
