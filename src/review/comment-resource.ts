// One resource of a plan comment, folded: its roles, what to mind, and the SQL of each role.
import { formatServerVersion } from "./server-version.ts";
import type { RolePlan } from "../model/plan.ts";
import { changeWords } from "./comment-change.ts";
import { bullets, firstOf, nameLength, type Detail } from "./comment-detail.ts";
import { sqlBlock } from "./comment-sql.ts";
import { count, listed } from "../model/count.ts";
import { foldEffective, foldHazards } from "./fold.ts";
import { fileLink, type Places } from "./link.ts";
import { code, details, fence, htmlCode, paragraphs, tableRow } from "./markdown.ts";
import type { ResourceFacts, Verdict } from "./resource-facts.ts";

const verdictWords: Readonly<Partial<Record<Verdict, string>>> = {
  failed: "failed",
  blocked: "blocked",
  "not-connected": "not connected to",
  notes: "in sync",
};

const maximumNamedRoles = 5;

/** What a reviewer should not have to unfold. */
const openVerdicts: readonly Verdict[] = ["failed", "blocked", "drops", "revokes", "elevates"];

/** @param isOnly nothing else competes for the room: it is open. @returns "" for a resource that has nothing to say. */
export function resourceBlock(
  facts: ResourceFacts,
  input: { readonly places: Places; readonly detail: Detail; readonly isOnly: boolean },
): string {
  const { resource, roles, verdict } = facts;
  const { places, detail } = input;
  if (verdict === "in-sync" || verdict === "not-planned") return "";
  const told = roles.filter((role) => role.status !== "in-sync" || role.warnings.length > 0 || role.blockers.length > 0);
  const content = [
    setupLine(facts),
    connectionLine(facts),
    rolesTable(told, roles.length - told.length, { places, detail }),
    blockersPart(told, detail),
    notesPart("Warnings", told, (role) => role.warnings, detail),
    notesPart("Hazards", told, hazardNotes, detail),
    sqlPart(told, detail),
    notesPart(
      "Effective access that remains, through PUBLIC, membership, ownership or direct grants",
      told,
      (role) => foldEffective(role.effective),
      detail,
    ),
  ];
  return details(
    summaryLine(facts),
    paragraphs(content),
    input.isOnly || (openVerdicts.includes(verdict) && resource.connection === "used"),
  );
}

function summaryLine({ resource, counts, verdict, setup }: ResourceFacts): string {
  const version = resource.serverVersion === null ? [] : [`PostgreSQL ${formatServerVersion(resource.serverVersion)}`];
  const statements = counts.statements === 0 ? [] : [count(counts.statements, "statement")];
  const words = verdictWords[verdict];
  return [
    `<b>${htmlCode(resource.name, nameLength)}</b>`,
    ...version,
    ...(words === undefined ? [] : [words]),
    ...statements,
    `setup ${setup}/3`,
  ].join(" · ");
}

function setupLine({ setup, verdict }: ResourceFacts): string {
  const steps = ["Inventory", "Manage", "Provision"].map((step, index) => (index < setup ? `${step} ✓` : step));
  const isNext = setup === 2 && !["failed", "blocked", "not-connected"].includes(verdict);
  return `Setup: ${steps.join(" → ")} · ${setup}/3${isNext ? ", 3/3 once applied" : ""}`;
}

function connectionLine({ resource }: ResourceFacts): string {
  if (resource.connection === "used") return "";
  const verb = resource.connection === "added" ? "adds" : "changes";
  const roles = resource.declaredRoles === 1 ? "Its role is" : `Its ${resource.declaredRoles} roles are`;
  const later = resource.declaredRoles === 0 ? "" : ` ${roles} planned once that stands on the default branch.`;
  return `**Not connected to**: this pull request ${verb} its connection data.${later}`;
}

