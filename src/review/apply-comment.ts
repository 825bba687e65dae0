// The report on a merged pull request: what was applied, where and how long it took; or why nothing was, and what differs.
import type { Detail } from "./comment-detail.ts";
import { nameLength } from "./comment-detail.ts";
import { applyResourceBlock, applyTable, groupSessions } from "./apply-results.ts";
import { refusalParts, type Refusal } from "./apply-refusal.ts";
import { count, listed } from "../model/count.ts";
import { fitDocument } from "./document.ts";
import { commitLink, link, namedLink, safeUrl, type Link, type Places } from "./link.ts";
import { code } from "./markdown.ts";
import type { Session, SessionStatus } from "../model/session.ts";
import { commentBytes } from "./shrink.ts";

export type ApplyCommentInput = {
  readonly environment: string;
  /** The merged pull request; `null` for an apply without one. */
  readonly pullRequest: number | null;
  /** The commit of the default branch that was applied, or would have been. */
  readonly commit: string;
  readonly places: Places;
  /** Logins of those who approved the run itself, as reviewers of its environment. */
  readonly approvers: readonly string[];
  /** Apply sessions of the run; none where it was refused before any server was asked. */
  readonly sessions: readonly Session[];
  /** Why the run as a whole was refused; `null` where it went on to the role specs. */
  readonly refusal: Refusal | null;
  /** Resources whose connection came with the pull request itself: nobody has seen a plan of them, and they were left alone. */
  readonly unseen: readonly string[];
  /** Whether a repeated run can tell what is left of the approved plan, role by role. */
  readonly isRepeatable: boolean;
  /** Whether something had to be done by others first: once it is, the role's plan is another one than the approved. */
  readonly hasBlockers: boolean;
  /** Where the sessions are kept; `null` where they are not. */
  readonly sessionLog: Link | null;
  readonly whole: readonly Link[];
  readonly runUrl: string;
};

/** `in-doubt`: nothing is known to be applied, and of some of it nobody knows. */
export type ApplyResult = "applied" | "nothing-to-do" | "partly-applied" | "in-doubt" | "not-applied";

/** At most 60,000 bytes. It carries no marker: each report is a comment of its own, for the record. */
export function renderApplyComment(input: ApplyCommentInput): {
  readonly body: string;
  readonly result: ApplyResult;
  readonly isComplete: boolean;
} {
  const { text, isComplete } = renderApplyMarkdown(input, commentBytes);
  return { body: text, result: resultOf(input), isComplete };
}

export function renderApplyMarkdown(input: ApplyCommentInput, bytes: number): { readonly text: string; readonly isComplete: boolean } {
  const groups = groupSessions(input.sessions);
  const refusal = input.refusal === null ? null : refusalParts(input.refusal, input.pullRequest);
  const document = {
    head: [`### PostgreSQL access · ${code(input.environment, 255)} · ${titleWords(input)}`, ...(refusal === null ? [] : [refusal.table])],
    table: (rows: number): string => applyTable(groups, rows),
    blocks: [
      ...(refusal?.differences ?? []),
      ...groups.map(
        (group) =>
          (detail: Detail): string =>
            applyResourceBlock(group, detail),
      ),
    ],
    foot: [whatToDo(input), unseenLine(input), placeLine(input)],
    whole: input.whole,
  };
  return fitDocument(document, bytes);
}

/** `refused` counts as not applied. */
export function resultOf({ sessions, refusal }: Pick<ApplyCommentInput, "sessions" | "refusal">): ApplyResult {
  if (refusal !== null) return "not-applied";
  const statuses = new Set(sessions.map((session) => session.status));
  const isTroubled = statuses.has("failed") || statuses.has("refused");
  if (!isTroubled) return statuses.has("success") ? "applied" : "nothing-to-do";
  const outcomes = new Set(sessions.flatMap((session) => Object.values(session.databases ?? {})));
  if (statuses.has("success") || outcomes.has("applied")) return "partly-applied";
  return outcomes.has("in-doubt") ? "in-doubt" : "not-applied";
}

