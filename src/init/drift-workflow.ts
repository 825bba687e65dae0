// The workflow that compares the databases with the default branch every day, as `rolewright init` writes it.
import type { ActionPin } from "../model/action-pin.ts";
import {
  applyEnvironment,
  applyRunnerOf,
  checkoutStep,
  contentsPermission,
  ownMark,
  planEnvironment,
  rolewrightStep,
  runsOn,
  staleMarks,
  uploadStep,
  withDefaults,
  type WorkflowOptions,
} from "./workflow-parts.ts";
import { planWorkflowPath } from "./workflows.ts";

export const driftWorkflowPath = ".github/workflows/rolewright-drift.yml";

/** `drift: apply`: also put right what differs, for which the job has the admin accounts. */
export type DriftWorkflowOptions = WorkflowOptions & { readonly drift: "report" | "apply" };

/** Keeps one issue about what differs; closes it when nothing does. */
export function driftWorkflow(pin: ActionPin, given: Partial<DriftWorkflowOptions> = {}): string {
  const options = withDefaults(given);
  const isApply = given.drift === "apply";
  return `# ${ownMark}
# Looks every day for what differs from the default branch, and keeps one issue about it. ${isApply ? "What is declared, and was approved, is put right." : "Changes nothing on any server."}
name: rolewright drift
on:
  schedule:
    - cron: "23 5 * * *" # not on the hour, when most schedules start and are late
  workflow_dispatch:
permissions: {}
concurrency:
  group: rolewright-drift # two runs at once would open two issues
  cancel-in-progress: false
jobs:
  drift:
    name: drift
    ${runsOn(isApply ? applyRunnerOf(options) : options.runner)}
    timeout-minutes: ${isApply ? 60 : 30}
    environment: ${isApply ? applyEnvironment : planEnvironment}
    permissions:
      ${contentsPermission(options)}
      issues: write # the issue about what differs
${isApply ? staleMarks : ""}    steps:
${checkoutStep()}${rolewrightStep(pin, options, {
    with: ["command: drift", ...(isApply ? ["drift: apply", `plan-workflow: ${planWorkflowPath}`] : [])],
    login: isApply ? "ROLEWRIGHT_ADMIN_CSV" : "ROLEWRIGHT_PLANNER_CSV",
  })}${uploadStep("drift", options)}`;
}
