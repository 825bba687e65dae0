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
${sessionLogInput(sessionLog.kind === "branch" ? { kind: "artifact" } : sessionLog)}        env:
          ROLEWRIGHT_PLANNER_CSV: \${{ secrets.ROLEWRIGHT_PLANNER_CSV }}
${upload("plan", sessionLog.kind === "branch" ? { kind: "artifact" } : sessionLog)}`;
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
