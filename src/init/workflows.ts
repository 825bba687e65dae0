// The workflows of an access repository, as `rolewright init` writes them. Every permission says why it is there.
// Actions are pinned by commit: a tag can be moved. https://docs.github.com/actions/security-for-github-actions

/** What the workflows call: `owner/rolewright@<commit>`, with the version as a comment behind it. */
export type ActionPin = { readonly uses: string; readonly version: string };

export type SessionLog = { readonly kind: "artifact" | "none" } | { readonly kind: "branch"; readonly branch: string };

/** Names have passed a check: none of them can end a YAML line, or begin an expression. */
export type WorkflowOptions = { readonly sessionLog: SessionLog };

export const defaultWorkflowOptions: WorkflowOptions = { sessionLog: { kind: "artifact" } };

const checkout = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
const uploadArtifact = "actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0";

/** Where plans are made; an apply trusts only check runs of this file. */
export const planWorkflowPath = ".github/workflows/rolewright-plan.yml";
export const applyWorkflowPath = ".github/workflows/rolewright-apply.yml";
export const driftWorkflowPath = ".github/workflows/rolewright-drift.yml";
export const dispatchWorkflowPath = ".github/workflows/rolewright-dispatch.yml";

/** Plans on pull requests and in the merge queue, with the planner's logins. Whatever the options, its token only reads. */
export function planWorkflow(pin: ActionPin, { sessionLog }: WorkflowOptions = defaultWorkflowOptions): string {
  return `# Plans every pull request against the live catalogs. Secrets of the environment rolewright-plan: logins that may only CONNECT.
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
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    environment: rolewright-plan
    permissions:
      contents: read # check out
      pull-requests: write # the plan's comment
      checks: write # the check run that an apply trusts
    steps:
      - uses: ${checkout}
        with:
          fetch-depth: 0 # the inventory of the base branch decides where the plan connects to
          persist-credentials: false
      - uses: ${pin.uses} # ${pin.version}
        id: rolewright
        with:
          command: plan
${sessionLogInput(planLog(sessionLog))}        env:
          ROLEWRIGHT_PLANNER_CSV: \${{ secrets.ROLEWRIGHT_PLANNER_CSV }}
${upload("plan", planLog(sessionLog))}`;
}

/** Applies what was reviewed, when it reaches the default branch, with the admin accounts. */
export function applyWorkflow(pin: ActionPin, { sessionLog }: WorkflowOptions = defaultWorkflowOptions): string {
  return `# Applies what was reviewed. Secrets of the environment rolewright-apply, which only the default branch may use: the admin accounts.
name: rolewright apply
on:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: rolewright-apply
  cancel-in-progress: false
jobs:
  apply:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: rolewright-apply
    permissions:
      ${contentsPermission(sessionLog)}
      pull-requests: write # the report on the merged pull request
      checks: write # mark plans of other pull requests as stale
      actions: read # look up the run that made the plan
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${pin.uses} # ${pin.version}
        id: rolewright
        with:
          command: apply
          plan-workflow: ${planWorkflowPath}
${sessionLogInput(sessionLog)}        env:
          ROLEWRIGHT_ADMIN_CSV: \${{ secrets.ROLEWRIGHT_ADMIN_CSV }}
${upload("apply", sessionLog)}`;
}

/** `apply`: also put right what differs, for which the job has the admin accounts. */
export type DriftWorkflowOptions = WorkflowOptions & { readonly drift: "report" | "apply" };

/** Plans the default branch once a day and keeps one issue about what differs from it. */
export function driftWorkflow(
  pin: ActionPin,
  { sessionLog, drift }: DriftWorkflowOptions = { ...defaultWorkflowOptions, drift: "report" },
): string {
  const isApply = drift === "apply";
  return `# Looks every day for what differs from the default branch, and keeps one issue about it.${isApply ? " What is declared is put right." : ""}
name: rolewright drift
on:
  schedule:
    - cron: "23 4 * * *" # not on the hour, when most schedules start and are late
  workflow_dispatch:
permissions: {}
concurrency:
  group: rolewright-drift # two runs at once would open two issues
  cancel-in-progress: false
jobs:
  drift:
    runs-on: ubuntu-24.04
    timeout-minutes: ${isApply ? 60 : 20}
    environment: rolewright-${isApply ? "apply" : "plan"}
    permissions:
      ${contentsPermission(sessionLog)}
      issues: write # the one issue
${isApply ? staleMarks : ""}    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${pin.uses} # ${pin.version}
        id: rolewright
        with:
          command: drift
${isApply ? "          drift: apply\n" : ""}${sessionLogInput(sessionLog)}        env:
          ${isApply ? admins : planners}
${upload("drift", sessionLog)}`;
}

