// Bundles the Action into dist/index.mjs, which is committed: GitHub runs a commit as it stands. With `--check` nothing is written, and
// a committed bundle that is not, byte for byte, what these sources make is an error. Run by `npm run build:action` and by CI.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundleOptions } from "./bundle-options.ts";
import { licenseTexts } from "./license-texts.ts";

const isCheck = process.argv.includes("--check");
const folder = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? "dist";

const { outputFiles, metafile } = await build({
  ...bundleOptions,
  entryPoints: ["src/action.ts"],
  outfile: join(folder, "index.mjs"),
  // Said once for all, in licenses.txt.
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
});

const files = new Map([
  ...outputFiles.map(({ path, text }) => [path, text] as const),
  [join(folder, "licenses.txt"), await licenseTexts(Object.keys(metafile.inputs))],
]);

for (const [path, text] of files) {
  if (!isCheck) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    process.stderr.write(`${path} is not what the sources make: npm run build:action, and commit it\n`);
    process.exitCode = 1;
  }
}
