// Evidence in check runs: the plan that the trusted workflow has left on a commit.
import { listChecks, type HostCheck } from "../io/github/checks.ts";
import { baseChanges, pullsFromBranch, type HostPull } from "../io/github/pull-requests.ts";
import { getRun, jobsOfRun, type HostRun } from "../io/github/runs.ts";
import { planCheckName } from "../model/plan-check-name.ts";
import { problemOfBase } from "../trust/base-branch.ts";
import type { Evidence } from "../trust/evidence.ts";
import { judgeCheck, noticeTitle, problemOfOrigin, readCheck, type Expected, type RunFacts } from "../trust/judge-check.ts";
import { printedAt, readableSince } from "../trust/readable-since.ts";
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
  const { check, evidence, run, others } = found;
  const problem = await baseProblem(context, pull, run.createdAt);
  if (problem !== null) return untrusted(problem);
  const since = readableSince(check, run, others);
  if (since !== null) return { evidence, since };
  return untrusted("nothing says since when this plan, and no other of the same head, could be read; plan again");
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
type PlanRun = HostRun & RunFacts;
type Found = {
  readonly check: HostCheck;
  readonly evidence: Evidence;
  readonly run: PlanRun;
  /** That planned the same head. */
  readonly others: readonly PlanRun[];
};

/** Forged check runs beside the true one take nothing away, unless there are so many that nobody can say which run is the newest. */
async function newestTrusted(context: ActionContext, sought: Sought): Promise<Found | Denial> {
  const { inputs, run: own } = context;
  const name = planCheckName(inputs.environment);
  const expected = { ...sought, repositoryId: own.repositoryId, planWorkflow: inputs.planWorkflow, environment: inputs.environment };
  const problems: string[] = [];
  const trusted: Omit<Found, "others">[] = [];
  const runs = new Map<number, PlanRun | null>();
  for (const check of await listChecks(context.github, sought.head, name)) {
    const read = readCheck(check, expected);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const id = read.evidence.run;
    if (!runs.has(id)) {
      if (runs.size === maximumRuns) return untrusted(`the check runs on ${sought.head} name more than ${maximumRuns} runs`);
      runs.set(id, await planRun(context, id));
    }
    const run = runs.get(id) ?? null;
    const verdict = judgeCheck(check, run, expected);
    if ("evidence" in verdict && run !== null) trusted.push({ check, evidence: verdict.evidence, run });
    if ("problem" in verdict) problems.push(verdict.problem);
  }
  const [newest] = trusted.toSorted(
    (a, b) => compare(printedAt(b.run), printedAt(a.run)) || b.run.id - a.run.id || b.check.id - a.check.id,
  );
  if (newest !== undefined) {
    const planned = [...runs.values()].filter((run) => run !== null).filter((run) => problemOfOrigin(run, expected) === null);
    return { ...newest, others: planned.filter((run) => run !== newest.run) };
  }
  const [problem] = problems;
  if (problem !== undefined) return untrusted(problem);
  return { reason: "evidence-missing", message: `there is no check run ${JSON.stringify(name)} on ${sought.head}` };
}

function untrusted(message: string): Denial {
  return { reason: "evidence-untrusted", message };
}

/** Both may be infinite. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function planRun({ github, inputs }: ActionContext, id: number): Promise<PlanRun | null> {
  const run = await getRun(github, id);
  if (run === null) return null;
  // Of other workflows nothing that they print counts.
  const jobs = run.path === inputs.planWorkflow ? await jobsOfRun(github, id, noticeTitle(inputs.environment)) : [];
  return { ...run, jobs };
}
