// Whether what plans pull requests and what applies could meet on one machine. Whoever may push a branch can change what the plan's job
// runs: there it would read the passwords that an apply has delivered, and wait for the admin accounts of the next one.
import { judge, type Check, type Finding } from "./finding.ts";
import { hostedLabel } from "./judge-jobs.ts";
import { changesServers, type OwnStep } from "./own-steps.ts";

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
  const meetings = plans.map((plan) => meetingOf(plan.job.runsOn, job.runsOn));
  const isSure = meetings.includes("surely");
  const labels = job.runsOn.join(", ");
  return {
    code: "runner-shared",
    holds: meetings.every((meeting) => meeting === "never"),
    good: "runs elsewhere than the plans of pull requests",
    bad: isSure
      ? `a runner that plans pull requests may take it, too (${labels}), so that whoever pushes a branch reaches delivered passwords and admin accounts`
      : `a runner that plans pull requests may be the one that takes it, too (${labels}): its labels do not say`,
    advice: "give it a runner of its own, on another machine: rolewright init --apply-runner self-hosted,pg-apply",
    otherwise: isSure ? "problem" : "warning",
    at: job.at,
  };
}

/** A runner takes a job whose labels it all has: where those of one are among those of the other, it takes both. Case does not count. */
function meetingOf(plan: readonly string[], apply: readonly string[]): Meeting {
  if ([...plan, ...apply].some((label) => label.includes("${{"))) return "perhaps";
  const [one, other] = [plan, apply].map((labels) => new Set(labels.map((label) => label.toLowerCase())));
  if (one === undefined || other === undefined || (!one.isSubsetOf(other) && !other.isSubsetOf(one))) return "never";
  const both = [...one.union(other)];
  // GitHub makes a machine of its own for each job.
  if (both.some((label) => hostedLabel.test(label))) return "never";
  return both.includes("self-hosted") ? "surely" : "perhaps";
}
