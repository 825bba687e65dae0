// Where a plan goes: the check run that is its evidence, the comment that people read, and the job summary.
import type { PlannedRun } from "../commands/planning.ts";
import type { Workspace } from "../commands/workspace.ts";
import type { Resource } from "../model/resource.ts";
import type { HostCheck } from "../io/github/checks.ts";
import { hostTime } from "../io/github/host-time.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { planKey, renderPlan } from "../review/plan-text.ts";
import { summarizePlan } from "../review/plan-summary.ts";
import { countDiagnostics } from "../review/diagnostics-text.ts";
import type { CommentSeal } from "../review/comment-marker.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { sealPlan } from "../trust/evidence-mac.ts";
import type { CommentInput, CommentResource, CommentState, InventoryChanges } from "../review/comment-input.ts";
import { renderPlanSummary } from "../review/summary.ts";
import { unconnectedOf, type ResourceConnection } from "../trust/connections.ts";
import { storeDigest } from "../trust/store-digest.ts";
import { targetsDigest } from "../trust/targets-digest.ts";
import type { Base } from "./base-branch.ts";
import { placesOf, summarizeResources, type ActionContext, type ActionOutcome } from "./context.ts";
import { sealedBefore } from "./comment-evidence.ts";
import { inCheckout } from "./desired.ts";
import type { MergeGroupEvent, PullRequestEvent } from "./event.ts";
import { requireEvidenceKey } from "./inputs.ts";
import { createPlanCheck } from "./plan-check.ts";
import { redactedDiagnostic, redactedInventory, redactedPlan } from "./redacted.ts";
import { writePlanComment } from "./plan-comment.ts";

export type PlanReport = {
  readonly event: PullRequestEvent | MergeGroupEvent;
  readonly base: Base;
  readonly workspace: Workspace;
  readonly diagnostics: readonly Diagnostic[];
  readonly connections: readonly ResourceConnection[];
  readonly inventory: InventoryChanges;
  /** `null` where no server was asked. */
  readonly planned: PlannedRun | null;
  /** Why there is no login for any of the servers, `null` where there is for some. */
  readonly noLogin: string | null;
  /** Why no server may be asked, `null` where they may. */
  readonly offline: "no-credentials" | "other-branch" | null;
};

export async function publishPlan(context: ActionContext, report: PlanReport): Promise<ActionOutcome> {
  const verdict = verdictOf(report);
  const input = commentInput(context, report);
  if (report.planned !== null) logPlan(context, report.planned);
  // A fork's token only reads, and a plan that was not made is no evidence.
  if (report.offline !== null) {
    await context.summarize(renderPlanSummary(input).body);
    return { ...verdict, commentUrl: "" };
  }
  const check = context.inputs.evidence === "check-run" ? await createPlanCheck(context, { ...report, input, verdict }) : null;
  const seal = context.inputs.evidence === "comment-hmac" && !verdict.isFailure ? await sealOf(context, report, input) : null;
  const shown = {
    ...input,
    evidence: [...(check === null ? [] : [{ label: "check", url: check.url }]), ...input.evidence],
    ...(seal === null ? {} : { seal }),
  };
  await context.summarize(renderPlanSummary(shown).body);
  const commentUrl = await comment(context, report, { input: shown, check, hasChanges: verdict.hasChanges });
  return { ...verdict, commentUrl };
}

/** Into the log, as on the command line. */
export function logPlan({ output }: ActionContext, { roles, sessions, artifact }: PlannedRun): void {
  const sids = new Map(roles.map((plan, index) => [planKey(plan), sessions[index]?.sid ?? ""]));
  output.lines(
    renderPlan(
      { plan: { roles, checksum: artifact.checksum }, sids, refused: new Set<string>(), resultFile: null, invocation: [], selection: [] },
      null,
    ),
  );
}

/** More names than fit beside a plan in a marker: then the comment is no evidence, and its apply is refused. */
const maximumUnconnected = 3_000;

async function sealOf(context: ActionContext, report: PlanReport, input: CommentInput): Promise<CommentSeal | null> {
  const { event, connections, workspace, planned } = report;
  // That of a merge queue has no comment.
  if (event.kind !== "pull-request") return null;
  const { inputs, run, github } = context;
  const unconnected = unconnectedOf(connections);
  if (JSON.stringify(unconnected).length > maximumUnconnected) return null;
  const { pullRequest, head, environment, plan } = input;
  const fingerprints = fingerprintsOf(planned?.roles ?? [], plan.checksum);
  const store = storeDigest(workspace.desired.settings.credentials.store);
  const targets = targetsDigest(planned?.roles ?? []);
  const sealed = { repositoryId: run.repositoryId, pullRequest, head, environment, targets, unconnected, store, ...fingerprints };
  const since = (await sealedBefore(context, sealed)) ?? (await hostTime(github)) ?? context.now().toISOString();
  return { targets, unconnected, store, since, mac: sealPlan(requireEvidenceKey(inputs), { ...sealed, since }) };
}

