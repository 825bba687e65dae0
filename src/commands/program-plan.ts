// The arguments of the commands that plan and apply.
import { Option, type Command } from "commander";
import { examples, type Start } from "./frame.ts";
import { addToList, readApplySource, readPlanSource, type PlanFlags } from "./selection.ts";

export function addPlanCommands(program: Command, start: Start): void {
  const plan = program
    .command("plan")
    .argument("[resource]", "one resource of the inventory (default: the whole repository)")
    .option("--role <label>", "one role of the resource")
    .addOption(new Option("--type <type>", "plan a role that stands in no file: managed or external").choices(["managed", "external"]))
    .option("--scopes <list>", "its scopes: database or database.schema, separated by commas", addToList)
    .option("--privileges <list>", "its privileges, separated by commas", addToList)
    .option("--source-role <role>", "external: the role that it is a member of")
    .option("--rotate-password", "give it a new password")
    .option("-f, --file <file>", "plan the role specs of this YAML file")
    .option("-o, --out <file>", "write the result that apply -f takes")
    .option("--detailed-exitcode", "exit with 2 where changes are pending")
    .description("read the live catalogs and show the smallest SQL that reaches the declared roles; changes nothing")
    .addHelpText(
      "after",
      examples([
        "rolewright plan",
        "rolewright plan analytics --role ro --scopes analytics.public,legacy,app --privileges SELECT",
        "rolewright plan marketplace --role ro --type external --source-role pg_read_all_data",
        "rolewright plan -f plan.yaml -o result.yaml",
        "rolewright plan status 986e35ce-f3fc-4f79-b136-512eada7b850",
      ]),
    )
    .action((resource: string | undefined, flags: PlanCommandFlags, command: Command) =>
      start(command, async (context) => {
        const source = readPlanSource(resource, flags);
        const { runPlan } = await import("./plan.ts");
        return runPlan(context, { source, resultFile: flags.out ?? null, detailedExitCode: flags.detailedExitcode === true });
      }),
    );
  addPlanStatus(plan, start);
  addApply(program, start);
  addDrift(program, start);
}

type PlanCommandFlags = PlanFlags & { readonly out?: string; readonly detailedExitcode?: boolean };

function addPlanStatus(plan: Command, start: Start): void {
  plan
    .command("status")
    .argument("<sid>", "the id of a session, or a beginning of it that no other has")
    .description("show the plan of a session again, with its SQL and checksum")
    .addHelpText("after", examples(["rolewright plan status 986e35ce-f3fc-4f79-b136-512eada7b850"]))
    .action((sid: string, _flags: object, command: Command) =>
      start(command, async (context) => (await import("./plan-status.ts")).runPlanStatus(context, { sid })),
    );
}

function addApply(program: Command, start: Start): void {
  program
    .command("apply")
    .argument("[resource]", "the resource of a plan that was made from flags")
    .option("--sid <sid>", "the session of the reviewed plan, or a beginning of its id")
    .option("-f, --file <file>", "the result that plan -o wrote")
    .description("plan again under a lock, refuse what differs from the reviewed plan, apply the rest and prove it")
    .addHelpText(
      "after",
      examples(["rolewright apply -f result.yaml", "rolewright apply analytics --sid 986e35ce-f3fc-4f79-b136-512eada7b850"]),
    )
    .action((resource: string | undefined, flags: { readonly sid?: string; readonly file?: string }, command: Command) =>
      start(command, async (context) => {
        const source = readApplySource(resource, flags);
        const { runApply } = await import("./apply.ts");
        return runApply(context, { source });
      }),
    );
}

function addDrift(program: Command, start: Start): void {
  program
    .command("drift")
    .description("read the live catalogs and show what differs from the declared roles, and who is affected; changes nothing, exits with 2")
    .addHelpText("after", examples(["rolewright drift", "rolewright drift --json"]))
    .action((_flags: object, command: Command) => start(command, async (context) => (await import("./drift.ts")).runDrift(context)));
}
