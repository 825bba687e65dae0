// Looking for drift, for whoever shows it: the command line and the Action.
import { driftFactsOf, type DriftFacts } from "../review/drift-facts.ts";
import type { SessionLog } from "../session/store.ts";
import { createConnector } from "./connector.ts";
import type { CommandContext } from "./context.ts";
import type { Selection } from "./goals.ts";
import { planAndRecord, type PlannedRun } from "./planning.ts";
import type { Workspace } from "./workspace.ts";

export type FoundDrift = { readonly planned: PlannedRun; readonly facts: DriftFacts };

/** Plans with the planners' logins and changes nothing. @param workspace that of {@link withoutRotation}, for the selection as well. */
export async function findDrift(
  context: CommandContext,
  workspace: Workspace,
  { selection, log }: { readonly selection: Selection; readonly log: Pick<SessionLog, "appendAll"> },
): Promise<FoundDrift> {
  const planned = await planAndRecord(context, workspace, { selection, connector: createConnector(context, workspace, "plan"), log });
  const { roles, artifact, unread } = planned;
  const { groups } = workspace.desired;
  return { planned, facts: driftFactsOf({ plan: { roles, checksum: artifact.checksum }, groups, unread }) };
}

/** The same declarations without `rotate_password`: a password cannot be read back, so that one to be rotated would always differ. */
export function withoutRotation(workspace: Workspace): Workspace {
  const roles = workspace.desired.roles.map((spec) => ({ ...spec, rotatePassword: false }));
  return { ...workspace, desired: { ...workspace.desired, roles } };
}
