// The real command line as a child process.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compileCache } from "../support/compile-cache.ts";

export type Outcome = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

const nobody = 65_534;

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** @param options.env is the whole environment of the child, besides PATH. */
export async function runCli(
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly closeStdout?: boolean;
    /** As a user who may not read and write everything, where the tests run as root. */
    readonly unprivileged?: boolean;
  } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"], ...compileCache, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.unprivileged === true && process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  if (options.closeStdout === true) child.stdout.destroy();
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { exitCode, stdout, stderr };
}
