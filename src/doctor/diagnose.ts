// Everything that the doctor knows → what is well and what is missing.
import { planCheckName } from "../model/plan-check-name.ts";
import type { Finding, Seen } from "./finding.ts";
import { judgeBranch, type BranchFacts } from "./judge-branch.ts";
import { judgeCodeOwners } from "./judge-code-owners.ts";
import { environmentNames, judgeEnvironments, type SeenEnvironments } from "./judge-environments.ts";
import { judgeFiles, type FilesFacts } from "./judge-files.ts";
import { judgeRunners } from "./judge-runners.ts";
import { judgeWorkflows } from "./judge-workflows.ts";
import { ownSteps, type OwnStep } from "./own-steps.ts";
import { readWorkflow, type TextFile, type Workflow } from "./workflow.ts";

export type LocalFacts = {
  readonly files: FilesFacts;
  readonly workflows: readonly TextFile[];
  readonly codeOwners: readonly TextFile[];
  /** Inventory, roles and settings, from the root of the Git repository. */
  readonly accessPaths: readonly string[];
};

export type HostFacts = { readonly branch: BranchFacts; readonly environments: SeenEnvironments };

/** Environments that the workflows name: what to ask the host for. */
export function wantedEnvironments(workflows: readonly TextFile[]): readonly string[] {
  return environmentNames(stepsOf(workflows).steps);
}

/** @param input.host hidden where there is no token. */
export function diagnose(input: {
  readonly repository: string;
  /** As far as it is known. */
  readonly defaultBranch: string;
  readonly local: LocalFacts;
  /** False for Gitea and Forgejo. */
  readonly hasCheckRuns: boolean;
  readonly host: Seen<HostFacts>;
}): readonly Finding[] {
  const { local, host, defaultBranch, hasCheckRuns } = input;
  const { workflows, steps, broken } = stepsOf(local.workflows);
  return [
    ...judgeFiles(local.files, input.repository),
    ...broken,
    ...judgeWorkflows(workflows, steps, { defaultBranch, store: local.files.store, hasCheckRuns }),
    ...judgeRunners(steps),
    ...judgeCodeOwners(local.codeOwners, [...local.workflows.map(({ path }) => path), ...local.accessPaths]),
    ...judgeHost(host, steps),
  ];
}

function judgeHost(host: Seen<HostFacts>, steps: readonly OwnStep[]): readonly Finding[] {
  if ("hidden" in host)
    return [
      { code: "github", area: "GitHub", state: "problem", text: "its rules and environments were not looked at", advice: host.hidden },
    ];
  const { branch, environments } = host.value;
  const classic = "value" in branch.classic ? branch.classic.value : [];
  const hasMergeQueue = [...branch.rules, ...classic].some(({ kind }) => kind === "merge-queue");
  const plans = steps.filter(({ task }) => task === "plan");
  const checks = new Set(plans.map(({ step }) => planCheckName(step.with["environment"] ?? "default")));
  return [
    ...judgeBranch(branch, checks.size === 0 ? [planCheckName("default")] : [...checks]),
    ...judgeQueue(hasMergeQueue, plans),
    ...judgeEnvironments(steps, environments, { defaultBranch: branch.name, hasMergeQueue }),
  ];
}

function judgeQueue(hasMergeQueue: boolean, plans: readonly OwnStep[]): readonly Finding[] {
  if (!hasMergeQueue || plans.length === 0 || plans.some(({ workflow }) => "merge_group" in workflow.events)) return [];
  return [
    {
      code: "merge-queue",
      area: plans[0]?.workflow.path ?? "",
      state: "problem",
      text: "the branch has a merge queue, and no plan runs for it, so that the queue waits for the required check for ever",
      advice: "on: { pull_request: , merge_group: }",
    },
  ];
}

type Steps = { readonly workflows: readonly Workflow[]; readonly steps: readonly OwnStep[]; readonly broken: readonly Finding[] };

function stepsOf(files: readonly TextFile[]): Steps {
  const read = files.map((file) => ({ file, workflow: readWorkflow(file) }));
  const workflows = read.flatMap(({ workflow }) => (workflow === null ? [] : [workflow]));
  const broken = read.flatMap(({ file, workflow }): readonly Finding[] =>
    workflow !== null
      ? []
      : [
          {
            code: "workflow-readable",
            area: file.path,
            state: "problem",
            text: "is no workflow that can be read",
            advice: "mend its YAML",
          },
        ],
  );
  return { workflows, steps: ownSteps(workflows), broken };
}
