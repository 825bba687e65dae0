// The context of a command that a test runs by itself: without a terminal, a name or a secret to mask, on the machine's own clock and chance.
import { randomBytes, randomUUID } from "node:crypto";
import type { CommandContext } from "../../src/commands/context.ts";
import type { Output } from "../../src/io/terminal.ts";

/** @param own what the test is about; the rest is what most have. */
export function commandContext(
  own: Pick<CommandContext, "repositoryDirectory" | "env" | "output"> & Partial<CommandContext>,
): CommandContext {
  return {
    signal: new AbortController().signal,
    now: () => new Date(),
    randomUuid: () => randomUUID(),
    randomBytes: (size) => randomBytes(size),
    json: false,
    quiet: true,
    toolVersion: "test",
    invocation: ["rolewright"],
    addSecret: () => {},
    redact: (text) => text,
    ...own,
  };
}

/** An output whose every word goes to one function. */
export function outputTo(say: () => void): Output {
  return {
    width: null,
    line: say,
    lines: say,
    note: say,
    error: say,
    json: say,
    hasDocument: () => false,
    text: say,
    progress: () => ({ set: say, done: say, end: say }),
    flush: () => Promise.resolve(),
  };
}
