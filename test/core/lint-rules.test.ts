import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Lints sources in a folder of their own, by our configuration: a glob in it that matches nothing would silence its rules without a word. */
async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rolewright-lint-"));
  try {
    await cp(join(root, ".config/oxlint.json"), join(folder, ".config/oxlint.json"), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await new Promise((resolve) => {
      const oxlint = join(root, "node_modules/.bin/oxlint");
      execFile(oxlint, ["-c", ".config/oxlint.json", "-f", "unix", "."], { cwd: folder }, (_error, stdout) => resolve(stdout));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the linter's rules for single directories are in force", async () => {
  const report = await lint({
    "src/diff/reads.ts": 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
    "src/review/connects.ts": 'import { connect } from "../io/postgres.ts";\nexport const open = connect;\n',
    "src/plan/hashes.ts": 'import { createHash } from "node:crypto";\nexport const hash = createHash;\n',
    "src/apply/connects.ts": 'import { Client } from "pg";\nexport const client = Client;\n',
    "src/commands/ends.ts": "export const end = (): never => process.exit(1);\n",
    "src/main.ts": "export const end = (): never => process.exit(1);\n",
  });
  const places = [...report.matchAll(/^(\S+?):\d+:\d+: .*\/\S*?\(([\w-]+)\)\]$/gmu)].map((match) => `${match[1] ?? ""} ${match[2] ?? ""}`);
  expect(places.toSorted()).toEqual([
    "src/apply/connects.ts no-restricted-imports",
    "src/commands/ends.ts no-process-exit",
    "src/diff/reads.ts no-restricted-imports",
    "src/review/connects.ts no-restricted-imports",
  ]);
});
