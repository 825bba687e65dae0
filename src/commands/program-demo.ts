// The arguments of `demo`.
import type { Command } from "commander";
import { examples, type Start } from "./frame.ts";

export function addDemo(program: Command, start: Start): void {
  program
    .command("demo")
    .description("play the main job on two PostgreSQL clusters of its own: plan, apply, a login, drift, a refusal; under a minute")
    .addHelpText("after", examples(["rolewright demo", "npm run demo"]))
    .action((_flags: object, command: Command) => start(command, async (context) => (await import("./demo.ts")).runDemo(context)));
}
