// Bundles the command line into build/rolewright.mjs: one file to read at start instead of hundreds. Run by `npm run build`;
// benchmarks name another folder.
import { rm } from "node:fs/promises";
import { build } from "esbuild";
import { bundleOptions } from "./bundle-options.ts";

const folder = process.argv[2] ?? "build";

// Chunks carry a hash in their names, so that old ones would stay behind.
await rm(folder, { recursive: true, force: true });

await build({
  ...bundleOptions,
  entryPoints: ["src/main.ts"],
  outdir: folder,
  entryNames: "rolewright",
  chunkNames: "chunks/[name]-[hash]",
  outExtension: { ".js": ".mjs" },
  // Every `import()` stays one, so that `--version` reads a small entry and a command only what it needs.
  splitting: true,
  logLevel: "info",
});
