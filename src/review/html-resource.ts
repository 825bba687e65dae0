// One resource of the HTML page: its roles, what to mind, and the SQL of each, coloured by what it does to people.
import { textOf, type Style } from "../model/display.ts";
import type { RolePlan } from "../model/plan.ts";
import type { CommentInput } from "./comment-input.ts";
import { foldEffective, foldHazards } from "./fold.ts";
import { count } from "../model/count.ts";
import { hazardWords } from "./hazard-words.ts";
import { escapeHtml, htmlCode, visible, visibleLines } from "./markdown.ts";
import type { ResourceFacts, Verdict } from "./resource-facts.ts";
import { formatServerVersion } from "./server-version.ts";
import { renderSql } from "./sql-text.ts";

export type HtmlPage = Pick<CommentInput, "environment" | "head" | "plan" | "resources" | "readAt" | "diagnostics">;

const tones: Readonly<Record<Verdict, string>> = {
  failed: "bad",
  blocked: "bad",
  drops: "bad",
  revokes: "warn",
  elevates: "warn",
  widens: "good",
  changes: "info",
  "not-connected": "info",
  "not-planned": "info",
  notes: "soft",
  "in-sync": "soft",
};

const words: Readonly<Partial<Record<Verdict, string>>> = {
  failed: "failed",
  blocked: "blocked",
  "not-connected": "not connected to",
  "not-planned": "not planned",
  notes: "in sync, with notes",
  "in-sync": "in sync",
};

const styleTones: Readonly<Record<Style, string>> = { bold: "", dim: "soft", red: "bad", green: "good", yellow: "warn", cyan: "info" };

export function resourceSection(facts: ResourceFacts): string {
  const { resource, roles, verdict, counts, setup } = facts;
  const version = resource.serverVersion === null ? [] : [`PostgreSQL ${formatServerVersion(resource.serverVersion)}`];
  const about = [...version, count(counts.statements, "statement"), `setup ${setup}/3`].join(" · ");
  return `<details${verdict === "in-sync" ? "" : " open"}><summary>${text(resource.name)} <span class="${tones[verdict]}">${words[verdict] ?? (hazardWords(roles) || "changes")}</span> <span class="soft">· ${about}</span></summary>
${rolesTable(roles)}
${roles.map(roleSection).join("")}</details>`;
}

function rolesTable(roles: readonly RolePlan[]): string {
  if (roles.length === 0) return `<p class="soft">Nothing was planned here.</p>`;
  const rows = roles.map(
    ({ label, roleName, status, message, origin, statements }) =>
      `<tr><td>${label === "" ? "" : `<b>${text(label)}</b><br>`}${htmlCode(roleName)}</td><td>${origin === null ? "" : htmlCode(`${origin.file}:${origin.line}`)}</td><td${status === "failed" ? ' class="bad"' : ""}>${text(message)}</td><td class="number">${statements.length}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>Role</th><th>Declared in</th><th>What happens</th><th class="number">Statements</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function roleSection(role: RolePlan): string {
  const lists = [
    list(
      "Hazards",
      foldHazards(role.hazards).map(({ code, messages }) => `${code}: ${messages.join("; ")}`),
    ),
    list("Warnings", role.warnings),
    ...role.blockers.map(
      ({ message, by, sql }) =>
        `<p class="bad">Blocked: ${text(message)}${sql.length === 0 ? "" : `, to be run by ${htmlCode(by)}:`}</p>${sql.length === 0 ? "" : sqlBlock(sql.join("\n"))}`,
    ),
    role.status === "out-of-sync" ? sqlBlock(role.sqlPlan) : "",
    list("Effective access that remains", foldEffective(role.effective)),
  ].join("");
  if (lists === "") return "";
  const checksum = role.checksum === "" ? "" : ` <span class="soft">checksum ${htmlCode(role.checksum.slice(0, 16))}</span>`;
  return `<h3>${text(role.label || role.roleName)}${checksum}</h3>${lists}`;
}

function list(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : `<p>${title}</p><ul>${entries.map((entry) => `<li>${text(entry)}</li>`).join("")}</ul>`;
}

function sqlBlock(sql: string): string {
  if (sql.trim() === "") return "";
  const lines = renderSql(visibleLines(sql), "").map((line) => {
    const span = typeof line === "string" ? undefined : line.find((part) => typeof part !== "string");
    const tone = span === undefined || typeof span === "string" ? "" : styleTones[span.style];
    const content = escapeHtml(textOf(line));
    return tone === "" ? content : `<span class="${tone}">${content}</span>`;
  });
  return `<pre>${lines.join("\n")}</pre>`;
}

function text(value: string): string {
  return escapeHtml(visible(value));
}
