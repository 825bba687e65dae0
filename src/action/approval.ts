// What stands behind a commit of the default branch: the pull request it came from, the plan that people saw, and who approved it.
import { setTimeout as sleep } from "node:timers/promises";
import { listChecks, type HostCheck } from "../io/github/checks.ts";
import { changedPaths, getPull, listReviews, mayPush, pullsOfCommit, type HostPull } from "../io/github/pull-requests.ts";
import { appOfSuite, getRun } from "../io/github/runs.ts";
import type { RefusalReason } from "../review/apply-refusal.ts";
import { approversOf } from "../trust/approvals.ts";
import type { Evidence } from "../trust/evidence.ts";
import { guardedPaths } from "../trust/guarded-paths.ts";
import { judgeCheck } from "../trust/judge-check.ts";
import type { ActionContext } from "./context.ts";
import { checkName } from "./plan-check.ts";

export type Approval = {
  /** `null` for a push without one. */
  readonly pull: HostPull | null;
  /** The app that this run acts as; `null` where the host has none. */
  readonly appId: number | null;
  readonly verdict: { readonly evidence: Evidence; readonly approvers: readonly string[] } | Denial;
};

export type Denial = { readonly reason: RefusalReason; readonly message: string };

/** GitHub knows which pull request a commit came from some seconds after the push. In all about 40 seconds. */
const waits = [1, 2, 3, 5, 8, 10, 10];

/** @param commit of the default branch, on `branch`. Throws nothing that a forged or missing piece of evidence could cause. */
export async function findApproval(context: ActionContext, commit: string, branch: string): Promise<Approval> {
  const { github, inputs, run } = context;
  const own = await getRun(github, run.id);
  const appId = own?.checkSuiteId === null || own === null ? null : await appOfSuite(github, own.checkSuiteId);
  const pull = await findPull(context, commit, branch);
  const ofGroup = await listChecks(github, commit, checkName(inputs.environment));
  const deny = (reason: RefusalReason, message: string): Approval => ({ pull, appId, verdict: { reason, message } });
  if (appId === null) return deny("evidence-untrusted", "this host does not say which app the run acts as");
  if (pull === null) return deny("evidence-missing", `the commit ${commit} came from no merged pull request`);
  const found = await findEvidence(context, { appId, head: ofGroup.length > 0 ? commit : pull.headSha, checks: ofGroup });
  if ("reason" in found) return { pull, appId, verdict: found };
  const touched = guardedPaths(await changedPaths(github, pull.number));
  if (touched.length > 0)
    return deny(
      "evidence-untrusted",
      `#${pull.number} changes ${touched.slice(0, 5).join(", ")}, so that its own plan proves nothing; put the roles into a pull request of their own`,
    );
  const approvers = await countedApprovers(context, pull);
  if (approvers.length < inputs.minApprovals)
    return deny(
      "approval-missing",
      `${approvers.length} of ${inputs.minApprovals} approvals of exactly ${pull.headSha.slice(0, 7)} by people who may push and did not open #${pull.number}`,
    );
  return { pull, appId, verdict: { evidence: found, approvers } };
}

/** The association may be wrong or early, and `merge_commit_sha` alone is also set on open pull requests: all three have to agree. */
async function findPull({ github, signal }: ActionContext, commit: string, branch: string): Promise<HostPull | null> {
  for (const wait of [...waits, null]) {
    for (const number of await pullsOfCommit(github, commit)) {
      const pull = await getPull(github, number);
      if (pull.isMerged && pull.baseBranch === branch && pull.mergeCommit === commit) return pull;
    }
    if (wait !== null) await sleep(wait * 1_000, undefined, { signal });
  }
  return null;
}

async function findEvidence(
  context: ActionContext,
  input: { readonly appId: number; readonly head: string; readonly checks: readonly HostCheck[] },
): Promise<Evidence | Denial> {
  const { github, inputs, run } = context;
  const { appId, head } = input;
  const checks = input.checks.length > 0 ? input.checks : await listChecks(github, head, checkName(inputs.environment));
  const expected = { appId, head, repositoryId: run.repositoryId, planWorkflow: inputs.planWorkflow, environment: inputs.environment };
  const problems: string[] = [];
  for (const check of checks.filter((each) => each.appId === appId)) {
    const planRun = runOf(check, run.url);
    const verdict = judgeCheck(check, planRun === null ? null : await getRun(github, planRun), expected);
    if ("evidence" in verdict) return verdict.evidence;
    problems.push(verdict.problem);
  }
  const [problem] = problems;
  if (problem !== undefined) return { reason: "evidence-untrusted", message: problem };
  return { reason: "evidence-missing", message: `the check run ${JSON.stringify(checkName(inputs.environment))} is not on ${head}` };
}

/** The id of the run that a check names, of this repository only. */
function runOf(check: HostCheck, ownUrl: string): number | null {
  const prefix = ownUrl.replace(/\d+$/u, "");
  const rest = check.detailsUrl.startsWith(prefix) ? check.detailsUrl.slice(prefix.length) : "";
  return /^\d{1,15}$/u.test(rest) ? Number(rest) : null;
}

async function countedApprovers({ github, inputs }: ActionContext, pull: HostPull): Promise<readonly string[]> {
  if (inputs.minApprovals === 0) return [];
  const candidates = approversOf(await listReviews(github, pull.number), { head: pull.headSha, authors: new Set([pull.authorId]) });
  const counted: string[] = [];
  for (const login of candidates) {
    if (counted.length === inputs.minApprovals) break;
    if (await mayPush(github, login)) counted.push(login);
  }
  return counted;
}
