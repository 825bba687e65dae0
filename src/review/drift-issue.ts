// The one issue about drift: what PostgreSQL says that the default branch does not, who is affected, and what would put it right.
import type { AccessGroup } from "../model/desired.ts";
import { bullets, nameLength, type Detail } from "./comment-detail.ts";
import type { CommentResource } from "./comment-input.ts";
import { formatMarker, type Sighting } from "./comment-marker.ts";
import { resourceBlock } from "./comment-resource.ts";
import { resourceTable } from "./comment-table.ts";
import { count, listed } from "../model/count.ts";
import { fitDocument } from "./document.ts";
import { driftFactsOf, driftWords, type DriftFacts, type DriftSource, type UnreadResource } from "./drift-facts.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { commitLink, link, safeUrl, type Link, type Places } from "./link.ts";
import { clip, code, details, visible } from "./markdown.ts";
import { factsOf } from "./resource-facts.ts";
import { commentBytes } from "./shrink.ts";

/** `plan` is that of the default branch, planned against the live catalogs. */
export type DriftInput = DriftSource & {
  readonly environment: string;
  readonly resources: readonly CommentResource[];
  readonly places: Places;
  readonly commit: string;
  /** RFC 3339 in UTC. */
  readonly readAt: string;
  readonly whole: readonly Link[];
  readonly runUrl: string;
  readonly repair: DriftRepairWords;
};

/** What the same run does about it: with `drift: apply` it puts it right, or says why it may not. */
export type DriftRepairWords = "none" | "applied" | { readonly refused: string };

export type DriftIssue = { readonly title: string; readonly body: string; readonly isClean: boolean };

/**
 * Title and body of at most 60,000 bytes; the last line is a marker whose pull request is 0. It also says when, on what and by which run
 * the drift was seen, so that a later run can tell whether it would write anything else.
 */
export function renderDriftIssue(input: DriftInput): DriftIssue {
  const facts = driftFactsOf(input);
  const marker = formatMarker({
    env: input.environment,
    pr: 0,
    head: input.commit,
    ...fingerprintsOf(input.plan.roles, input.plan.checksum),
    seen: sightingOf(input),
  });
  const { text } = renderDriftMarkdown(input, facts, commentBytes - marker.length - 2);
  return { title: title(input, facts), body: `${text}\n\n${marker}`, isClean: facts.isClean };
}

/** The same Markdown without a marker, within any bound from 30,000 bytes. */
export function renderDriftMarkdown(input: DriftInput, facts: DriftFacts, bytes: number): ReturnType<typeof fitDocument> {
  const notRead = new Set(facts.unread.map(({ resource }) => resource));
  const resources = factsOf({ plan: input.plan, resources: input.resources.filter(({ name }) => !notRead.has(name)) });
  const open = resources.filter(({ verdict }) => verdict !== "in-sync");
  const document = {
    head: [lead(input, facts)],
    table: (rows: number): string => resourceTable(resources, rows),
    blocks: [
      (detail: Detail): string => affectedBlock(facts.affected, detail),
      (detail: Detail): string => unreadBlock(facts.unread, detail),
      ...open.map(
        (each) =>
          (detail: Detail): string =>
            resourceBlock(each, { places: input.places, detail, isOnly: open.length === 1 }),
      ),
    ],
    foot: [closing(input, facts)],
    whole: input.whole,
  };
  return fitDocument(document, bytes);
}

/** What a run that finds nothing any more says before it closes the issue. */
export function renderDriftEnd(input: DriftInput): string {
  return `${lead(input, driftFactsOf(input))}${seenBy(input)}`;
}

/** Longer ones are cut or left out: a marker that nobody could read again would make every run open an issue. */
function sightingOf({ readAt, runUrl }: DriftInput): Sighting {
  return { readAt: clip(readAt, 40), runUrl: runUrl.length > 500 ? "" : runUrl };
}

/** Titles of issues are plain text, in which only an environment's name is foreign. */
function title({ environment }: DriftInput, facts: DriftFacts): string {
  return `PostgreSQL access drift · ${clip(visible(environment), 100)} · ${driftWords(facts)}`;
}

function lead({ commit, places, readAt }: DriftInput, facts: DriftFacts): string {
  const where = `the default branch at ${commitLink(commit, places)}, read ${code(readAt, 40)}`;
  if (facts.isClean) return `PostgreSQL says what the files declare: ${where}.`;
  if (facts.drifted.length === 0) return `Not everything could be read: ${driftWords(facts)} (${where}). What differs there, nobody knows.`;
  return `PostgreSQL differs from what the files declare: ${driftWords(facts)} (${where}). The SQL below is what would put it right.`;
}

function closing(input: DriftInput, facts: DriftFacts): string {
  return `${whatToDo(input, facts)}The issue is closed when a run finds nothing.${seenBy(input)}`;
}

function whatToDo({ repair }: DriftInput, { drifted }: DriftFacts): string {
  if (drifted.length === 0) return "";
  if (typeof repair !== "string")
    return `Nothing is applied, since what the default branch declares was not approved: ${code(repair.refused, 500)}. Merge a change that somebody has approved, or run an apply by hand. `;
  if (repair === "none")
    return "To keep what is there, declare it in a pull request; to undo it, run an apply by hand or merge any change. ";
  const orphans = drifted.some(({ config }) => config.type === "orphaned");
  const rest = orphans ? " Roles that are no longer declared are left to an apply that somebody has approved." : "";
  return `The same run applies what is declared and reports here.${rest} `;
}

function seenBy({ runUrl }: DriftInput): string {
  return safeUrl(runUrl) === null ? "" : ` Seen by this ${link("run", runUrl)}.`;
}

/** @returns "" where nobody is affected. */
function affectedBlock(affected: readonly AccessGroup[], detail: Detail): string {
  if (affected.length === 0) return "";
  const entries = affected.map(({ name, members, roles }) => {
    const people = members.length === 0 ? "" : `: ${codes(members, detail)}`;
    return `${code(name, nameLength)}, ${count(members.length, "member")}, through ${codes(roles, detail)}${people}`;
  });
  return details(`Who is affected: ${count(affected.length, "group")}`, bullets(entries, detail.notes), true);
}

/** @returns "" where every resource answered, or its roles say that it did not. */
function unreadBlock(unread: readonly UnreadResource[], detail: Detail): string {
  if (unread.length === 0) return "";
  const entries = unread.map(({ resource, message }) => `${code(resource, nameLength)}: ${code(message, Math.min(detail.text, 500))}`);
  return details(`Not read: ${count(unread.length, "resource")}`, bullets(entries, detail.notes), true);
}

function codes(names: readonly string[], detail: Detail): string {
  const shown = names.slice(0, Math.min(detail.notes, 20));
  return listed(
    shown.map((name) => code(name, nameLength)),
    names.length,
  );
}
