// Bundles the command line into dist/rolewright.mjs: one file to read at start instead of hundreds. Run by `npm run build`;
// benchmarks name another folder than dist.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const folder = process.argv[2] ?? "dist";

// Chunks carry a hash in their names, so that old ones would stay behind.
await rm(folder, { recursive: true, force: true });

await build({
  entryPoints: ["src/main.ts"],
  outdir: folder,
  entryNames: "rolewright",
  chunkNames: "chunks/[name]-[hash]",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  // Every `import()` stays one, so that `--version` reads a small entry and a command only what it needs.
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minify: false,
  sourcemap: false,
  // pg loads its native binding only where somebody asks for it.
  external: ["pg-native"],
  // CommonJS dependencies call `require` for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  legalComments: "eof",
  logLevel: "info",
});
