// What the definitions of commands share: how one is started with the global options, and how help texts give examples.
import { InvalidArgumentError, type Command } from "commander";
import type { CommandContext, ExitCode } from "./context.ts";

export type GlobalOptions = {
  readonly repo: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly sessions?: string;
  readonly concurrency?: number;
  readonly debug?: boolean;
};

export type RunCommand = (context: CommandContext) => Promise<ExitCode>;

/** Starts a command with the global options, wherever on the line they stood. */
export type Start = (command: Command, run: RunCommand) => Promise<void>;

/** The examples of a help text, for `addHelpText("after", …)`. */
export function examples(commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  ${command}`).join("\n")}`;
}

export function positiveInteger(text: string): number {
  const number = Number(text);
  if (!/^\d+$/u.test(text) || number < 1 || number > 1000) throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
  return number;
}
