import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/rolewright.mjs", import.meta.url));
const manifest: { readonly version: string } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("the installed command runs, from the bundle or from the sources, and hands the exit code on", async () => {
  const run = promisify(execFile);
  expect((await run(process.execPath, [bin, "--version"])).stdout).toBe(`${manifest.version}\n`);
  await expect(run(process.execPath, [bin, "vlidate"])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Did you mean validate?"),
  });
});
