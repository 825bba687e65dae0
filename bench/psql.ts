// One psql process, and a number of them at a time.
import { spawn } from "node:child_process";
import type { BenchResource } from "./workload.ts";

export type PsqlRun = {
  readonly resource: BenchResource;
  readonly database: string;
  readonly script: string;
  /** As PGOPTIONS takes them. */
  readonly options: string;
};

/** Connects, runs a script, throws its rows away. @throws Error with what psql said. */
export function runPsql({ resource, database, script, options }: PsqlRun): Promise<void> {
  const env = {
    PATH: process.env["PATH"],
    PGCLIENTENCODING: "UTF8",
    PGHOST: "127.0.0.1",
    PGPORT: String(resource.server.port),
    PGUSER: resource.server.user,
    PGPASSWORD: resource.server.password,
    PGDATABASE: database,
    PGOPTIONS: options,
    PGSSLMODE: "disable",
  };
  const flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"];
  const child = spawn("psql", flags, { env, stdio: ["pipe", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => {}); // psql may stop reading at the first error
  child.stdin.end(script);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error("psql cannot be run: install the PostgreSQL client", { cause })));
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`psql on ${database} ended with ${code}: ${stderr}`))));
  });
}

/** Runs the jobs in order, at most `width` at a time. */
export async function inParallel<Job>(jobs: readonly Job[], width: number, run: (job: Job) => Promise<void>): Promise<void> {
  const queue = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of queue) await run(job);
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker));
}
