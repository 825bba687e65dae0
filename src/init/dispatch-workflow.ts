// The workflow that people start by hand, as `rolewright init` writes it: one job plans, and another applies exactly that plan when the
// reviewers of its environment have let it.
import type { ActionPin } from "../model/action-pin.ts";
import {
  applyEnvironment,
  checkoutStep,
  contentsPermission,
  defaultWorkflowOptions,
  ownMark,
  planEnvironment,
  rolewrightStep,
  runsOn,
  uploadStep,
  type WorkflowOptions,
} from "./workflow-parts.ts";

export const dispatchWorkflowPath = ".github/workflows/rolewright-dispatch.yml";

const choice = ["rotate: ${{ inputs.rotate }}", "resources: ${{ inputs.resources }}"];

/** Rotates a password, or applies the default branch anew, without a pull request. */
export function dispatchWorkflow(pin: ActionPin, options: WorkflowOptions = defaultWorkflowOptions): string {
  return `# ${ownMark}
# Started by hand: gives a role a new password, or applies the default branch anew. The plan stands in the summary of its job; the second
# job waits for the reviewers of the environment ${applyEnvironment}, and refuses any other plan than that one.
name: rolewright dispatch
on:
  workflow_dispatch:
    inputs:
      rotate:
        description: resource/role that gets a new password; empty to apply what is declared
        type: string
        default: ""
      resources:
        description: Only these resources, separated by commas; empty for all
        type: string
        default: ""
permissions: {}
concurrency:
  group: rolewright-dispatch
  cancel-in-progress: false
jobs:
${planJob(pin, options)}${applyJob(pin, options)}`;
}

function planJob(pin: ActionPin, options: WorkflowOptions): string {
  const step = rolewrightStep(pin, options, { with: ["command: plan", ...choice], login: "ROLEWRIGHT_PLANNER_CSV" });
  return `  plan:
    name: plan
    ${runsOn(options)}
    timeout-minutes: 20
    environment: ${planEnvironment}
    permissions:
      ${contentsPermission(options)}
    outputs:
      changes: \${{ steps.rolewright.outputs.changes }}
      checksum: \${{ steps.rolewright.outputs.checksum }}
    steps:
${checkoutStep()}${step}${uploadStep("plan", options)}`;
}

function applyJob(pin: ActionPin, options: WorkflowOptions): string {
  const step = rolewrightStep(pin, options, {
    with: [
      "command: apply",
      ...choice,
      "evidence: none # no pull request: the environment's reviewers have seen the plan with this checksum",
      "expect: ${{ needs.plan.outputs.checksum }}",
    ],
    login: "ROLEWRIGHT_ADMIN_CSV",
  });
  return `  apply:
    name: apply
    needs: plan
    if: needs.plan.outputs.changes == 'true'
    ${runsOn(options)}
    timeout-minutes: 60
    environment: ${applyEnvironment}
    permissions:
      ${contentsPermission(options)}
      actions: read # who has approved this run
      checks: write # mark plans of pull requests as stale
      pull-requests: write # say so in their comments
    steps:
${checkoutStep()}${step}${uploadStep("apply", options)}`;
}
