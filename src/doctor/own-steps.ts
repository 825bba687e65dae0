// Which jobs of a repository run rolewright, and what for.
import type { Job, Step, Workflow } from "./workflow.ts";

export type Task =
  /** Of pull requests: makes the evidence. */
  | "plan"
  /** Of the default branch: for a job behind it that expects its checksum, or a person. */
  | "branch-plan"
  /** Of what the evidence of a pull request says. */
  | "apply"
  /** Of a plan with a given checksum, in a job behind an environment. */
  | "expected-apply"
  | "drift"
  | "drift-apply";

export type OwnStep = { readonly workflow: Workflow; readonly job: Job; readonly step: Step; readonly task: Task };

export function ownSteps(workflows: readonly Workflow[]): readonly OwnStep[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const task = taskOf(workflow, step);
        return task === null ? [] : [{ workflow, job, step, task }];
      }),
    ),
  );
}

/** By its name, or in its own repository by a path. A fork under another name is not known by it. */
function isOwn({ uses }: Step): boolean {
  return /^(?:[\w.-]+\/[\w.-]*rolewright[\w.-]*(?:@|$)|\.\/)/iu.test(uses);
}

/** @returns `null` for a step that is none of rolewright's. */
export function taskOf({ events }: Workflow, step: Step): Task | null {
  if (!isOwn(step)) return null;
  const { command = "", expect = "", evidence = "", drift = "" } = step.with;
  switch (command) {
    case "plan":
      return "pull_request" in events || "merge_group" in events ? "plan" : "branch-plan";
    case "apply":
      return expect !== "" || evidence === "none" ? "expected-apply" : "apply";
    case "drift":
      return drift === "apply" ? "drift-apply" : "drift";
    default:
      return null;
  }
}

/** Tasks whose jobs hold the admin accounts. */
export function changesServers(task: Task): boolean {
  return task === "apply" || task === "expected-apply" || task === "drift-apply";
}

/** A plan's sessions go to the folder, whatever the input says: its token writes to no branch. */
export function writesToBranch({ task, step }: Pick<OwnStep, "task" | "step">): boolean {
  return (step.with["session-log"] ?? "").startsWith("branch:") && task !== "plan" && task !== "branch-plan";
}
