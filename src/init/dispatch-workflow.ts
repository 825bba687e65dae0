// The workflow that people start by hand, as `rolewright init` writes it: one job plans, and another applies exactly that plan when the
// reviewers of its environment have let it.
import type { ActionPin } from "../model/action-pin.ts";
import {
  applyEnvironment,
  applyRunnerOf,
  checkoutStep,
  contentsPermission,
  ownMark,
  planEnvironment,
  planOptions,
  rolewrightStep,
  runsOn,
  staleMarks,
  uploadStep,
  withDefaults,
  type WorkflowOptions,
} from "./workflow-parts.ts";

export const dispatchWorkflowPath = ".github/workflows/rolewright-dispatch.yml";

/** Without a role to rotate, "/" is an error; nothing would be everything. */
const choice = [
  "rotate: ${{ inputs.what == 'rotate' && (inputs.role || '/') || '' }}",
  "resources: ${{ inputs.what == 'apply' && inputs.resources || '' }}",
];

/**
 * Rotates a password, or applies the default branch anew, without a pull request. It has no concurrency group: a run that waits for its
 * reviewers would hold back all others, and the lock on each cluster keeps applies apart.
 */
export function dispatchWorkflow(pin: ActionPin, given: Partial<WorkflowOptions> = {}): string {
  const options = withDefaults(given);
  return `# ${ownMark}
# Started by hand: gives a role a new password, or applies the default branch anew. The plan stands in the summary of its job; the second
# job waits for the reviewers of the environment ${applyEnvironment}, and applies that plan or nothing.
name: rolewright dispatch
run-name: rolewright \${{ inputs.what }} \${{ inputs.what == 'rotate' && inputs.role || inputs.resources }}
on: # zizmor: ignore[concurrency-limits] a run that waits for its reviewers would hold back all others
  workflow_dispatch:
    inputs:
      what:
        description: What to do
        type: choice
        options: [apply, rotate]
        required: true
      role:
        description: "rotate: the role that gets a new password, as resource/role"
        type: string
      resources:
        description: "apply: only these resources, separated by commas; all where empty"
        type: string
permissions: {}
jobs:
${planJob(pin, planOptions(options))}${applyJob(pin, options)}`;
}

function planJob(pin: ActionPin, options: WorkflowOptions): string {
  const step = rolewrightStep(pin, options, { with: ["command: plan", ...choice], login: "ROLEWRIGHT_PLANNER_CSV" });
  return `  plan:
    name: plan
    ${runsOn(options.runner)}
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
      "evidence: none # the reviewers of the environment approve, not those of a pull request",
      "expect: ${{ needs.plan.outputs.checksum }}",
    ],
    login: "ROLEWRIGHT_ADMIN_CSV",
  });
  return `  apply:
    name: apply
    needs: plan
    if: needs.plan.outputs.changes == 'true'
    ${runsOn(applyRunnerOf(options))}
    timeout-minutes: 60
    environment: ${applyEnvironment}
    permissions:
      ${contentsPermission(options)}
${staleMarks}    steps:
${checkoutStep()}${step}${uploadStep("apply", options)}`;
}
