// The plan as a script: psql runs it as it stands, and people read it. Names with control characters never get here.
import type { Statement } from "../model/plan.ts";
import { partKey } from "../model/change.ts";
import { passwordPlaceholder } from "../model/plan.ts";
import { connectArgument } from "../model/quote.ts";

const rule = "-- =========================================================";

/** @param heading lines that say what the plan is for; they become comments. */
export function renderScript(heading: readonly string[], statements: readonly Statement[], maintenanceDatabase: string): string {
  const head = [rule, ...heading.map((line) => `-- ${line}`), rule];
  if (statements.length === 0) return `${[...head, "-- in sync: nothing to do"].join("\n")}\n`;
  const needsPassword = statements.some((statement) => statement.sql.includes(passwordPlaceholder));
  const note = needsPassword ? [`-- ${passwordPlaceholder} stands for a password that is made at apply time.`] : [];
  const blocks = [...Map.groupBy(statements, (statement) => partKey(statement.part)).values()].map((block) =>
    renderBlock(block, maintenanceDatabase),
  );
  return `${[...head, ...note, "\\set ON_ERROR_STOP on", ...blocks].join("\n")}\n`;
}

function renderBlock(statements: readonly Statement[], maintenanceDatabase: string): string {
  const [first] = statements;
  if (!first) return "";
  const { part } = first;
  const connect =
    part.phase === "cluster" ? [] : [`\\connect ${connectArgument(part.phase === "database" ? part.database : maintenanceDatabase)}`];
  return ["", ...connect, "BEGIN;", ...statements.map((statement) => `${statement.sql};`), "COMMIT;"].join("\n");
}