function rolesTable(
  roles: readonly RolePlan[],
  inSync: number,
  { places, detail }: { readonly places: Places; readonly detail: Detail },
): string {
  if (roles.length === 0) return "";
  const { shown, more } = firstOf(roles, detail.roles);
  const rest = [...(more > 0 ? [`${more} more`] : []), ...(inSync > 0 ? [`${inSync} in sync`] : [])];
  return [
    tableRow(["Role", "Declared in", "Change", "Statements"]),
    "|---|---|---|---:|",
    ...shown.map((role) =>
      tableRow([
        [role.label, role.roleName]
          .filter((name) => name !== "")
          .map((name) => code(name, nameLength))
          .join("<br>"),
        declaredIn(role, places),
        changeWords(role, detail),
        String(role.statements.length),
      ]),
    ),
    ...(rest.length > 0 ? [tableRow([rest.join(", "), "", "", ""])] : []),
  ].join("\n");
}

function declaredIn(role: RolePlan, places: Places): string {
  if (role.config.type === "orphaned") return "not declared";
  return role.origin === null ? "" : fileLink(role.origin, places);
}

function blockersPart(roles: readonly RolePlan[], detail: Detail): string {
  const blockers = roles.flatMap((role) => role.blockers);
  if (blockers.length === 0) return "";
  const { shown, more } = firstOf(blockers, detail.notes);
  return paragraphs([
    `**Blocked** until others have done what rolewright may not:`,
    ...shown.map(({ message, by, sql }) =>
      paragraphs([
        `${code(message, detail.text)}${sql.length === 0 ? "" : `, to be run by ${code(by, nameLength)}${detail.sql === 0 ? "" : ":"}`}`,
        detail.sql === 0 || sql.length === 0 ? "" : fence("sql", sql.map((line) => clipLine(line, detail.sql)).join("\n")),
      ]),
    ),
    more > 0 ? `and ${count(more, "more blocker")}` : "",
  ]);
}

function clipLine(line: string, length: number): string {
  return line.length <= length ? line : `-- … a statement of ${count(line.length, "character")} is left out here`;
}

/** Each text once, with the roles that it is about unless these are all. */
function notesPart(title: string, roles: readonly RolePlan[], notes: (role: RolePlan) => readonly string[], detail: Detail): string {
  const pairs = roles.flatMap((role) => [...new Set(notes(role))].map((note) => ({ note, role })));
  if (pairs.length === 0) return "";
  const about = [...Map.groupBy(pairs, ({ note }) => note)];
  const { shown, more } = firstOf(about, detail.notes);
  const entries = shown.map(([note, list]) => {
    const isAll = list.length === roles.length;
    return `${code(note, detail.text)}${isAll ? "" : ` · ${roleNames(list.map(({ role }) => role))}`}`;
  });
  return `${title}:\n\n${bullets(more > 0 ? [...entries, `and ${more} more`] : entries, Infinity)}`;
}

function roleNames(roles: readonly RolePlan[]): string {
  const shown = roles.slice(0, maximumNamedRoles);
  return listed(
    shown.map((role) => code(role.label || role.roleName, nameLength)),
    roles.length,
  );
}

/** Who gains and loses what stands in the table already. */
function hazardNotes({ hazards }: RolePlan): readonly string[] {
  const told = hazards.filter(({ code: kind }) => kind !== "widens-access" && kind !== "revokes-access");
  return foldHazards(told).map(({ code: kind, messages }) => `${kind}: ${messages.join("; ")}`);
}

function sqlPart(roles: readonly RolePlan[], detail: Detail): string {
  const { shown } = firstOf(roles, detail.roles);
  return paragraphs(
    shown.flatMap((role) => {
      const block = sqlBlock(role.statements, detail);
      return block === ""
        ? []
        : [
            `${code(role.label || role.roleName, nameLength)}, checksum \`${/^[0-9a-f]*/u.exec(role.checksum)?.[0].slice(0, 16) ?? ""}…\``,
            block,
          ];
    }),
  );
}
