// The one issue about drift: what PostgreSQL says that the default branch does not, who is affected, and what would put it right.
import type { AccessGroup } from "../model/desired.ts";
import type { Plan, RolePlan } from "../model/plan.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import { bullets, firstOf, nameLength, type Detail } from "./comment-detail.ts";
import type { CommentResource } from "./comment-input.ts";
import { formatMarker } from "./comment-marker.ts";
import { resourceBlock } from "./comment-resource.ts";
import { resourceTable } from "./comment-table.ts";
import { count } from "../model/count.ts";
import { fitDocument } from "./document.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { commitLink, link, safeUrl, type Link, type Places } from "./link.ts";
import { clip, code, details, visible } from "./markdown.ts";
import { countsOf, factsOf } from "./resource-facts.ts";
import { commentBytes } from "./shrink.ts";

export type DriftInput = {
  readonly environment: string;
  /** Of the default branch, planned against the live catalogs. */
  readonly plan: Plan;
  readonly resources: readonly CommentResource[];
  /** From access.yaml. */
  readonly groups: readonly AccessGroup[];
  readonly places: Places;
  readonly commit: string;
  /** RFC 3339 in UTC. */
  readonly readAt: string;
  readonly whole: readonly Link[];
  readonly runUrl: string;
  /** True where the same run puts it right (`drift: apply`). */
  readonly isApplied: boolean;
};

export type DriftIssue = { readonly title: string; readonly body: string; readonly isClean: boolean };

/** Title and body of at most 60,000 bytes; the last line is a marker whose pull request is 0. Clean: nothing differs, all was read. */
export function renderDriftIssue(input: DriftInput): DriftIssue {
  const facts = factsOf(input);
  const differing = input.plan.roles.filter((role) => role.status !== "in-sync");
  const marker = formatMarker({
    env: input.environment,
    pr: 0,
    head: input.commit,
    ...fingerprintsOf(input.plan.roles, input.plan.checksum),
  });
  const open = facts.filter(({ verdict }) => verdict !== "in-sync");
  const document = {
    head: [lead(input, differing)],
    table: (rows: number): string => resourceTable(facts, rows),
    blocks: [
      (detail: Detail): string => affectedBlock(input.groups, differing, detail),
      ...open.map(
        (each) =>
          (detail: Detail): string =>
            resourceBlock(each, { places: input.places, detail, isOnly: open.length === 1 }),
      ),
    ],
    foot: [closing(input, differing)],
    whole: input.whole,
  };
  const { text } = fitDocument(document, commentBytes - marker.length - 2);
  return { title: title(input, differing), body: `${text}\n\n${marker}`, isClean: differing.length === 0 };
}

/** Titles of issues are plain text, in which only an environment's name is foreign. */
function title({ environment }: DriftInput, differing: readonly RolePlan[]): string {
  return `PostgreSQL access drift · ${clip(visible(environment), 100)} · ${differing.length === 0 ? "none" : driftWords(differing)}`;
}

function driftWords(differing: readonly RolePlan[]): string {
  const { failed } = countsOf(differing);
  const drifted = differing.length - failed;
  return [
    ...(drifted > 0 ? [`${count(drifted, "role")} in ${count(new Set(differing.map((role) => role.resource)).size, "resource")}`] : []),
    ...(failed > 0 ? [`${count(failed, "role")} not read`] : []),
  ].join(", ");
}

function lead({ commit, places, readAt }: DriftInput, differing: readonly RolePlan[]): string {
  const where = `the default branch at ${commitLink(commit, places)}, read ${code(readAt, 40)}`;
  if (differing.length === 0) return `PostgreSQL says what the files declare: ${where}.`;
  return `PostgreSQL differs from what the files declare: ${driftWords(differing)} (${where}). The SQL below is what would put it right.`;
}

function closing({ isApplied, runUrl }: DriftInput, differing: readonly RolePlan[]): string {
  const run = safeUrl(runUrl) === null ? "" : ` Seen by this ${link("run", runUrl)}.`;
  if (differing.length === 0) return `This issue is closed when a run finds nothing.${run}`;
  const how = isApplied
    ? "The same run applies it and reports here."
    : "To keep what is there, declare it in a pull request; to undo it, run an apply by hand or merge any change.";
  return `${how} The issue is closed when a run finds nothing.${run}`;
}

/** Groups that use a role which differs. @returns "" where none does. */
function affectedBlock(groups: readonly AccessGroup[], differing: readonly RolePlan[], detail: Detail): string {
  const keys = new Set(differing.filter((role) => role.label !== "").map(roleSpecKey));
  const affected = groups.flatMap(({ name, members, roles }) => {
    const used = roles.filter((role) => keys.has(role));
    return used.length === 0 ? [] : [{ name, members, used }];
  });
  if (affected.length === 0) return "";
  const entries = affected.map(({ name, members, used }) => {
    const people = members.length === 0 ? "" : `: ${codes(members, detail)}`;
    return `${code(name, nameLength)}, ${count(members.length, "member")}, through ${codes(used, detail)}${people}`;
  });
  return details(`Who is affected: ${count(affected.length, "group")}`, bullets(entries, detail.notes), true);
}

function codes(names: readonly string[], detail: Detail): string {
  const { shown, more } = firstOf(names, Math.min(detail.notes, 20));
  return `${shown.map((name) => code(name, nameLength)).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
