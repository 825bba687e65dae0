// How both bundles are made, the command line's and the Action's.
import type { BuildOptions } from "esbuild";

export const bundleOptions = {
  bundle: true,
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
} as const satisfies BuildOptions;
