// Evidence in check runs: the plan that the trusted workflow has left on a commit.
import { listChecks, type HostCheck } from "../io/github/checks.ts";
import { getRun } from "../io/github/runs.ts";
import type { Evidence } from "../trust/evidence.ts";
import { judgeCheck } from "../trust/judge-check.ts";
import type { ActionContext } from "./context.ts";
import type { Denial } from "./approval.ts";
import { checkName } from "./plan-check.ts";

/** @returns the newest plan on the commit that can be trusted, else why there is none. Forged ones beside it take nothing away. */
export async function evidenceOnCommit(context: ActionContext, appId: number, commit: string): Promise<Evidence | Denial> {
  const { github, inputs, run } = context;
  const name = checkName(inputs.environment);
  const expected = {
    appId,
    head: commit,
    repositoryId: run.repositoryId,
    planWorkflow: inputs.planWorkflow,
    environment: inputs.environment,
  };
  const problems: string[] = [];
  for (const check of await listChecks(github, commit, name)) {
    const id = runOf(check, run.url);
    const verdict = judgeCheck(check, id === null ? null : await getRun(github, id), expected);
    if ("evidence" in verdict) return verdict.evidence;
    problems.push(verdict.problem);
  }
  const [problem] = problems;
  if (problem !== undefined) return { reason: "evidence-untrusted", message: problem };
  return { reason: "evidence-missing", message: `there is no check run ${JSON.stringify(name)} on ${commit}` };
}

/** The id of the run that a check names, of this repository only. */
function runOf(check: HostCheck, ownUrl: string): number | null {
  const prefix = ownUrl.replace(/\d+$/u, "");
  const rest = check.detailsUrl.startsWith(prefix) ? check.detailsUrl.slice(prefix.length) : "";
  return /^\d{1,15}$/u.test(rest) ? Number(rest) : null;
}
