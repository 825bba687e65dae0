// The first line of a plan comment and the last one that people read: what it comes to, and what merging does.
// Both depend on the state alone, so that an old comment can be given another state without its plan.
import { hasErrors } from "../model/diagnostic.ts";
import type { CommentInput, CommentState } from "./comment-input.ts";
import { count } from "../model/count.ts";
import { countDiagnostics } from "./diagnostics-text.ts";
import { link, safeUrl } from "./link.ts";
import { code } from "./markdown.ts";
import { countUnplanned, countsOf, factsOf, type Counts } from "./resource-facts.ts";

export function titleLine(environment: string, words: string): string {
  return `### PostgreSQL access plan · ${code(environment, 255)} · ${words}`;
}

/** What stands in the title for a state; `null` for a fresh plan, whose counts stand there. */
export function stateWords(state: CommentState): string | null {
  switch (state.kind) {
    case "planned":
    case "planned-by-hand":
      return null;
    case "validated-only":
      return "**validated only**";
    case "applied":
      return link("applied", state.url);
    case "partly-applied":
      return `**${link("partly applied", state.url)}**`;
    case "in-doubt":
      return `**${link("in doubt", state.url)}**`;
    case "not-applied":
      return `**${link("not applied", state.url)}**`;
    case "stale":
      return "**stale**, plan again";
  }
}

/** What stands last for a state; `null` for a fresh plan. */
export function stateClosing(state: CommentState): string | null {
  switch (state.kind) {
    case "planned":
    case "planned-by-hand":
      return null;
    case "validated-only":
      return `The files were read and checked; no server was asked, ${unasked[state.because]}`;
    case "applied":
      return `This plan was applied. ${report(state.url)}`.trim();
    case "partly-applied":
      return `Only a part of this plan was applied. ${report(state.url)}`.trim();
    case "in-doubt":
      return `The run ended in the middle: the next plan says what of this one was applied. ${report(state.url)}`.trim();
    case "not-applied":
      return `Nothing of this plan was applied. ${report(state.url)}`.trim();
    case "stale": {
      const cause = state.appliedBy === null ? "Another plan was" : `#${state.appliedBy} was`;
      return `${cause} applied to the same clusters since this one was made: it is **stale**. Plan again, by a push or by repeating the run; merging it as it stands is refused.`;
    }
  }
}

const unasked = {
  "no-credentials": "since this run has no credentials. Somebody who may has to plan it before it can be applied.",
  "other-branch": "since only what goes to the default branch is applied. Once the pull request goes there, a push plans it.",
};

function report(url: string): string {
  return safeUrl(url) === null ? "" : `What came of it: ${link("report", url)}.`;
}

/** `2 roles to create, 1 to change, 2 revocations`. */
export function planWords(input: CommentInput): string {
  if (hasErrors(input.diagnostics)) return `**the files have ${countDiagnostics(input.diagnostics)}**`;
  const counts = countsOf(input.plan.roles);
  const unplanned = countUnplanned(factsOf(input));
  const parts = [
    ...(counts.failed > 0 ? [`**${failedWords(counts.failed, input.plan.roles.length)}**`] : []),
    ...changesWords(counts),
    ...(counts.blocked > 0 ? [`**${counts.blocked} blocked**`] : []),
    ...(unplanned > 0 ? [`${count(unplanned, "resource")} not planned`] : []),
  ];
  return counts.failed + counts.statements + counts.blocked === 0 ? ["no changes", ...parts].join(", ") : parts.join(", ");
}

function failedWords(failed: number, all: number): string {
  return failed === all ? "failed" : `failed for ${failed} of ${count(all, "role")}`;
}

function changesWords(counts: Counts): readonly string[] {
  const roles = [
    [counts.created, "to create"],
    [counts.changed, "to change"],
    [counts.dropped, "to drop"],
  ] as const;
  const present = roles.filter(([number]) => number > 0);
  return [
    ...present.map(([number, verb], index) => (index === 0 ? `${count(number, "role")} ${verb}` : `${number} ${verb}`)),
    ...(counts.revocations > 0 ? [count(counts.revocations, "revocation")] : []),
  ];
}

/** What merging does, or an apply by hand, in one paragraph without a newline. */
export function closingLine(input: CommentInput): string {
  return (
    stateClosing(input.state) ??
    [mergingSentence(input), unplannedSentence(input), againSentence(input)].filter((text) => text !== "").join(" ")
  );
}

function mergingSentence(input: CommentInput): string {
  if (hasErrors(input.diagnostics))
    return "Nothing was planned. Merging it as it stands applies nothing: an apply refuses files with errors.";
  const isByHand = input.state.kind === "planned-by-hand";
  const merging = isByHand ? "Nothing was changed. An apply that expects this checksum" : "Merging";
  const counts = countsOf(input.plan.roles);
  if (counts.failed > 0)
    return `${merging} is **refused** as long as ${count(counts.failed, "role")} could not be planned: mend what failed and plan again.`;
  if (counts.blocked > 0) {
    const what =
      counts.statements === 0
        ? "changes nothing in PostgreSQL"
        : `applies ${exactly(counts.statements)}, if nothing has changed until then`;
    return `${merging} ${what}, and **ends as failed** as long as ${count(counts.blocked, "role")} ${counts.blocked === 1 ? "is" : "are"} blocked: have that above done by those named, and plan again.`;
  }
  if (counts.statements === 0) return `${merging} changes nothing in PostgreSQL.`;
  const then = isByHand ? "otherwise nothing is changed" : "otherwise nothing is changed, and this comment says what differs";
  return `${merging} applies ${exactly(counts.statements)} if the live catalog and the declared state are then still the same; ${then}.`;
}

function exactly(statements: number): string {
  return statements === 1 ? "exactly this 1 statement" : `exactly these ${statements} statements`;
}

function unplannedSentence(input: CommentInput): string {
  const unplanned = countUnplanned(factsOf(input));
  if (unplanned === 0 || hasErrors(input.diagnostics)) return "";
  return `${count(unplanned, "resource")} that ${unplanned === 1 ? "was" : "were"} not planned ${unplanned === 1 ? "is" : "are"} no part of it.`;
}

function againSentence({ runUrl, state }: CommentInput): string {
  if (state.kind === "planned-by-hand") return "To plan again, start the workflow again.";
  return safeUrl(runUrl) === null ? "" : `To plan again, push or repeat the ${link("run", runUrl)}.`;
}
