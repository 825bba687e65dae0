// What is wrong with the workflows that run rolewright.
import { isCommit, isPlaceholderUse } from "../model/action-pin.ts";
import { judge, type Check, type Finding } from "./finding.ts";
import { judgeJob } from "./judge-jobs.ts";
import { judgePermissions } from "./judge-permissions.ts";
import type { OwnStep } from "./own-steps.ts";
import type { Job, Workflow } from "./workflow.ts";

export type WorkflowContext = {
  readonly defaultBranch: string;
  /** `credentials.store` of the settings. */
  readonly store: string | null;
  /** False for Gitea and Forgejo. */
  readonly hasCheckRuns: boolean;
};

export function judgeWorkflows(workflows: readonly Workflow[], steps: readonly OwnStep[], context: WorkflowContext): readonly Finding[] {
  const own = workflows.filter((workflow) => steps.some((step) => step.workflow === workflow));
  return [
    ...judge("workflows", [...presence(steps), ...sameVersion(steps)]),
    ...workflows.flatMap((workflow) => judge(workflow.path, fileChecks(workflow, steps, context.defaultBranch, own.includes(workflow)))),
    ...steps.flatMap((step) => [...judgePermissions(step), ...judgeJob(step, context.store), ...judgeEvidence(step, context)]),
  ];
}

function fileChecks(workflow: Workflow, steps: readonly OwnStep[], defaultBranch: string, isOwn: boolean): readonly Check[] {
  if (!isOwn) return "pull_request_target" in workflow.events ? [noTarget(workflow, "warning")] : [];
  const inside = steps.filter((step) => step.workflow === workflow);
  return [
    ...pins(workflow, new Set(inside.flatMap(({ job, task }) => (task === "plan" ? [job] : [])))),
    noTarget(workflow, "problem"),
    ...(inside.some(({ task }) => task === "plan") ? [plansAll(workflow)] : []),
    ...inside
      .filter(({ task }) => task === "apply")
      .flatMap((step) => [...applyTriggers(workflow, defaultBranch), ...trustedPlan(step, steps)]),
  ];
}

const wantedTasks = [
  { tasks: ["plan"], code: "workflow-plan", what: "plans pull requests" },
  { tasks: ["apply", "expected-apply"], code: "workflow-apply", what: "applies what was merged" },
  { tasks: ["drift", "drift-apply"], code: "workflow-drift", what: "looks for drift", otherwise: "warning" },
] as const;

function presence(steps: readonly OwnStep[]): readonly Check[] {
  return wantedTasks.map(({ tasks, code, what, ...rest }) => {
    const found = steps.find(({ task }) => tasks.some((each) => each === task));
    return {
      code,
      holds: found !== undefined,
      good: `${found?.workflow.path ?? ""} ${what}`,
      bad: `no workflow ${what}`,
      advice: "rolewright init writes it",
      ...rest,
    };
  });
}

/** A plan of another version is no evidence where the meaning of its checksum has changed. */
function sameVersion(steps: readonly OwnStep[]): readonly Check[] {
  const used = new Set(steps.map(({ step }) => step.uses));
  if (used.size === 0) return [];
  return [
    {
      code: "same-version",
      holds: used.size === 1,
      good: "all workflows use the same rolewright",
      bad: `workflows use different versions: ${[...used].join(", ")}`,
      advice: "use one commit in all of them: an apply may refuse what another version has planned",
      otherwise: "warning",
    },
  ];
}

/** Every action of a workflow that runs rolewright: each could change what the next one does. @param planning jobs that plan pull requests. */
function pins({ jobs }: Workflow, planning: ReadonlySet<Job>): readonly Check[] {
  const steps = jobs.flatMap((job) => {
    const isOwnCode = planning.has(job);
    return [...job.steps, ...(job.uses === "" ? [] : [{ uses: job.uses, at: job.at }])].map(({ uses, at }) => ({ uses, at, isOwnCode }));
  });
  const loose = steps.filter(({ uses, isOwnCode }) => uses !== "" && (!isPinned(uses) || (isOwnCode && isLocal(uses))));
  const all: Check = { code: "pinned", holds: true, good: "every action is pinned to a commit", bad: "", advice: "" };
  if (loose.length === 0) return [all];
  return loose.map(({ uses, at }) => ({ code: "pinned", holds: false, good: "", ...loosePin(uses), at }));
}

