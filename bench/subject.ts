// The measured program: rolewright as it is installed, one bundle behind its bin script, in a folder of its own.
import { spawn } from "node:child_process";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatInventory, formatRoles, loginEnvironment } from "../test/support/access-repository.ts";
import type { BenchResource, Workload } from "./workload.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const memoryHook = fileURLToPath(new URL("peak-memory.mjs", import.meta.url));

/** Without src beside it the bin script takes the bundle, as it does once installed. @returns the path of the bin script. */
export function installBundle(folder: string): string {
  const bin = join(folder, "installed", "bin", "rolewright.mjs");
  mkdirSync(join(folder, "installed", "bin"), { recursive: true });
  execFileSync(process.execPath, [join(root, "scripts/build.ts"), join(folder, "installed", "build")], { cwd: root, stdio: "pipe" });
  copyFileSync(join(root, "bin/rolewright.mjs"), bin);
  return bin;
}

export type Measured = { readonly ms: number; readonly memory: number };

/** An access repository on disk, in Git. */
export type Subject = {
  /** Runs `plan` on an empty session log. @param ports other ports than the resources' own, to look at what is sent. */
  readonly plan: (ports?: ReadonlyMap<BenchResource, number>) => Promise<Measured>;
};

export function makeSubject(input: { readonly folder: string; readonly bin: string; readonly workload: Workload }): Subject {
  const { bin, workload } = input;
  const directory = join(input.folder, workload.name.replace(/[^a-z0-9]+/giu, "-"));
  const sessions = join(directory, "sessions");
  const memoryFile = join(input.folder, "memory");
  mkdirSync(directory, { recursive: true });
  const writeInventory = (ports?: ReadonlyMap<BenchResource, number>): void => {
    const resources = workload.resources.map((resource) => ({
      ...resource,
      server: { ...resource.server, port: ports?.get(resource) ?? resource.server.port },
    }));
    writeFileSync(join(directory, "inventory.csv"), formatInventory(resources));
  };
  writeInventory();
  writeFileSync(join(directory, "roles.csv"), formatRoles(workload.roles));
  writeFileSync(join(directory, "rolewright.yaml"), `repository: ${workload.repository}\n`);
  commit(directory);
  return {
    async plan(ports) {
      writeInventory(ports);
      rmSync(sessions, { recursive: true, force: true });
      const start = performance.now();
      await runPlan({ bin, directory, workload, memoryFile });
      return { ms: performance.now() - start, memory: Number(readFileSync(memoryFile, "utf8")) };
    },
  };
}

function commit(directory: string): void {
  const git = (...words: readonly string[]): void => {
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@localhost", ...words], { cwd: directory, stdio: "pipe" });
  };
  writeFileSync(join(directory, ".gitignore"), "sessions/\n");
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "The access repository");
}

/** 0: in sync, 2: changes pending; anything else than expected is no measurement. */
async function runPlan(input: {
  readonly bin: string;
  readonly directory: string;
  readonly workload: Workload;
  readonly memoryFile: string;
}): Promise<void> {
  const { bin, directory, workload, memoryFile } = input;
  const child = spawn(process.execPath, ["--import", memoryHook, bin, "-C", directory, "plan", "--detailed-exitcode"], {
    env: { PATH: process.env["PATH"], ROLEWRIGHT_BENCH_MEMORY: memoryFile, ...loginEnvironment(workload.resources) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== (workload.expected === "in-sync" ? 0 : 2)) {
    throw new Error(`${workload.name}: plan ended with ${code}, and it should be ${workload.expected}:\n${said.slice(0, 4000)}`);
  }
}
