// What the workflows of an access repository share. Every permission says why it is there, and every action is pinned by commit.
import type { ActionPin } from "../model/action-pin.ts";

export type SessionLog = { readonly kind: "artifact" | "none" } | { readonly kind: "branch"; readonly branch: string };

/** Names have passed a check: none of them can end a YAML line, or begin an expression. */
export type WorkflowOptions = {
  readonly defaultBranch: string;
  /** Labels of the runner that plans, and reaches the databases. */
  readonly runner: readonly string[];
  /** Of the one that applies: pull requests decide what the other one runs. `null`: the same. */
  readonly applyRunner: readonly string[] | null;
  readonly sessionLog: SessionLog;
  /** Folder of the access repository in the Git repository; "" where they are the same. */
  readonly directory: string;
};

export const defaultWorkflowOptions: WorkflowOptions = {
  defaultBranch: "main",
  runner: ["ubuntu-24.04"],
  applyRunner: null,
  sessionLog: { kind: "artifact" },
  directory: "",
};

export function withDefaults(given: Partial<WorkflowOptions>): WorkflowOptions {
  return { ...defaultWorkflowOptions, ...given };
}

/** What a plan runs with: its token writes to no branch, and its sessions go to a folder. */
export function planOptions(given: Partial<WorkflowOptions>): WorkflowOptions {
  const options = withDefaults(given);
  return options.sessionLog.kind === "branch" ? { ...options, sessionLog: { kind: "artifact" } } : options;
}

/** The environments whose secrets are the logins. */
export const planEnvironment = "rolewright-plan";
export const applyEnvironment = "rolewright-apply";

/** Begins every file that `rolewright init --force` may write again. */
export const ownMark = "Written by rolewright init; `rolewright init --force` writes it again.";

// https://github.com/actions/checkout/releases/tag/v5.0.0, https://github.com/actions/upload-artifact/releases/tag/v6.0.0:
// the first ones that run on Node 24.
const checkoutPin = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
const uploadPin = "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0";

/** Labels of the runner that has the admin accounts, and the folder of the passwords. */
export function applyRunnerOf({ runner, applyRunner }: WorkflowOptions): readonly string[] {
  return applyRunner ?? runner;
}

/** Whether it is a machine that stays, and not one that GitHub throws away after the job. */
export function isOwnRunner(labels: readonly string[]): boolean {
  return labels.includes("self-hosted");
}

/** zizmor asks about runners of one's own: a fork's pull request to a public repository would run on them. */
export function runsOn(labels: readonly string[]): string {
  const [only = "", ...more] = labels.map(scalar);
  const isOwn = isOwnRunner(labels);
  return `runs-on: ${more.length === 0 ? only : `[${[only, ...more].join(", ")}]`}${
    isOwn ? " # zizmor: ignore[self-hosted-runner] for private repositories only" : ""
  }`;
}

/** A name as YAML, quoted where a bare one could be taken for something else than a text. */
export function scalar(name: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/u.test(name) && !/^(?:true|false|null|yes|no|on|off)$/iu.test(name);
  return isPlain ? name : JSON.stringify(name);
}

/** A permission for the session log, where that is a branch. */
export function contentsPermission({ sessionLog }: WorkflowOptions): string {
  return sessionLog.kind === "branch"
    ? `contents: write # check out; add sessions to the branch ${sessionLog.branch}`
    : "contents: read # check out";
}

/** Permissions for telling open pull requests that their plans are stale. */
export const staleMarks = lines([
  "      pull-requests: write # say on open pull requests that their plans are stale",
  "      checks: write # the same for the check runs of these plans",
  "      actions: read # which app the run acts as, who approved it, and what made a plan",
]);

/** @param inputs of the checkout besides the one that keeps the token out of the work tree, each with its comment. */
export function checkoutStep(...inputs: readonly string[]): string {
  return lines([
    `      - uses: ${checkoutPin}`,
    "        with:",
    ...inputs.map((input) => `          ${input}`),
    "          persist-credentials: false",
  ]);
}

/** @param input.login the variable whose secret holds the logins. */
export function rolewrightStep(
  pin: ActionPin,
  options: WorkflowOptions,
  input: { readonly with: readonly string[]; readonly login: "ROLEWRIGHT_PLANNER_CSV" | "ROLEWRIGHT_ADMIN_CSV" },
): string {
  const { directory, sessionLog } = options;
  return lines([
    `      - uses: ${pin.uses} # ${pin.version}`,
    "        id: rolewright",
    "        with:",
    ...input.with.map((line) => `          ${line}`),
    ...(directory === "" ? [] : [`          directory: ${scalar(directory)}`]),
    ...(sessionLog.kind === "artifact"
      ? []
      : [`          session-log: ${sessionLog.kind === "branch" ? `branch:${sessionLog.branch}` : "none"}`]),
    "        env:",
    `          ${input.login}: \${{ secrets.${input.login} }}`,
  ]);
}

/** Sessions are kept also where the run failed or was cancelled; beside a branch only then, for the case that it could not be written. */
export function uploadStep(kind: string, { sessionLog }: WorkflowOptions): string {
  if (sessionLog.kind === "none") return "";
  const when = sessionLog.kind === "branch" ? "(failure() || cancelled())" : "always()";
  return lines([
    `      - uses: ${uploadPin}`,
    `        if: ${when} && steps.rolewright.outputs.session-dir != ''`,
    "        with:",
    `          name: rolewright-${kind}-sessions-\${{ github.run_id }}-\${{ github.run_attempt }}`,
    "          path: ${{ steps.rolewright.outputs.session-dir }}",
    "          include-hidden-files: true # the records of applies that were killed",
    "          if-no-files-found: ignore",
    "          retention-days: 90",
  ]);
}

export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