function loosePin(uses: string): Pick<Check, "bad" | "advice"> {
  if (isLocal(uses))
    return {
      bad: `${uses} is not pinned to a commit: beside the plan it is code of the pull request itself`,
      advice: "leave it out, or use it from a repository of its own, by owner/name@commit",
    };
  if (isPlaceholderUse(uses))
    return {
      bad: `${uses} was never filled in`,
      advice: "write owner/name@commit, or run: rolewright init --force --pin owner/name@commit",
    };
  return {
    bad: `${uses} is not pinned to a commit`,
    advice: "write the full commit id behind @, and the version as a comment: whoever owns the action can move a tag or a branch",
  };
}

/** In the checkout. */
function isLocal(uses: string): boolean {
  return uses.startsWith("./");
}

function isPinned(uses: string): boolean {
  if (isLocal(uses)) return true;
  if (uses.startsWith("docker://")) return /@sha256:[0-9a-f]{64}$/u.test(uses);
  return isCommit(uses.slice(uses.indexOf("@") + 1)) && !isPlaceholderUse(uses);
}

/** https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/ */
function noTarget({ events }: Workflow, otherwise: "warning" | "problem"): Check {
  return {
    code: "pull-request-target",
    holds: !("pull_request_target" in events),
    good: "does not run on pull_request_target",
    bad: "runs on pull_request_target, with secrets and a writing token beside files of strangers",
    advice:
      otherwise === "problem"
        ? "use pull_request; rolewright refuses the other"
        : "use pull_request, or never read the pull request's files in it",
    otherwise,
  };
}

function plansAll({ events }: Workflow): Check {
  const filters = events["pull_request"] ?? {};
  return {
    code: "plan-paths",
    holds: !("paths" in filters) && !("paths-ignore" in filters),
    good: "plans every pull request",
    bad: "plans only pull requests that touch some paths, so that others wait for the required check for ever",
    advice: "leave out paths and paths-ignore: without a change a plan is quick",
  };
}

function applyTriggers({ events, cancelsInProgress }: Workflow, defaultBranch: string): readonly Check[] {
  const branches = [events["push"]?.["branches"] ?? []].flat();
  return [
    {
      code: "apply-branch",
      holds: branches.includes(defaultBranch),
      good: `applies on pushes to ${defaultBranch}`,
      bad: `does not say that it applies on pushes to ${defaultBranch}`,
      advice: `on: { push: { branches: [${defaultBranch}] } }`,
    },
    {
      code: "apply-cancel",
      holds: !cancelsInProgress,
      good: "lets a running apply end",
      bad: "cancels a running apply when the next one starts",
      advice: "concurrency: { group: rolewright-apply, cancel-in-progress: false }",
    },
  ];
}

/** An apply looks for evidence that one certain file has made. */
function trustedPlan({ step }: OwnStep, steps: readonly OwnStep[]): readonly Check[] {
  const plans = steps.filter(({ task }) => task === "plan").map(({ workflow }) => workflow.path);
  if (plans.length === 0) return [];
  const named = step.with["plan-workflow"] ?? ".github/workflows/rolewright-plan.yml";
  return [
    {
      code: "plan-workflow",
      holds: plans.includes(named),
      good: `trusts plans of ${named}`,
      bad: `trusts plans of ${named}, which plans no pull requests`,
      advice: `plan-workflow: ${plans[0] ?? ""}`,
      at: step.at,
    },
  ];
}

/** Whoever may write can have a workflow of a pull request print the key, and seal any plan with it. */
function judgeEvidence({ workflow, job, step, task }: OwnStep, { hasCheckRuns }: WorkflowContext): readonly Finding[] {
  if (!hasCheckRuns || (task !== "plan" && task !== "apply")) return [];
  return judge(`${workflow.path}, job ${job.name}`, [
    {
      code: "evidence",
      holds: step.with["evidence"] !== "comment-hmac",
      good: task === "plan" ? "leaves its evidence in a check run" : "takes its evidence from check runs",
      bad: "uses evidence: comment-hmac, whose key everybody who may write can read, although this host has check runs",
      advice: "leave out evidence and evidence-key; comment-hmac is for Gitea and Forgejo",
      otherwise: "warning",
      at: step.at,
    },
  ]);
}
