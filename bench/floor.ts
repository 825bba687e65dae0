// The floor: the very same catalog queries, run by psql, one process for each connection of ours and as many at a time.
import { defaultSettings } from "../src/model/settings.ts";
import { inParallel, runPsql, type PsqlRun } from "./psql.ts";
import type { WireSession, WireStatement } from "./wire.ts";
import type { BenchResource } from "./workload.ts";

export type Recording = { readonly resource: BenchResource; readonly sessions: readonly WireSession[] };

/** As rolewright does: of each resource the cluster first, then its databases; resources beside each other. */
export async function runFloor(recordings: readonly Recording[]): Promise<void> {
  const { total, perResource } = defaultSettings.concurrency;
  const width = Math.min(perResource, total);
  await inParallel(recordings, Math.max(1, Math.floor(total / width)), async ({ resource, sessions }) => {
    const [cluster, ...databases] = sessions.map((session): PsqlRun => ({ ...scriptOf(session), resource }));
    if (cluster) await runPsql(cluster);
    await inParallel(databases, width, runPsql);
  });
}

function scriptOf({ database, options, statements }: WireSession): Pick<PsqlRun, "database" | "options" | "script"> {
  return { database, options, script: `${statements.map((statement) => `${inlined(statement)};`).join("\n")}\n` };
}

/** psql 15 has no \bind. The server plans a statement of ours with its parameters' values, too: it is the same plan. */
function inlined({ sql, parameters }: WireStatement): string {
  return sql.replace(/\$(\d+)/gu, (_, number: string) => {
    const value = parameters[Number(number) - 1] ?? null;
    return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`;
  });
}