/**
 * Rotates a password, or applies the default branch, because a person asks: one job plans, and a second one applies exactly that plan
 * once the reviewers of its environment have let it go on.
 */
export function dispatchWorkflow(pin: ActionPin, { sessionLog }: WorkflowOptions = defaultWorkflowOptions): string {
  return `# Rotates a password, or applies the default branch, by hand. The environment rolewright-apply should have reviewers: they approve the plan
# that the first job shows in its summary, and the second one applies that plan or nothing.
name: rolewright dispatch
run-name: rolewright \${{ inputs.what }} \${{ inputs.what == 'rotate' && inputs.role || inputs.resources }}
on:
  workflow_dispatch:
    inputs:
      what:
        description: What to do
        type: choice
        options: [apply, rotate]
        required: true
      role:
        description: "rotate: the role that gets a new password, as resource/label"
        type: string
      resources:
        description: "apply: only these resources, separated by commas; all where empty"
        type: string
permissions: {}
# No concurrency group: a run that waits for its reviewers would hold back all others. The lock on each cluster keeps applies apart.
jobs:
${planJob(pin, planLog(sessionLog))}
${applyJob(pin, sessionLog)}`;
}

/** Shows the plan in the summary of its run, before any reviewer is asked. */
function planJob(pin: ActionPin, sessionLog: SessionLog): string {
  return `  plan:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    environment: rolewright-plan
    permissions:
      contents: read # check out
    outputs:
      changes: \${{ steps.rolewright.outputs.changes }}
      checksum: \${{ steps.rolewright.outputs.checksum }}
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${pin.uses} # ${pin.version}
        id: rolewright
        with:
          command: plan
${dispatched}${sessionLogInput(sessionLog)}        env:
          ${planners}
${upload("plan", sessionLog)}`;
}

function applyJob(pin: ActionPin, sessionLog: SessionLog): string {
  return `  apply:
    needs: plan
    if: needs.plan.outputs.changes == 'true'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: rolewright-apply
    permissions:
      ${contentsPermission(sessionLog)}
${staleMarks}    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${pin.uses} # ${pin.version}
        id: rolewright
        with:
          command: apply
          evidence: none # the reviewers of the environment approve, not those of a pull request
          expect: \${{ needs.plan.outputs.checksum }}
${dispatched}${sessionLogInput(sessionLog)}        env:
          ${admins}
${upload("apply", sessionLog)}`;
}

const planners = "ROLEWRIGHT_PLANNER_CSV: ${{ secrets.ROLEWRIGHT_PLANNER_CSV }}";
const admins = "ROLEWRIGHT_ADMIN_CSV: ${{ secrets.ROLEWRIGHT_ADMIN_CSV }}";

/** Without a role to rotate, "/" is an error; nothing would be everything. */
const dispatched = `          rotate: \${{ inputs.what == 'rotate' && (inputs.role || '/') || '' }}
          resources: \${{ inputs.what == 'apply' && inputs.resources || '' }}
`;

const staleMarks = `      pull-requests: write # say on open pull requests that their plans are stale
      checks: write # the same for the check runs of these plans
      actions: read # which app the run acts as, and who approved it
`;

/** A plan's token only reads. */
function planLog(sessionLog: SessionLog): SessionLog {
  return sessionLog.kind === "branch" ? { kind: "artifact" } : sessionLog;
}

function contentsPermission(sessionLog: SessionLog): string {
  return sessionLog.kind === "branch"
    ? `contents: write # check out; add sessions to the branch ${sessionLog.branch}`
    : "contents: read # check out";
}

function sessionLogInput(sessionLog: SessionLog): string {
  if (sessionLog.kind === "artifact") return "";
  return `          session-log: ${sessionLog.kind === "branch" ? `branch:${sessionLog.branch}` : "none"}\n`;
}

/** Sessions are kept also where the run failed or was cancelled; beside a branch only then, for the case that it could not be written. */
function upload(kind: string, sessionLog: SessionLog): string {
  if (sessionLog.kind === "none") return "";
  const when = sessionLog.kind === "branch" ? "(failure() || cancelled())" : "always()";
  return `      - uses: ${uploadArtifact}
        if: ${when} && steps.rolewright.outputs.session-dir != ''
        with:
          name: rolewright-${kind}-sessions-\${{ github.run_id }}-\${{ github.run_attempt }}
          path: \${{ steps.rolewright.outputs.session-dir }}
          include-hidden-files: true # the records of applies that were killed
          if-no-files-found: ignore
          retention-days: 90
`;
}
