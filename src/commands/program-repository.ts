// The arguments of the commands that look at the access repository and its resources and change nothing on a server.
import type { Command } from "commander";
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
    .description("log in to every resource and show server version, primary or standby, TLS and latency")
    .addHelpText("after", examples(["rolewright health", "rolewright health analytics marketplace"]))
    .action((resources: readonly string[], _flags: object, command: Command) =>
      start(command, async (context) => (await import("./health.ts")).runHealth(context, { resources })),
    );
}
