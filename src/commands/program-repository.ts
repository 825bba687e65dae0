// The arguments of the commands that look at the access repository and its resources and change nothing on a server.
import { Argument, type Command } from "commander";
import type { ListKind } from "../load/columns.ts";
import { examples, type Start } from "./frame.ts";

export function addRepositoryCommands(program: Command, start: Start): void {
  program
    .command("validate")
    .description("read every file of the access repository and report all problems at once; asks no server")
    .addHelpText("after", examples(["rolewright validate", "rolewright -C access validate --json"]))
    .action((_flags: object, command: Command) => start(command, async (context) => (await import("./validate.ts")).runValidate(context)));
  program
    .command("status")
    .description("show each resource's setup progress, Inventory → Manage → Provision, from files and sessions; asks no server")
    .addHelpText("after", examples(["rolewright status", "rolewright status --json"]))
    .action((_flags: object, command: Command) => start(command, async (context) => (await import("./status.ts")).runStatus(context)));
  program
    .command("health")
    .argument("[resource...]", "resources of the inventory (default: all)")
    .description("log in to every resource, as planner and as admin, and show server version, primary or standby, TLS and latency")
    .addHelpText("after", examples(["rolewright health", "rolewright health analytics marketplace"]))
    .action((resources: readonly string[], _flags: object, command: Command) =>
      start(command, async (context) => (await import("./health.ts")).runHealth(context, { resources })),
    );
  addImport(program, start);
}

function addImport(program: Command, start: Start): void {
  program
    .command("import")
    .addArgument(new Argument("<kind>", "what the file lists").choices(["inventory", "roles"]))
    .argument("<file>", "a CSV file, such as the one that the hub exports")
    .option("--write", "write the changes, keeping comments and order (default: only show them)")
    .option("--remove-missing", "also remove the entries that the file does not name")
    .description("show what a CSV file would change in the repository's own files, or change them")
    .addHelpText("after", examples(["rolewright import inventory resources.csv", "rolewright import roles roles.csv --write"]))
    .action((kind: ListKind, path: string, flags: { readonly write?: boolean; readonly removeMissing?: boolean }, command: Command) =>
      start(command, async (context) => {
        const { runImport } = await import("./import.ts");
        return runImport(context, { kind, path, write: flags.write === true, removeMissing: flags.removeMissing === true });
      }),
    );
}
