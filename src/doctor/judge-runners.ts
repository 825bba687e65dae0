// Whether what plans pull requests and what applies could meet on one machine. Whoever may push a branch can change what the plan's job
// runs: there it would read the passwords that an apply has delivered, and wait for the admin accounts of the next one.
import { judge, type Check, type Finding } from "./finding.ts";
import { hostedLabel } from "./judge-jobs.ts";
import { changesServers, type OwnStep } from "./own-steps.ts";
import type { Job } from "./workflow.ts";

export function judgeRunners(steps: readonly OwnStep[]): readonly Finding[] {
  const plans = steps.filter(({ task }) => task === "plan");
  if (plans.length === 0) return [];
  return steps
    .filter(({ task }) => changesServers(task))
    .flatMap((step) => judge(`${step.workflow.path}, job ${step.job.name}`, [apartness(step, plans)]));
}

/** How surely one machine could take both jobs. */
type Meeting = "never" | "perhaps" | "surely";

function apartness({ job }: OwnStep, plans: readonly OwnStep[]): Check {
  const meetings = plans.map((plan) => meetingOf(plan.job, job));
  const isSure = meetings.includes("surely");
  const labels = job.runsOn.join(", ");
  const ofItsOwn = "give it a runner of its own, on another machine: rolewright init --apply-runner self-hosted,pg-apply";
  return {
    code: "runner-shared",
    holds: meetings.every((meeting) => meeting === "never"),
    good: "runs elsewhere than the plans of pull requests",
    bad: isSure
      ? `a runner that plans pull requests may take it, too (${labels}), so that whoever pushes a branch reaches delivered passwords and admin accounts`
      : `a runner that plans pull requests may be the one that takes it, too (${labels}): a runner may have more labels than one job asks for`,
    advice: isSure
      ? ofItsOwn
      : `see in the settings of GitHub, under Actions, Runners, that no runner has the labels of both jobs, and no machine two such runners; only two runner groups (runs-on: { group: … }) say it here. Else ${ofItsOwn}`,
    otherwise: isSure ? "problem" : "warning",
    at: job.at,
  };
}

/**
 * A runner takes a job whose labels it all has: where those of one are among those of the other, it takes both. Other labels prove nothing,
 * since one runner may have them all; but it is in one group only. Case does not count.
 */
function meetingOf(plan: Place, apply: Place): Meeting {
  // GitHub makes a machine of its own for each job.
  if (isHosted(plan) || isHosted(apply)) return "never";
  const groups = [plan, apply].map(({ runnerGroup }) => runnerGroup.toLowerCase());
  if (groups.every((group) => group !== "" && !isComputed(group)) && groups[0] !== groups[1]) return "never";
  if ([...plan.runsOn, ...apply.runsOn].some(isComputed)) return "perhaps";
  const [one, other] = [labelsOf(plan), labelsOf(apply)];
  const isWithin = one.isSubsetOf(other) || other.isSubsetOf(one);
  return isWithin && one.union(other).has("self-hosted") ? "surely" : "perhaps";
}

type Place = Pick<Job, "runsOn" | "runnerGroup">;

/** Runners of one's own may have GitHub's labels, too: asked for by a group, or beside `self-hosted`. */
function isHosted({ runsOn, runnerGroup }: Place): boolean {
  if (runnerGroup !== "" || runsOn.some((label) => isComputed(label) || label.toLowerCase() === "self-hosted")) return false;
  return runsOn.some((label) => hostedLabel.test(label));
}

function isComputed(label: string): boolean {
  return label.includes("${{");
}

function labelsOf({ runsOn }: Place): ReadonlySet<string> {
  return new Set(runsOn.map((label) => label.toLowerCase()));
}
