// A check run on a commit of the default branch whose state was applied: how a later apply knows since when approvals count.
import { createCheck, listChecks } from "../io/github/checks.ts";
import { messageOf } from "../model/error-message.ts";
import type { Approval } from "./approval.ts";
import type { ActionContext } from "./context.ts";

function applyCheckName(environment: string): string {
  return `rolewright apply (${environment})`;
}

/** Never throws: a missing mark makes later applies ask for more approvals, not for fewer. */
export async function markApplied(context: ActionContext, commit: string, { appId }: Approval): Promise<void> {
  if (appId === null || context.inputs.evidence !== "check-run") return;
  try {
    await createCheck(context.github, {
      name: applyCheckName(context.inputs.environment),
      headSha: commit,
      conclusion: "success",
      externalId: "",
      detailsUrl: context.run.url,
      title: "Applied",
      summary: "The databases are as this commit declares.",
      text: "",
      annotations: [],
    });
  } catch (error) {
    context.output.error(`warning: the commit could not be marked as applied: ${messageOf(error)}`);
  }
}

/** Only the same app's word counts. */
export async function wasApplied(context: ActionContext, commit: string, appId: number): Promise<boolean> {
  const checks = await listChecks(context.github, commit, applyCheckName(context.inputs.environment));
  return checks.some((check) => check.appId === appId && check.conclusion === "success");
}
