// The plan as a script: psql runs it as it stands, and people read it. Whatever a name holds, it stays within its line.
import { partKey } from "../model/change.ts";
import { printable } from "../model/display.ts";
import { makesPassword } from "../model/makes-password.ts";
import type { Statement } from "../model/plan.ts";
import { passwordPlaceholder } from "../model/plan.ts";
import { connectArgument } from "../model/quote.ts";

const rule = "-- =========================================================";

/**
 * @param input.heading lines that say what the plan is for; they become comments, in which a hostile name stays one line.
 * @param input.whenEmpty why there is no statement.
 */
export function renderScript(input: {
  readonly heading: readonly string[];
  readonly statements: readonly Statement[];
  readonly whenEmpty: string;
  readonly maintenanceDatabase: string;
}): string {
  const { heading, statements, maintenanceDatabase } = input;
  const head = [rule, ...heading.map((line) => `-- ${printable(line)}`), rule];
  if (statements.length === 0) return `${[...head, `-- ${input.whenEmpty}`].join("\n")}\n`;
  const note = makesPassword({ statements }) ? [`-- ${passwordPlaceholder} stands for a password that is made at apply time.`] : [];
  const blocks = [...Map.groupBy(statements, (statement) => partKey(statement.part)).values()].map((block) =>
    renderBlock(block, maintenanceDatabase),
  );
  return `${[...head, ...note, "\\set ON_ERROR_STOP on", ...blocks].join("\n")}\n`;
}

function renderBlock(statements: readonly Statement[], maintenanceDatabase: string): string {
  const [first] = statements;
  if (!first) return "";
  const { part } = first;
  // Shared catalogs look the same from everywhere; only after the databases does it matter to be back.
  const isAnywhere = part.phase === "cluster" || part.phase === "terminate";
  const connect = isAnywhere ? [] : [`\\connect ${connectArgument(part.phase === "database" ? part.database : maintenanceDatabase)}`];
  return ["", ...connect, "BEGIN;", ...statements.map((statement) => `${statement.sql};`), "COMMIT;"].join("\n");
}
