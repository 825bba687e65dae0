// demo: the main job on two real PostgreSQL clusters of its own, told step by step. Every command in it is the real one.
import type { CommandContext, ExitCode } from "./context.ts";
import { prepareDemo, type DemoStage } from "./demo-stage.ts";
import { runApply } from "./apply.ts";
import { runHealth } from "./health.ts";
import { runPlan } from "./plan.ts";
import { runSessionsVerify } from "./sessions.ts";
import { runStatus } from "./status.ts";
import { runValidate } from "./validate.ts";

export async function runDemo(context: CommandContext): Promise<ExitCode> {
  const started = performance.now();
  const { output } = context;
  output.line([{ text: "rolewright demo", style: "bold" }]);
  output.note("starting two PostgreSQL clusters …");
  await using stage = await prepareDemo(context);
  output.line(
    `two clusters run: analytics (databases analytics, legacy, app) and marketplace; the access repository is ${stage.repository}`,
  );
  for (const act of [firstPlan, firstApply, login, drift, audit]) {
    context.signal.throwIfAborted();
    await act(stage);
  }
  output.line("");
  output.line([{ text: `done in ${((performance.now() - started) / 1000).toFixed(1)} s; the clusters stop now`, style: "bold" }]);
  return 0;
}

async function firstPlan(stage: DemoStage): Promise<void> {
  await stage.tell("The inventory names the resources; no role is declared yet.", "status", runStatus);
  await stage.declareRoles();
  await stage.tell("Roles are declared. Every file is checked, with file:line:column for each problem.", "validate", runValidate);
  await stage.tell("Do the resources answer?", "health", (context) => runHealth(context, { resources: [] }));
  await stage.tell("Setup progress from files and sessions.", "status", runStatus);
  await stage.tell(
    "Plan: the smallest SQL that reaches the declared roles, with a checksum. Nothing is changed.",
    "plan -o result.yaml",
    (context) => runPlan(context, stage.planInto("result.yaml")),
  );
}

async function firstApply(stage: DemoStage): Promise<void> {
  await stage.tell("Apply what was reviewed: planned again under a lock, proved before each COMMIT.", "apply -f result.yaml", (context) =>
    runApply(context, stage.applyFrom("result.yaml")),
  );
  await stage.tell("Every resource is set up.", "status", runStatus);
  await stage.tell("A second plan has nothing to do.", "plan", (context) => runPlan(context, stage.planOnly()));
}

async function login(stage: DemoStage): Promise<void> {
  stage.heading("Log in with the delivered credential of analytics/ro, which may SELECT and nothing else.");
  await stage.tryAs("SELECT count(*) FROM public.events");
  await stage.tryAs("INSERT INTO public.events (name) VALUES ('x')");
}

async function drift(stage: DemoStage): Promise<void> {
  await stage.widenRole();
  await stage.tell(
    "The repository gives analytics/ro DELETE, too; its plan is reviewed.",
    "plan analytics --role ro -o old.yaml",
    (context) => runPlan(context, stage.planInto("old.yaml", { resource: "analytics", label: "ro" })),
  );
  await stage.grantByHand();
  await stage.tell(
    "The reviewed plan is refused, since the reviewer relied on what is no longer so.",
    "apply -f old.yaml",
    (context) => runApply(context, stage.applyFrom("old.yaml")),
    3,
  );
  await stage.tell("A new plan revokes what was granted by hand.", "plan analytics --role ro -o new.yaml", (context) =>
    runPlan(context, stage.planInto("new.yaml", { resource: "analytics", label: "ro" })),
  );
  await stage.tell("Reviewed and applied:", "apply -f new.yaml", (context) => runApply(context, stage.applyFrom("new.yaml")));
}

async function audit(stage: DemoStage): Promise<void> {
  await stage.tell(
    "Every plan and apply left a session; the chain shows whether anybody touched one.",
    "sessions verify",
    runSessionsVerify,
  );
}
