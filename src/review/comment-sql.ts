// The SQL of one role for a comment: its statements, with the transactions that they run in as comments.
import { partKey } from "../model/change.ts";
import type { Statement } from "../model/plan.ts";
import { ident } from "../model/quote.ts";
import type { Detail } from "./comment-detail.ts";
import { count } from "../model/count.ts";
import { clip, fence } from "./markdown.ts";

/** @returns a fenced block, or "" where none of the statements is to be shown. */
export function sqlBlock(statements: readonly Statement[], detail: Detail): string {
  if (statements.length === 0 || detail.statements === 0) return "";
  const hidden = Math.max(0, statements.length - detail.statements);
  const front = hidden === 0 ? statements.length : Math.floor(detail.statements / 2);
  const lines: string[] = [];
  let part = "";
  for (const [index, statement] of statements.entries()) {
    if (index === front && hidden > 0) lines.push(`-- … ${count(hidden, "statement")} left out here`);
    if (index >= front && index < front + hidden) continue;
    if (part !== partKey(statement.part)) lines.push(partLine(statement));
    part = partKey(statement.part);
    lines.push(sqlText(statement.sql, detail.sql));
  }
  return fence("sql", lines.join("\n"));
}

function partLine({ part }: Statement): string {
  switch (part.phase) {
    case "cluster":
      return "-- cluster";
    case "database":
      return `-- database ${ident(part.database)}`;
    case "terminate":
      return "-- cluster, after that";
    case "retire":
      return "-- cluster, at the end";
  }
}

/** A statement may name a thousand tables. */
function sqlText(sql: string, length: number): string {
  const shown = clip(sql, length);
  return shown === sql ? `${sql};` : `${shown}\n-- … ${count(sql.length - shown.length + 1, "character")} of this statement left out`;
}
