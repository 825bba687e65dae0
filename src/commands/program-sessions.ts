// The arguments of the commands that read the session log.
import { Option, type Command } from "commander";
import type { SessionKind, SessionStatus } from "../model/session.ts";
import { examples, positiveInteger, type Start } from "./frame.ts";

type ListFlags = {
  readonly resource?: string;
  readonly role?: string;
  readonly kind?: SessionKind;
  readonly status?: SessionStatus;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
};

export function addSessionCommands(program: Command, start: Start): void {
  const sessions = program
    .command("sessions")
    .description("what was planned and applied, when, by whom, and that nobody changed the record")
    .addHelpText("after", examples(["rolewright sessions list", "rolewright sessions verify"]));
  addList(sessions, start);
  sessions
    .command("show")
    .argument("<sid>", "the id of a session, or a beginning of it that no other has")
    .description("print a session as its file has it")
    .addHelpText("after", examples(["rolewright sessions show 986e35ce-f3fc-4f79-b136-512eada7b850"]))
    .action((sid: string, _flags: object, command: Command) =>
      start(command, async (context) => (await import("./sessions.ts")).runSessionsShow(context, { sid })),
    );
  sessions
    .command("verify")
    .description("check the chain of sessions and say which file was changed, added or lost")
    .addHelpText("after", examples(["rolewright sessions verify"]))
    .action((_flags: object, command: Command) =>
      start(command, async (context) => (await import("./sessions.ts")).runSessionsVerify(context)),
    );
}

function addList(sessions: Command, start: Start): void {
  sessions
    .command("list")
    .option("--resource <name>", "of one resource")
    .option("--role <role>", "of one role: its label or its PostgreSQL name")
    .addOption(new Option("--kind <kind>", "of one kind").choices(["plan", "apply"]))
    .addOption(
      new Option("--status <status>", "with one status").choices(["in-sync", "out-of-sync", "failed", "success", "skipped", "refused"]),
    )
    .option("--since <time>", "started at or after: 2026-11-21 or 2026-11-21T14:30:00Z")
    .option("--until <time>", "started at or before")
    .option("--limit <n>", "the newest so many", positiveInteger, 50)
    .description("list sessions, newest first")
    .addHelpText(
      "after",
      examples([
        "rolewright sessions list --resource analytics --kind apply",
        "rolewright sessions list --status failed --since 2026-11-01",
      ]),
    )
    .action((flags: ListFlags, command: Command) =>
      start(command, async (context) => {
        const { readTimeBound, runSessionsList } = await import("./sessions.ts");
        const { since, until, ...filter } = flags;
        return runSessionsList(context, {
          filter: {
            ...filter,
            ...(since === undefined ? {} : { since: readTimeBound(since, "since") }),
            ...(until === undefined ? {} : { until: readTimeBound(until, "until") }),
          },
        });
      }),
    );
}
