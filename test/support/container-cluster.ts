// A real PostgreSQL in a container: the same servers that people run, for the suite that proves all versions.
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from "@testcontainers/postgresql";
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getContainerRuntimeClient } from "testcontainers";
import type { Cluster, ClusterOptions } from "../../src/io/cluster.ts";

/** One for all servers of this process, as embedded ones have it too: a proxy may lead from one to another. */
const password = randomBytes(18).toString("hex");

/** Inside of a container the engine is named by its gateway, although it may publish its ports on the loopback, too, where no TLS is needed. */
function isOnThisMachine(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}

/** An image without a locale makes databases without an encoding (SQL_ASCII), which cannot hold the names that the tests make. */
async function encodeInUtf8(container: StartedPostgreSqlContainer): Promise<void> {
  const psql = async (database: string, ...commands: readonly string[]): Promise<string> => {
    const words = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1"];
    const { exitCode, output } = await container.exec([...words, ...commands.flatMap((sql) => ["-c", sql])], {
      env: { PGPASSWORD: password },
    });
    if (exitCode !== 0) throw new Error(`psql in the container: ${output}`);
    return output.trim();
  };
  if ((await psql("postgres", "SHOW server_encoding")) === "UTF8") return;
  const utf8 = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";
  await psql("postgres", "ALTER DATABASE template1 IS_TEMPLATE false", "DROP DATABASE template1", `CREATE DATABASE template1 ${utf8}`);
  await psql("template1", "DROP DATABASE postgres", `CREATE DATABASE postgres ${utf8}`);
  await psql(
    "postgres",
    "ALTER DATABASE template0 IS_TEMPLATE false",
    "DROP DATABASE template0",
    "CREATE DATABASE template0 TEMPLATE template1",
    "ALTER DATABASE template0 IS_TEMPLATE true ALLOW_CONNECTIONS false",
    "ALTER DATABASE template1 IS_TEMPLATE true",
    "REVOKE TEMPORARY ON DATABASE template0, template1 FROM PUBLIC",
  );
}

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
    // As embedded servers have it, whatever locale the image has; see encodeInUtf8 for one that takes no arguments.
    .withEnvironment({ POSTGRES_INITDB_ARGS: "--encoding=UTF8 --locale=C" })
    .withCommand(["postgres", ...Object.entries(options.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])])
    .withLogConsumer((stream) => stream.pipe(log, { end: false }))
    .start();
  await encodeInUtf8(container);
  const isRunning = async (): Promise<boolean> => {
    const runtime = await getContainerRuntimeClient();
    return (await runtime.container.inspect(runtime.container.getById(container.getId()))).State.Running;
  };
  const end = async (mode: "immediate" | "fast"): Promise<void> => {
    if (!(await isRunning())) return;
    await container.exec(["kill", mode === "fast" ? "-INT" : "-QUIT", "1"]);
    while (await isRunning()) await sleep(50);
  };
  const host = (await isOnThisMachine(container.getPort())) ? "127.0.0.1" : container.getHost();
  let stopping: Promise<void> = Promise.resolve();
  return {
    host,
    port: () => container.getPort(),
    password,
    logFile,
    dataDirectory: null,
    start: async () => {
      await stopping; // Clients see the end of a server before it has ended.
      await container.restart();
    },
    stop: async (mode) => {
      stopping = end(mode);
      await stopping;
    },
    dispose: async () => {
      await container.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
