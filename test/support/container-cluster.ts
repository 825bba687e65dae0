// A real PostgreSQL in a container: the same servers that people run, for the suite that proves all versions.
import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getContainerRuntimeClient } from "testcontainers";
import type { Cluster, ClusterOptions } from "../../src/io/cluster.ts";

/** One for all servers of this process, as embedded ones have it too: a proxy may lead from one to another. */
const password = randomBytes(18).toString("hex");

export async function startContainerCluster(options: ClusterOptions): Promise<Cluster> {
  if (Object.keys(options.files).length > 0 || options.hba.length > 0) {
    throw new Error("a server in a container takes no files and no pg_hba.conf lines: skip this test with `suppliesContainers`");
  }
  const directory = mkdtempSync(join(tmpdir(), "rolewright-container-"));
  const logFile = join(directory, "server.log");
  const log = createWriteStream(logFile);
  const container = await new PostgreSqlContainer(`postgres:${options.version}-alpine`)
    .withUsername("postgres")
    .withDatabase("postgres")
    .withPassword(password)
    .withCommand(["postgres", ...Object.entries(options.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])])
    .withLogConsumer((stream) => stream.pipe(log, { end: false }))
    .start();
  return {
    host: container.getHost() === "localhost" ? "127.0.0.1" : container.getHost(),
    port: () => container.getPort(),
    password,
    logFile,
    dataDirectory: null,
    start: () => container.restart(),
    stop: async (mode) => {
      await container.exec(["kill", mode === "fast" ? "-INT" : "-QUIT", "1"]);
      const runtime = await getContainerRuntimeClient();
      const stopping = runtime.container.getById(container.getId());
      while ((await runtime.container.inspect(stopping)).State.Running) await sleep(50);
    },
    dispose: async () => {
      await container.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
