// The table of a plan comment: a row for each resource, the most pressing first; those in sync are one row, and so are those that nobody planned.
import { nameLength } from "./comment-detail.ts";
import { count } from "../model/count.ts";
import { hazardWords } from "./hazard-words.ts";
import { code, tableRow } from "./markdown.ts";
import type { ResourceFacts, Verdict } from "./resource-facts.ts";

const dots: Readonly<Record<Verdict, string>> = {
  failed: "🔴",
  blocked: "🔴",
  drops: "🟠",
  revokes: "🟠",
  elevates: "🟠",
  widens: "🟢",
  changes: "🟢",
  "not-connected": "🔵",
  "not-planned": "🔵",
  notes: "⚪",
  "in-sync": "⚪",
};

/** @param maximumRows of resources that are not in sync. @returns "" where there are no resources. */
export function resourceTable(facts: readonly ResourceFacts[], maximumRows: number): string {
  if (facts.length === 0) return "";
  const inSync = facts.filter(({ verdict }) => verdict === "in-sync");
  const unplanned = facts.filter(({ verdict }) => verdict === "not-planned");
  const open = facts.filter(({ verdict }) => verdict !== "in-sync" && verdict !== "not-planned");
  const shown = open.slice(0, maximumRows);
  return [
    tableRow(["", "Resource", "Databases", "Roles", "Grants", "Hazards", "Setup", "Result"]),
    "|---|---|---:|---|---|---|---|---|",
    ...shown.map(row),
    ...(open.length > shown.length ? [hiddenRow(open.slice(shown.length))] : []),
    ...(unplanned.length > 0 ? [unplannedRow(unplanned, open.length > 0)] : []),
    ...(inSync.length > 0 ? [inSyncRow(inSync, open.length + unplanned.length > 0)] : []),
  ].join("\n");
}

function row({ resource, verdict, counts, databases, setup, roles }: ResourceFacts): string {
  const isRead = roles.length > 0;
  return tableRow([
    dots[verdict],
    code(resource.name, nameLength),
    isRead ? String(databases) : "",
    signed([
      ["+", counts.created],
      ["~", counts.changed],
      ["−", counts.dropped],
    ]),
    signed([
      ["+", counts.grants],
      ["−", counts.revokes],
    ]),
    hazardWords(roles),
    `${setup}/3`,
    resultOf({ resource, verdict, counts, roles }),
  ]);
}

/** `+1 −2`; zeros are left out. */
function signed(counts: readonly (readonly [string, number])[]): string {
  return counts.flatMap(([sign, number]) => (number === 0 ? [] : [`${sign}${number}`])).join(" ");
}

function resultOf({ resource, verdict, counts, roles }: Pick<ResourceFacts, "resource" | "verdict" | "counts" | "roles">): string {
  const unread = resource.connection === "added" ? "**not connected to**: new here" : "**not connected to**: connection changes here";
  if (resource.connection !== "used") return unread;
  if (verdict === "failed")
    return counts.failed === roles.length ? "**failed**" : `**failed** for ${counts.failed} of ${count(roles.length, "role")}`;
  const statements = counts.statements === 0 ? [] : [count(counts.statements, "statement")];
  if (verdict === "blocked") return ["**blocked**", ...statements].join(", ");
  if (verdict === "notes") return "in sync, see below";
  return statements.join("");
}

function hiddenRow(hidden: readonly ResourceFacts[]): string {
  const statements = hidden.reduce((sum, { counts }) => sum + counts.statements, 0);
  return tableRow(["", `and ${hidden.length} more`, "", "", "", "", "", count(statements, "statement")]);
}

function unplannedRow(unplanned: readonly ResourceFacts[], hasOthers: boolean): string {
  const roles = unplanned.reduce((sum, { resource }) => sum + resource.declaredRoles, 0);
  const name = hasOthers ? `${unplanned.length} more` : count(unplanned.length, "resource");
  return tableRow([dots["not-planned"], name, "", `${roles} declared`, "", "", "", "**not planned**"]);
}

function inSyncRow(inSync: readonly ResourceFacts[], hasOthers: boolean): string {
  const databases = inSync.reduce((sum, facts) => sum + facts.databases, 0);
  const roles = inSync.reduce((sum, facts) => sum + facts.roles.length, 0);
  const undeclared = inSync.filter(({ setup }) => setup === 1).length;
  const setup =
    undeclared === 0 ? "3/3" : undeclared === inSync.length ? "1/3" : `${inSync.length - undeclared} × 3/3, ${undeclared} × 1/3`;
  const name = hasOthers ? `${inSync.length} more` : count(inSync.length, "resource");
  return tableRow([dots["in-sync"], name, String(databases), roles === 0 ? "" : String(roles), "", "", setup, "in sync"]);
}
