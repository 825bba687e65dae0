// The check run on the planned head: what an apply later trusts, if it was made by the right workflow.
import { createCheck, type HostCheck } from "../io/github/checks.ts";
import { statusOf } from "../io/github/client.ts";
import { lacksPermission } from "../io/github/permission-error.ts";
import { UsageError } from "../commands/context.ts";
import { basisOfPlan } from "../model/plan-basis.ts";
import { planCheckName } from "../model/plan-check-name.ts";
import { checkAnnotations, noticeCommand } from "../review/annotations.ts";
import type { CommentInput } from "../review/comment-input.ts";
import { renderPlanMarkdown } from "../review/comment.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import { clip } from "../review/markdown.ts";
import { unconnectedOf } from "../trust/connections.ts";
import { evidenceDigest, evidenceVersion, formatEvidence, type Evidence } from "../trust/evidence.ts";
import { externalIdOf, noticeTitle } from "../trust/judge-check.ts";
import { statementDigest } from "../trust/statement-digest.ts";
import { storeDigest } from "../trust/store-digest.ts";
import { targetsDigest } from "../trust/targets-digest.ts";
import type { ActionContext } from "./context.ts";
import { inCheckout } from "./desired.ts";
import { redactedBasis, redactedDiagnostic } from "./redacted.ts";
import type { PlanReport, PlanVerdict } from "./publish-plan.ts";

/** GitHub's bound is 65,535 characters for each of summary and text. */
const maximumText = 60_000;

export async function createPlanCheck(
  context: ActionContext,
  report: PlanReport & { readonly input: CommentInput; readonly verdict: PlanVerdict },
): Promise<HostCheck> {
  const { event, verdict } = report;
  const { environment } = context.inputs;
  const text = verdict.checksum === "" ? "" : formatEvidence(evidenceOf(context, report), maximumText);
  // Before the check run: a run that is cancelled in between has left nothing that could be trusted.
  if (text !== "") context.command(noticeCommand(noticeTitle(environment), evidenceDigest(text)));
  try {
    return await createCheck(context.github, {
      name: planCheckName(environment),
      headSha: event.head,
      conclusion: verdict.isFailure ? "failure" : "success",
      externalId: verdict.checksum === "" ? "" : externalIdOf(verdict.checksum),
      detailsUrl: context.run.url,
      title: clip(context.redact(verdict.message), 200),
      summary: context.redact(renderPlanMarkdown(report.input, maximumText).text),
      text,
      annotations: checkAnnotations(report.diagnostics.map((diagnostic) => redactedDiagnostic(context, inCheckout(context, diagnostic)))),
    });
  } catch (error) {
    const status = statusOf(error);
    if (lacksPermission(error))
      throw new UsageError("the token may not make check runs", "permissions: { checks: write } in the job that plans");
    if (status === 404)
      throw new UsageError(
        "this host has no check runs, or the token does not see the repository",
        "with: { evidence: comment-hmac } on Gitea and Forgejo",
      );
    throw error;
  }
}

function evidenceOf(
  context: ActionContext,
  { event, base, workspace, planned, connections, verdict }: PlanReport & { readonly verdict: PlanVerdict },
): Evidence {
  const roles = planned?.roles ?? [];
  const { catalog, declared } = fingerprintsOf(roles, verdict.checksum);
  return {
    v: evidenceVersion,
    environment: context.inputs.environment,
    run: context.run.id,
    head: event.head,
    base: base.commit,
    checksum: verdict.checksum,
    catalog,
    declared,
    targets: targetsDigest(roles),
    unconnected: unconnectedOf(connections),
    store: storeDigest(workspace.desired.settings.credentials.store),
    roles: roles.map((plan) => ({
      resource: plan.resource,
      role: plan.roleName,
      checksum: plan.checksum,
      statements: plan.statements.map((statement) => statementDigest(plan, statement)),
      basis: redactedBasis(context, basisOfPlan(plan)),
    })),
  };
}