function titleWords(input: ApplyCommentInput): string {
  const { sessions, refusal } = input;
  if (refusal !== null) return refusalParts(refusal, input.pullRequest).title;
  const by = (status: SessionStatus): number => sessions.filter((session) => session.status === status).length;
  switch (resultOf(input)) {
    case "applied":
      return `applied, ${count(by("success"), "role")}`;
    case "nothing-to-do":
      return "nothing to do";
    case "partly-applied":
      return `**partly applied**: ${troubles(by, ["success", "failed", "refused"]).join(", ")}`;
    case "in-doubt":
      return `**in doubt**: ${troubles(by, ["failed", "refused"]).join(", ")}`;
    case "not-applied":
      return `**not applied**: ${troubles(by, ["failed", "refused"]).join(", ")}`;
  }
}

const verbs = { success: "applied", failed: "failed", refused: "refused" } as const;

/** `2 roles applied, 1 failed`. */
function troubles(by: (status: SessionStatus) => number, statuses: readonly (keyof typeof verbs)[]): readonly string[] {
  return statuses
    .filter((status) => by(status) > 0)
    .map((status, index) => `${index === 0 ? count(by(status), "role") : by(status)} ${verbs[status]}`);
}

function whatToDo(input: ApplyCommentInput): string {
  const { sessions, refusal, runUrl } = input;
  const again = safeUrl(runUrl) === null ? "repeat the run" : `repeat the ${link("run", runUrl)}`;
  if (refusal !== null) return refusalParts(refusal, input.pullRequest).advice;
  const databases = sessions.flatMap((session) => Object.values(session.databases ?? {}));
  const sentences = [
    ...(resultOf(input) === "nothing-to-do" ? ["Everything was in sync already, and nothing was changed."] : []),
    ...(databases.includes("in-doubt")
      ? ["What is in doubt was under way when its connection or its run ended: whether that database has changed, the next plan says."]
      : []),
    ...(sessions.some((session) => session.status === "refused")
      ? ["What was refused differs from what was approved: open a pull request, or plan by hand, to get it approved."]
      : []),
    ...(sessions.some((session) => session.status === "failed")
      ? [
          `Each database is one transaction, so that nothing is half done in it. Mend what failed and ${isAgainEnough(input) ? again : planAgain}.`,
        ]
      : []),
  ];
  return sentences.join(" ");
}

/** @returns "" where there are none. */
function unseenLine({ unseen }: ApplyCommentInput): string {
  if (unseen.length === 0) return "";
  return `Left alone: ${names(unseen)}, whose connection came with this pull request. The next plan shows what is to be done there.`;
}

/** Where nothing stood in the way of a role, and nothing was applied or all roles that failed are as they were, so that the approved plan still is theirs. */
function isAgainEnough(input: ApplyCommentInput): boolean {
  if (input.hasBlockers) return false;
  if (resultOf(input) === "not-applied") return true;
  const failed = input.sessions.filter((session) => session.status === "failed");
  const outcomes = failed.flatMap((session) => Object.values(session.databases ?? {}));
  return input.isRepeatable && !outcomes.includes("applied") && !outcomes.includes("in-doubt");
}

/** What is left of a role that was half applied is another plan than the approved one. */
const planAgain = "plan again, by a pull request or by hand: what is left is another plan than the one that was approved";

function placeLine({ commit, places, sessionLog, pullRequest, approvers }: ApplyCommentInput): string {
  const origin = pullRequest === null ? "Without a pull request" : `Pull request #${pullRequest}`;
  const approval = approvers.length === 0 ? "" : ` · approved by ${names(approvers)}`;
  const log = sessionLog === null ? "" : ` · sessions: ${namedLink({ ...sessionLog, label: sessionLog.label.slice(0, nameLength) })}`;
  return `${origin} · commit ${commitLink(commit, places)}${approval}${log}`;
}

function names(list: readonly string[]): string {
  const shown = list.slice(0, 20);
  return listed(
    shown.map((name) => code(name, nameLength)),
    list.length,
  );
}
