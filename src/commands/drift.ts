// drift: read the live catalogs and say what differs from the files of the repository. Changes nothing.
import { planKey } from "../review/plan-text.ts";
import { renderDrift, renderDriftSteps } from "../review/drift-text.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import { findDrift, withoutRotation, type FoundDrift } from "./drifting.ts";
import { repositoryGoals } from "./goals.ts";
import { openSessions, openWorkspace } from "./workspace.ts";

/** @returns 2 where something differs, 1 where not all of it could be read. */
export async function runDrift(context: CommandContext): Promise<ExitCode> {
  const opened = await openWorkspace(context);
  if (opened === null) return 1;
  const workspace = withoutRotation(opened);
  const log = await openSessions(context, workspace);
  const goals = repositoryGoals(workspace, { resource: null, label: null });
  const found = await findDrift(context, workspace, { selection: { source: "repository", goals }, log });
  if (context.json) context.output.json(documentOf(found));
  else show(context, found);
  const { drifted, failed, unread } = found.facts;
  if (failed.length + unread.length > 0) return 1;
  return drifted.length > 0 ? 2 : 0;
}

function show({ output, invocation }: CommandContext, { planned, facts }: FoundDrift): void {
  const { roles, sessions } = planned;
  const sids = new Map(roles.map((plan, index) => [planKey(plan), sessions[index]?.sid ?? ""]));
  output.lines(renderDrift({ facts, roles, sids }));
  for (const line of renderDriftSteps(facts, invocation)) output.note(line);
}

function documentOf({ planned, facts }: FoundDrift): object {
  const { checksum, commit, results } = planned.artifact;
  const { drifted, affected, unread, isClean } = facts;
  return { version: 1, clean: isClean, drifted: drifted.length, unread, affected, commit, checksum, results };
}
