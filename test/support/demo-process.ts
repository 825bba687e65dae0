// The demo as a process of its own, with its temporary files in a folder of its own, by which its servers are known.
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mainScript } from "./access-repository.ts";

export type Demo = {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Both streams. */
  readonly output: () => string;
  readonly ended: Promise<number | null>;
};

const folders: string[] = [];

export function removeDemoFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export function startDemo(): Demo {
  const folder = mkdtempSync(join(tmpdir(), "rolewright-watched-demo-"));
  folders.push(folder);
  chmodSync(folder, 0o1777); // As /tmp is: servers may run as another user, and remove their own files.
  // As a shell starts it: leader of a process group, to which a terminal sends Ctrl-C.
  const child = spawn(process.execPath, [mainScript, "demo"], {
    detached: true,
    env: { PATH: process.env["PATH"], TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, folder, output: () => output, ended };
}

/** Command lines of processes that work below a folder. */
export function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // It has ended meanwhile.
      }
    })
    .filter((line) => line.includes(folder));
}

/** All but the initialised data directory that every later server is copied from. */
export function leftIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !/^rolewright-template-2-[\d.]+-\w+$/u.test(name));
}

/** Process ids of the servers that run there. */
export function postmasters(folder: string): readonly number[] {
  return readdirSync(folder)
    .map((name) => join(folder, name, "data", "postmaster.pid"))
    .filter((path) => existsSync(path))
    .map((path) => Number(readFileSync(path, "utf8").split("\n")[0]));
}
