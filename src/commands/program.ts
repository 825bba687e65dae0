// The command line: global options, help, and every command's arguments. The commands themselves are loaded when they run.
import { Command } from "commander";
import { examples, positiveInteger, type GlobalOptions, type RunCommand, type Start } from "./frame.ts";
import { addDemo } from "./program-demo.ts";
import { addSetUpCommands } from "./program-init.ts";
import { addPlanCommands } from "./program-plan.ts";
import { addRepositoryCommands } from "./program-repository.ts";
import { addSessionCommands } from "./program-sessions.ts";

export type Host = {
  readonly version: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly execute: (options: GlobalOptions, run: RunCommand) => Promise<void>;
};

const exitCodes = `
Exit codes:
  0 done, 1 error, 2 changes pending (plan --detailed-exitcode, drift), 3 refused as stale, 130 interrupted`;

/** @returns the program; it throws CommanderError instead of ending the process. */
export function createProgram(host: Host): Command {
  const program = new Command("rolewright");
  program
    .description("GitOps for PostgreSQL roles: plan the access that files declare, review the SQL, apply it, prove the result.")
    .version(host.version, "-V, --version", "print the version")
    .option("-C, --repo <dir>", "the access repository", ".")
    .option("--json", "print one JSON document on stdout and nothing else there")
    .option("-q, --quiet", "no progress and no advice")
    .option("--no-color", "no colour, as with NO_COLOR in the environment")
    .option("--sessions <dir>", "the session log (default: what rolewright.yaml says, else sessions/)")
    .option("--concurrency <n>", "connections in all at one time (default: what rolewright.yaml says, else 16)", positiveInteger)
    .option("--debug", "print the stack of an unexpected error")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", examples(["rolewright validate", "rolewright plan -o result.yaml", "rolewright apply -f result.yaml"]))
    .addHelpText("after", exitCodes);
  const start: Start = (command, run) => host.execute(command.optsWithGlobals<GlobalOptions>(), run);
  addPlanCommands(program, start);
  addRepositoryCommands(program, start);
  addSessionCommands(program, start);
  addSetUpCommands(program, start);
  addDemo(program, start);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({ writeOut: host.writeOut, writeErr: host.writeError })
      .showHelpAfterError(`Try: ${pathOf(command)} --help`);
  }
  return program;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
