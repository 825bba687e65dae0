// The arguments of the commands that set up an access repository and its place on GitHub.
import type { Command } from "commander";
import { examples, type Start } from "./frame.ts";
import type { InitFlags } from "./init-options.ts";

export function addSetUpCommands(program: Command, start: Start): void {
  program
    .command("init")
    .argument("[dir]", "the access repository (default: that of --repo)")
    .option("--pin <owner/name@commit>", "rolewright's Action in the workflows (default: the commit of this clone, if it is one)")
    .option("--repository <owner/name>", "the access repository on GitHub (default: the remote origin)")
    .option("--default-branch <name>", "the branch that is applied (default: what origin says, else main)")
    .option("--runner <labels>", "runner that plans, its labels separated by commas (default: ubuntu-24.04)")
    .option(
      "--apply-runner <labels>",
      "runner that applies: another machine than the one that plans pull requests (default: that of --runner)",
    )
    .option("--code-owners <list>", "people and teams who review every change, separated by commas")
    .option("--session-log <place>", "artifact, branch:<name> or none (default: artifact)")
    .option("--force", "write again what init has written; what other people wrote stays")
    .description("write a ready access repository: files, GitHub workflows, CODEOWNERS, and a README with ten steps to set it up")
    .addHelpText(
      "after",
      examples([
        "rolewright init access --code-owners @acme/database-admins",
        "rolewright init --pin acme/rolewright@08c6903cd8c0fde910a37f88322edcfb5dd907a8 --runner self-hosted,pg-plan --apply-runner self-hosted,pg-apply",
        "rolewright init --session-log branch:rolewright-sessions --force",
      ]),
    )
    .action((directory: string | undefined, flags: InitFlags, command: Command) =>
      start(command, async (context) => (await import("./init.ts")).runInit(context, { directory: directory ?? null, flags })),
    );
  program
    .command("doctor")
    .option("--repository <owner/name>", "the access repository on GitHub (default: GITHUB_REPOSITORY, the remote origin, rolewright.yaml)")
    .description("look at files, workflows, branch rules and environments, and say what is missing; changes nothing")
    .addHelpText(
      "after",
      examples(["GITHUB_TOKEN=$(gh auth token) rolewright doctor", "rolewright -C access doctor --repository acme/access --json"]),
    )
    .addHelpText("after", tokenHelp)
    .action((flags: { readonly repository?: string }, command: Command) =>
      start(command, async (context) => (await import("./doctor.ts")).runDoctor(context, { repository: flags.repository ?? null })),
    );
}

const tokenHelp = `
GITHUB_TOKEN or GH_TOKEN: a token that may read the repository, its actions and, for classic branch protection, its administration.
GITHUB_API_URL: the API of an own server.`;
