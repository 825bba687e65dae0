import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    // Many wait for locks, for answers that are held back and for tries that come later: on two cores, while one waits, another works.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: "core", include: ["test/core/**/*.test.ts"], testTimeout: 60_000 } },
      {
        extends: true,
        test: { name: "postgres", include: ["test/postgres/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "github",
          include: ["test/github/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // GitHub's packages import JSON without the attribute that Node asks for.
          server: { deps: { inline: [/@actions\//u] } },
        },
      },
      { extends: true, test: { name: "cli", include: ["test/cli/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