async function comment(
  context: ActionContext,
  { event }: PlanReport,
  shown: { readonly input: CommentInput; readonly check: HostCheck | null; readonly hasChanges: boolean },
): Promise<string> {
  if (event.kind !== "pull-request" || context.inputs.comment === "none") return "";
  return writePlanComment(context, { ...shown, number: event.number });
}

export type PlanVerdict = Omit<ActionOutcome, "commentUrl">;

function verdictOf({ diagnostics, planned, noLogin, offline }: PlanReport): PlanVerdict {
  const nothing = { hasChanges: false, checksum: "", resources: [] };
  if (noLogin !== null) {
    const message = `this run has no login for any server, and none was asked; ${noLogin}`;
    return { ...nothing, reasonCode: "plan-failed", isFailure: true, message };
  }
  // A plan that was neither made nor forgone is no success, whatever came in its way.
  if (hasErrors(diagnostics) || (planned === null && offline === null))
    return {
      ...nothing,
      reasonCode: "invalid",
      isFailure: true,
      message: `the access repository has ${countDiagnostics(diagnostics)}; nothing was planned`,
    };
  if (planned !== null) return plannedVerdict(planned);
  const why = offline === "no-credentials" ? "a fork has no credentials" : "only what goes to the default branch is applied";
  return { ...nothing, reasonCode: "offline-only", isFailure: false, message: `the files are valid; no server was asked: ${why}` };
}

/** What a plan comes to, whoever is shown it. */
export function plannedVerdict({ roles, artifact }: PlannedRun): PlanVerdict {
  const hasChanges = roles.some(({ status }) => status === "out-of-sync");
  const isFailure = roles.some(({ status }) => status === "failed");
  const reasonCode = isFailure ? "plan-failed" : hasChanges ? "planned" : "no-changes";
  return {
    reasonCode,
    isFailure,
    hasChanges,
    checksum: artifact.checksum,
    message: summarizePlan(roles),
    resources: summarizeResources(roles),
  };
}

function commentInput(context: ActionContext, report: PlanReport): CommentInput {
  const { event, base, workspace, planned } = report;
  const isPullRequest = event.kind === "pull-request";
  return {
    environment: context.inputs.environment,
    pullRequest: isPullRequest ? event.number : 0,
    head: event.head,
    base: { branch: event.base.branch, commit: base.commit },
    places: placesOf(context, event.head),
    ...(planned === null ? { plan: { roles: [], checksum: "" } } : shownPlan(context, planned)),
    resources: report.connections.map(({ resource, connection }) => ({
      ...commentResource(resource, planned, workspace.desired.roles.filter((spec) => spec.resource === resource.name).length),
      connection,
    })),
    inventory: redactedInventory(context, report.inventory),
    store: { now: workspace.desired.settings.credentials.store, before: base.desired?.settings.credentials.store ?? null },
    diagnostics: report.diagnostics.map((diagnostic) => redactedDiagnostic(context, inCheckout(context, diagnostic))),
    state: stateOf(report),
    readAt: planned === null ? null : context.now().toISOString(),
    evidence: [{ label: "log", url: context.run.url }],
    whole: [{ label: "run", url: context.run.url }],
    runUrl: context.run.url,
  };
}

/** With the fingerprints of the plan itself. */
export function shownPlan(context: ActionContext, planned: PlannedRun): Pick<CommentInput, "plan" | "fingerprints"> {
  return { plan: redactedPlan(context, planned), fingerprints: fingerprintsOf(planned.roles, planned.artifact.checksum) };
}

function stateOf({ noLogin, offline }: PlanReport): CommentState {
  if (noLogin !== null) return { kind: "validated-only", because: "no-credentials" };
  return offline === null ? { kind: "planned" } : { kind: "validated-only", because: offline };
}

/** @param declaredRoles as many as the plan was asked for. */
export function commentResource({ name, origin }: Resource, planned: PlannedRun | null, declaredRoles: number): CommentResource {
  return { name, origin, serverVersion: planned?.servers.get(name) ?? null, connection: "used", declaredRoles };
}
