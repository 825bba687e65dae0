// A check run on a commit of the default branch whose state was applied, on a push or by hand: how a later apply knows since when approvals
// count.
import { createCheck, listChecks } from "../io/github/checks.ts";
import { messageOf } from "../model/error-message.ts";
import type { ActionContext } from "./context.ts";

function applyCheckName(environment: string): string {
  return `rolewright apply (${environment})`;
}

/** Never throws: what was applied is applied; without the mark, what was approved before it counts for longer in subset mode. */
export async function markApplied(context: ActionContext, commit: string, appId: number | null): Promise<void> {
  // A host without check runs has no apps either.
  if (appId === null || context.inputs.evidence === "comment-hmac") return;
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
