import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    projects: [
      { extends: true, test: { name: "core", include: ["test/core/**/*.test.ts"], testTimeout: 60_000 } },
      {
        extends: true,
        // A server per file: more at once only wait for each other.
        test: { name: "postgres", include: ["test/postgres/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 },
      },
      {
        extends: true,
        test: {
          name: "github",
          include: ["test/github/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Stories wait for answers that are held back, and for tries that come later: while one waits, another works.
          maxWorkers: 3,
          // After the others: projects that run together have the same number of workers.
          sequence: { groupOrder: 1 },
          // GitHub's packages import JSON without the attribute that Node asks for.
          server: { deps: { inline: [/@actions\//u] } },
        },
      },
      { extends: true, test: { name: "cli", include: ["test/cli/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 } },
    ],
  },
});
