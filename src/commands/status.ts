// status: each resource's setup progress, from the files and the session log; asks no server.
import type { LogFiles } from "../io/log-files.ts";
import type { Desired } from "../model/desired.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { roleSpecKey } from "../model/role-spec.ts";
import type { Session } from "../model/session.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { countPending, renderStatus } from "../review/status-text.ts";
import { readSessionLog } from "../session/read.ts";
import { dayFolders } from "../session/walk.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { loadDesired } from "./load-desired.ts";
import { sessionFolder } from "./session-folder.ts";
import { storeProblem } from "./store-directory.ts";
import { isDecisive, setupProgress, type ResourceProgress } from "./setup-progress.ts";

/** @returns 0, whatever is pending: to see where a setup stands is no failure. */
export async function runStatus(context: CommandContext): Promise<ExitCode> {
  const desired = await loadDesired(context);
  if (desired === null) return 1;
  const store = await storeProblem(context, { desired, directory: context.repositoryDirectory });
  if (store !== null && desired.roles.length > 0 && !context.quiet)
    for (const line of renderDiagnostics([store])) context.output.error(line);
  const { decisive, diagnostics } = await findDecisive(sessionFolder(context, desired.settings).files, desired);
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  const resources = setupProgress(desired, decisive);
  if (context.json) context.output.json({ resources: resources.map(asDocument), pending: countPending(resources) });
  else context.output.lines(renderStatus(resources, context.output.width));
  return diagnostics.length > 0 ? 1 : 0;
}

function asDocument({ resource, steps, roles }: ResourceProgress): object {
  return {
    resource,
    steps,
    roles: roles.map(({ label, roleName, isProvisioned, pending, sid, at }) => ({
      label,
      role_name: roleName,
      provisioned: isProvisioned,
      pending,
      sid,
      at,
    })),
  };
}

/** The newest decisive session of every declared role, day by day from the newest, and no further back than needed. */
async function findDecisive(
  files: LogFiles,
  desired: Desired,
): Promise<{ readonly decisive: ReadonlyMap<string, Session>; readonly diagnostics: readonly Diagnostic[] }> {
  const log = readSessionLog(files);
  const wanted = new Map(desired.roles.map((spec) => [roleSpecKey(spec), spec]));
  const decisive = new Map<string, Session>();
  const diagnostics: Diagnostic[] = [];
  for await (const day of dayFolders(files)) {
    if (wanted.size === 0) break;
    const date = day.replaceAll("/", "-");
    const list = await log.list({ since: `${date}T00:00:00Z`, until: `${date}T23:59:59.999Z` });
    diagnostics.push(...list.diagnostics);
    for (const session of list.sessions) {
      const key = roleSpecKey({ resource: session.resource_name, label: session.label });
      const spec = wanted.get(key);
      if (spec === undefined || !isDecisive(session, spec)) continue;
      decisive.set(key, session);
      wanted.delete(key);
    }
  }
  return { decisive, diagnostics };
}
