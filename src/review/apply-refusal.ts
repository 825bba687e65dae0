// Why an apply was refused, and what differs between what was approved and what is there now.
import { textOf } from "../model/display.ts";
import type { PlanBasis } from "../model/plan-basis.ts";
import { nameLength, type Detail } from "./comment-detail.ts";
import { digest } from "./comment-evidence.ts";
import type { Fingerprints } from "./fingerprint.ts";
import { clip, code, fence, paragraphs, tableRow, visible } from "./markdown.ts";
import { renderStale } from "./stale-text.ts";

export type RefusalReason =
  | "catalog"
  | "declaration"
  | "target"
  | "version"
  | "evidence-missing"
  | "evidence-untrusted"
  | "approval-missing"
  | "unexpected"
  | "unplanned"
  /** Said after the job: the step was killed, or an error ended it. */
  | "ended";

export type Refusal = {
  readonly reason: RefusalReason;
  /** More on it, as the gate says it; "" for nothing. */
  readonly message: string;
  readonly approved: Fingerprints | null;
  readonly now: Fingerprints | null;
  /** Of the role specs that differ, where the reviewed plan is at hand. */
  readonly differences: readonly {
    readonly resource: string;
    readonly role: string;
    readonly reviewed: PlanBasis;
    readonly now: PlanBasis;
  }[];
};

const titles: Readonly<Record<RefusalReason, string>> = {
  catalog: "the live catalog changed after approval",
  declaration: "the declared state changed after approval",
  target: "it was planned for another cluster",
  version: "it was planned by another version of rolewright",
  "evidence-missing": "there is no plan of what was merged",
  "evidence-untrusted": "the plan cannot be trusted",
  "approval-missing": "nobody else approved exactly what was merged",
  unexpected: "the plan is not the one that was expected",
  unplanned: "not everything could be planned",
  ended: "the run ended before anything was applied",
};

const openAnother = "Open a pull request, or run the plan by hand, to get this approved. Nothing was changed.";

const advices: Readonly<Record<RefusalReason, string>> = {
  catalog: openAnother,
  declaration: openAnother,
  target: openAnother,
  version: openAnother,
  "evidence-missing": openAnother,
  "evidence-untrusted": `${openAnother} A pull request that changes workflows or the pin of the action is not applied by itself.`,
  "approval-missing": "Have the next pull request approved at its last commit by somebody other than its author. Nothing was changed.",
  unexpected:
    "The catalog or the declaration has changed since that plan was made. Start the workflow again, to see and approve the plan of now. Nothing was changed.",
  unplanned: "Mend what could not be planned and start the workflow again. Nothing was changed.",
  ended: "Its log says why. Repeat the run. Nothing was changed.",
};

export type RefusalParts = {
  readonly title: string;
  readonly table: string;
  readonly differences: readonly ((detail: Detail) => string)[];
  readonly advice: string;
};

export function refusalParts(refusal: Refusal, pullRequest: number | null): RefusalParts {
  const { reason, message, approved, now, differences } = refusal;
  const table = approved === null || now === null ? "" : comparison(approved, now, pullRequest);
  return {
    title: `**not applied**: ${titles[reason]}`,
    table: paragraphs([message === "" ? "" : code(message, 500), table]),
    differences: differences.map(
      (difference) =>
        (detail: Detail): string =>
          differencePart(difference, detail),
    ),
    advice: advices[reason],
  };
}

/** Two in a row have to fit; in full they stand in the plan comment and in the sessions. */
const digits = 20;

function comparison(approved: Fingerprints, now: Fingerprints, pullRequest: number | null): string {
  const row = (name: string, key: keyof Fingerprints): string => {
    const mark = approved[key] === now[key] ? "same" : "**differs**";
    return tableRow([name, digest(approved[key], digits), `${digest(now[key], digits)} ${mark}`]);
  };
  return [
    tableRow(["", pullRequest === null ? "Approved" : `Approved in #${pullRequest}`, "Now"]),
    "|:---|:---|:---|",
    row("Checksum", "checksum"),
    row("Live catalog", "catalog"),
    row("Declared state", "declared"),
  ].join("\n");
}

/** With counts only, nothing is shown: the table says that it differs. */
function differencePart({ resource, role, reviewed, now }: Refusal["differences"][number], detail: Detail): string {
  if (detail.sql === 0) return `${code(resource, nameLength)} ${code(role, nameLength)} differs.`;
  const lines = renderStale(reviewed, now).map((line) => diffLine(visible(textOf(line)), detail.text));
  return paragraphs([`${code(resource, nameLength)} ${code(role, nameLength)}:`, fence("diff", lines.join("\n"))]);
}

/** Signs stand first in a diff; the lines between are titles. */
function diffLine(text: string, length: number): string {
  const [, sign, entry] = /^ {2}([+-]) (.*)$/u.exec(text) ?? [];
  return sign === undefined || entry === undefined ? `@@ ${clip(text.replace(/:$/u, ""), length)} @@` : `${sign} ${clip(entry, length)}`;
}
