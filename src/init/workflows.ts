// The workflows that plan and apply, as `rolewright init` writes them.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
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
  scalar,
  uploadStep,
  withDefaults,
  type WorkflowOptions,
} from "./workflow-parts.ts";

/** Where plans are made; an apply trusts only check runs of this file. */
export const planWorkflowPath = ".github/workflows/rolewright-plan.yml";
export const applyWorkflowPath = ".github/workflows/rolewright-apply.yml";

/** Plans on pull requests and in the merge queue, with the planner's logins. */
export function planWorkflow(pin: ActionPin, given: Partial<WorkflowOptions> = {}): string {
  const options = planOptions(given);
  return `# ${ownMark}
# Plans every pull request against the live catalogs. Secrets of the environment ${planEnvironment}: logins that may only CONNECT.
name: rolewright plan
on:
  pull_request:
  merge_group:
permissions: {}
concurrency:
  group: rolewright-plan-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: true
jobs:
  plan:
    name: plan
    ${runsOn(options.runner)}
    timeout-minutes: 20
    environment: ${planEnvironment}
    permissions:
      ${contentsPermission(options)}
      pull-requests: write # the plan's comment
      checks: write # the check run that an apply trusts
    steps:
${checkoutStep("fetch-depth: 0 # the inventory of the base branch decides where the plan connects to")}${rolewrightStep(pin, options, {
    with: ["command: plan"],
    login: "ROLEWRIGHT_PLANNER_CSV",
  })}${uploadStep("plan", options)}`;
}

/** Applies what was reviewed, when it reaches the default branch, with the admin accounts. */
export function applyWorkflow(pin: ActionPin, given: Partial<WorkflowOptions> = {}): string {
  const options = withDefaults(given);
  return `# ${ownMark}
# Applies what was reviewed. Secrets of the environment ${applyEnvironment}, which only the default branch may use: the admin accounts.
name: rolewright apply
on:
  push:
    branches: [${scalar(options.defaultBranch)}]
permissions: {}
concurrency:
  group: rolewright-apply
  cancel-in-progress: false
jobs:
  apply:
    name: apply
    ${runsOn(applyRunnerOf(options))}
    timeout-minutes: 60
    environment: ${applyEnvironment}
    permissions:
      ${contentsPermission(options)}
      pull-requests: write # the report on the merged pull request
      checks: write # mark plans of other pull requests as stale
      actions: read # look up the run that made the plan
    steps:
${checkoutStep()}${rolewrightStep(pin, options, {
    with: ["command: apply", `plan-workflow: ${planWorkflowPath}`],
    login: "ROLEWRIGHT_ADMIN_CSV",
  })}${uploadStep("apply", options)}`;
}
