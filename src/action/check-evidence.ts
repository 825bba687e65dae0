// Evidence in check runs: the plan that the trusted workflow has left on a commit.
import { listChecks } from "../io/github/checks.ts";
import { baseChanges, pullsFromBranch, type HostPull } from "../io/github/pull-requests.ts";
import { getRun, noticesOfRun, type HostRun } from "../io/github/runs.ts";
import { planCheckName } from "../model/plan-check-name.ts";
import { problemOfBase } from "../trust/base-branch.ts";
import { judgeCheck, noticeTitle, readableSince, readCheck, type Expected, type RunFacts } from "../trust/judge-check.ts";
import type { ActionContext } from "./context.ts";
import type { Denial, TrustedPlan } from "./trusted-plan.ts";

/** Of runs that check runs of one commit name. More are made only by somebody who wants us to ask for them. */
const maximumRuns = 10;

/** Pull requests from one branch, each of which has to be asked where it went. */
const maximumSiblings = 50;

/** The plan of a pull request's head. @returns the newest that can be trusted, else why there is none. */
export async function evidenceOfPull(context: ActionContext, appId: number, pull: HostPull): Promise<TrustedPlan | Denial> {
  const found = await newestTrusted(context, { appId, head: pull.headSha, origin: { event: "pull_request", branch: pull.headBranch } });
  if ("reason" in found) return found;
  const problem = await baseProblem(context, pull, found.run.createdAt);
  return problem === null ? found : { reason: "evidence-untrusted", message: problem };
}

async function baseProblem({ github }: ActionContext, pull: HostPull, runCreatedAt: string): Promise<string | null> {
  const { baseBranch, headBranch } = pull;
  const others = (await pullsFromBranch(github, headBranch)).filter(({ number }) => number !== pull.number);
  if (others.length + 1 > maximumSiblings)
    return `${others.length + 1} pull requests came from the branch ${JSON.stringify(headBranch)}, too many to ask for their base branches`;
  const siblings = [];
  for (const { number, baseBranch: goesTo } of [pull, ...others])
    siblings.push({ number, baseBranch: goesTo, baseChanges: await baseChanges(github, number) });
  return problemOfBase({ baseBranch, siblings, runCreatedAt });
}

/** The plan that a merge queue's run has left on the commit that it then pushed. Approvals are always from before. */
export async function evidenceOfGroup(
  context: ActionContext,
  appId: number,
  { commit, branch }: { readonly commit: string; readonly branch: string },
): Promise<TrustedPlan | Denial> {
  const found = await newestTrusted(context, { appId, head: commit, origin: { event: "merge_group", baseBranch: branch } });
  return "reason" in found ? found : { evidence: found.evidence, since: null };
}

type Sought = Pick<Expected, "appId" | "head" | "origin">;

/** Forged check runs beside the true one take nothing away. */
async function newestTrusted(context: ActionContext, sought: Sought): Promise<(TrustedPlan & { readonly run: HostRun }) | Denial> {
  const { inputs, run: own } = context;
  const name = planCheckName(inputs.environment);
  const expected = { ...sought, repositoryId: own.repositoryId, planWorkflow: inputs.planWorkflow, environment: inputs.environment };
  const problems: string[] = [];
  const runs = new Map<number, (HostRun & RunFacts) | null>();
  for (const check of await listChecks(context.github, sought.head, name)) {
    const read = readCheck(check, expected);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const id = read.evidence.run;
    if (!runs.has(id) && runs.size < maximumRuns) runs.set(id, await planRun(context, id));
    const run = runs.get(id) ?? null;
    const verdict = judgeCheck(check, run, expected);
    if ("evidence" in verdict && run !== null) return { evidence: verdict.evidence, since: readableSince(check, run), run };
    if ("problem" in verdict) problems.push(verdict.problem);
  }
  const [problem] = problems;
  if (problem !== undefined) return { reason: "evidence-untrusted", message: problem };
  return { reason: "evidence-missing", message: `there is no check run ${JSON.stringify(name)} on ${sought.head}` };
}

async function planRun({ github, inputs }: ActionContext, id: number): Promise<(HostRun & RunFacts) | null> {
  const run = await getRun(github, id);
  if (run === null) return null;
  // Of other workflows nothing that they print counts.
  const notices = run.path === inputs.planWorkflow ? await noticesOfRun(github, id, noticeTitle(inputs.environment)) : [];
  return { ...run, notices };
}
