// A plan as one HTML page that stands alone: no scripts, nothing loaded from anywhere, for reading, keeping and printing.
import { createHash } from "node:crypto";
import { countDiagnostics } from "./diagnostics-text.ts";
import { bySeverity } from "./comment-diagnostics.ts";
import type { CommentInput } from "./comment-input.ts";
import { count } from "../model/count.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { resourceSection, type HtmlPage } from "./html-resource.ts";
import { htmlStyle } from "./html-style.ts";
import { escapeHtml, htmlCode, visible } from "./markdown.ts";
import { countsOf, factsOf, type Counts } from "./resource-facts.ts";

/** @returns the whole page. Its policy allows its own style, by hash, and nothing else. */
export function renderHtml(input: HtmlPage): string {
  const style = createHash("sha256").update(htmlStyle).digest("base64");
  const title = `PostgreSQL access plan · ${visible(input.environment)}`;
  const facts = factsOf(input);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${htmlStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${lead(input)}</p>
${cards(countsOf(input.plan.roles), facts.length)}
${diagnosticsSection(input)}
${facts.map((each) => resourceSection(each)).join("\n")}
${footer(input)}
</main>
</body>
</html>
`;
}

function lead({ plan, head, readAt }: HtmlPage): string {
  const read = readAt === null ? "" : ` · read ${htmlCode(readAt)}`;
  return `${count(plan.roles.length, "role")} · commit ${htmlCode(head.slice(0, 12))}${read}`;
}

function cards(counts: Counts, resources: number): string {
  const entries: readonly (readonly [number, string, string])[] = [
    [resources, resources === 1 ? "resource" : "resources", ""],
    [counts.created, "roles to create", "good"],
    [counts.changed, "roles to change", "info"],
    [counts.dropped, "roles to drop", "bad"],
    [counts.revocations, "revocations", "warn"],
    [counts.statements, "statements", ""],
    [counts.failed + counts.blocked, "failed or blocked", "bad"],
  ];
  const shown = entries.map(
    ([number, words, tone]) =>
      `<div class="card"><b${number > 0 && tone !== "" ? ` class="${tone}"` : ""}>${number}</b><span>${words}</span></div>`,
  );
  return `<div class="cards">${shown.join("")}</div>`;
}

function diagnosticsSection({ diagnostics }: Pick<CommentInput, "diagnostics">): string {
  if (diagnostics.length === 0) return "";
  const entries = diagnostics.toSorted(bySeverity).map(({ severity, message, hint, at }) => {
    const place = at === undefined ? "" : `${htmlCode(`${at.file}:${at.line}:${at.column}`)} `;
    return `<li>${place}<span class="${severity === "error" ? "bad" : "warn"}">${severity}</span> ${escapeHtml(visible(message))}${hint === undefined ? "" : `; ${escapeHtml(visible(hint))}`}</li>`;
  });
  return `<div class="alert"><b>${countDiagnostics(diagnostics)}</b> in the files<ul>${entries.join("")}</ul></div>`;
}

function footer(input: HtmlPage): string {
  const { checksum, catalog, declared } = fingerprintsOf(input.plan.roles, input.plan.checksum);
  const row = (name: string, hex: string): string => `<tr><th>${name}</th><td>${hex === "" ? "none" : htmlCode(`sha256:${hex}`)}</td></tr>`;
  return `<footer><div class="scroll"><table>${row("Checksum", checksum)}${row("Live catalog", catalog)}${row("Declared state", declared)}</table></div></footer>`;
}
