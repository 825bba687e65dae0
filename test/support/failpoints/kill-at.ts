// Preloaded into a real command line (`node --import`): counts every step that the process takes towards the outside, which is what it
// writes to sockets and does to files, and kills it with SIGKILL at the step that KILL_AT names. Every step is told in KILL_TRACE.
import { appendFileSync } from "node:fs";
import fs from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";

const killAt = Number(process.env["KILL_AT"] ?? 0);
/** `before`: the step is never taken. `after`: it is, and nobody hears what came of it. */
const moment = process.env["KILL_MOMENT"] ?? "before";
const trace = process.env["KILL_TRACE"] ?? "";
let steps = 0;

function reach(name: string): () => void {
  steps += 1;
  const number = steps;
  if (trace !== "") appendFileSync(trace, `${number} ${name}\n`);
  if (number === killAt && moment === "before") process.kill(process.pid, "SIGKILL");
  return () => {
    if (number === killAt) process.kill(process.pid, "SIGKILL");
  };
}

// What a query sends, in one line, without the bytes of the protocol.
function describe(chunk: unknown): string {
  const text = Buffer.isBuffer(chunk) ? chunk.toString("latin1") : String(chunk);
  return text
    .replace(/[^\x20-\x7e]+/gu, " ")
    .replace(/SCRAM-SHA-256\S*/gu, "VERIFIER")
    .trim()
    .slice(0, 90);
}

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const write = Socket.prototype.write;
Socket.prototype.write = function patched(this: Socket, ...parameters: unknown[]): boolean {
  const isOurs = (this as { readonly remotePort?: number }).remotePort !== undefined;
  const done = isOurs ? reach(`send ${describe(parameters[0])}`) : () => {};
  const result = Reflect.apply(write, this, parameters) as boolean;
  done();
  return result;
};

const mutators = ["rename", "link", "unlink", "mkdir", "chmod", "rm", "writeFile", "appendFile"] as const;
for (const name of mutators) {
  const original = fs[name] as (...parameters: unknown[]) => Promise<unknown>;
  Object.assign(fs, {
    [name]: async (...parameters: unknown[]) => {
      const done = reach(
        `${name} ${parameters
          .filter((part) => typeof part === "string")
          .map(shorten)
          .join(" ")}`,
      );
      const result = await original(...parameters);
      done();
      return result;
    },
  });
}

const open = fs.open;
Object.assign(fs, {
  open: async (path: string, flags?: string | number, mode?: number) => {
    const isWrite = typeof flags === "string" ? flags !== "r" : ((flags ?? 0) & 0o103) !== 0;
    const done = isWrite ? reach(`open ${shorten(path)}`) : () => {};
    const handle = await open(path, flags, mode);
    done();
    if (!isWrite) return handle;
    const writeFile = handle.writeFile.bind(handle);
    handle.writeFile = async (...parameters: Parameters<typeof writeFile>) => {
      const finished = reach(`write ${shorten(path)}`);
      await writeFile(...parameters);
      finished();
    };
    return handle;
  },
});
Object.assign(createRequire(import.meta.url)("node:fs").promises, fs);
syncBuiltinESMExports();

function shorten(path: string): string {
  return path.split("/").slice(-3).join("/");
}
