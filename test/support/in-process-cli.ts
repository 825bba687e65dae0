// The command line within this process, where a test runs it often: the same program and commands, without the start of a process.
import path from "node:path";
import { createProgram } from "../../src/commands/program.ts";
import { createRedactor } from "../../src/credentials/redactor.ts";
import { textOf } from "../../src/model/display.ts";
import { messageOf } from "../../src/model/error-message.ts";
import type { Outcome } from "./access-repository.ts";
import { commandContext } from "./command-context.ts";

export async function runInProcess(directory: string, words: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const { add, redact } = createRedactor();
  let stdout = "";
  let stderr = "";
  let exitCode = 1;
  const program = createProgram({
    version: "test",
    writeOut: (text) => (stdout += text),
    writeError: (text) => (stderr += text),
    execute: async (options, run) => {
      const context = commandContext({
        repositoryDirectory: directory,
        env,
        output: {
          width: null,
          line: (line) => (stdout += `${redact(textOf(line))}\n`),
          lines: (lines) => (stdout += lines.map((line) => `${redact(textOf(line))}\n`).join("")),
          note: (line) => (stderr += `${redact(textOf(line))}\n`),
          error: (line) => (stderr += `${redact(textOf(line))}\n`),
          text: (text) => (stdout += text),
          json: (value) => (stdout += redact(JSON.stringify(value))),
          hasDocument: () => stdout !== "",
          progress: () => ({ set: () => {}, done: () => {}, end: () => {} }),
          flush: async () => {},
        },
        quiet: false,
        ...(options.sessions === undefined ? {} : { sessionsDirectory: path.resolve(options.sessions) }),
        addSecret: add,
        redact,
      });
      exitCode = await run(context);
    },
  });
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    stderr += `error: ${messageOf(error)}\n`;
  }
  return { exitCode, stdout, stderr };
}
