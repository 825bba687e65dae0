// The workflow that compares the databases with the default branch every day, as `rolewright init` writes it.
import type { ActionPin } from "../model/action-pin.ts";
import {
  checkoutStep,
  contentsPermission,
  ownMark,
  planEnvironment,
  rolewrightStep,
  runsOn,
  uploadStep,
  withDefaults,
  type WorkflowOptions,
} from "./workflow-parts.ts";

export const driftWorkflowPath = ".github/workflows/rolewright-drift.yml";

/** Keeps one issue about what differs; closes it when nothing does. */
export function driftWorkflow(pin: ActionPin, given: Partial<WorkflowOptions> = {}): string {
  const options = withDefaults(given);
  return `# ${ownMark}
# Looks every day for what differs from the default branch, and keeps one issue about it. Changes nothing on any server.
name: rolewright drift
on:
  schedule:
    - cron: "23 5 * * *"
  workflow_dispatch:
permissions: {}
concurrency:
  group: rolewright-drift
  cancel-in-progress: false
jobs:
  drift:
    name: drift
    ${runsOn(options)}
    timeout-minutes: 30
    environment: ${planEnvironment}
    permissions:
      ${contentsPermission(options)}
      issues: write # the issue about what differs
    steps:
${checkoutStep()}${rolewrightStep(pin, options, { with: ["command: drift"], login: "ROLEWRIGHT_PLANNER_CSV" })}${uploadStep("drift", options)}`;
}
