// The difference between desired and observed, one role at a time. Pure: the same inputs give the same changes in the same order.
import type { Change } from "../model/change.ts";
import type { Membership, Observed } from "../model/observed.ts";
import type { Resource } from "../model/resource.ts";
import type { Blocked, RoleDiff } from "../model/role-diff.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Settings } from "../model/settings.ts";
import { countNewcomers } from "./acl-room.ts";
import { desiredAttributes, diffAttributes } from "./attributes.ts";
import { blockedBy } from "./blocked.ts";
import { checkRole } from "./check.ts";
import { currentState } from "./current-state.ts";
import { databaseContexts, type DatabaseContext } from "./database-context.ts";
import { diffDatabase } from "./database.ts";
import { declarationsOf } from "./declarations.ts";
import { effectiveAccess } from "./effective.ts";
import { blockedHandover, blockedHeir, handoverWarnings } from "./handover.ts";
import { splitIllegible } from "./illegible.ts";
import { diffMemberships } from "./memberships.ts";
import { neededFirst } from "./needed-first.ts";
import { observedEntries } from "./observed-entries.ts";
import { diffOrphan, isOnlyReported, orphanContexts, orphanWarnings } from "./orphans.ts";
import { catalogByRole, observedByRole, type CatalogByRole } from "./own-rows.ts";
import { isRead, type Becoming, type RoleContext } from "./role-context.ts";
import { diffSharedObjects } from "./shared-objects.ts";
import { stillNeeded } from "./still-needed.ts";
import { warningsOf } from "./warnings.ts";

/**
 * @param resource what is compared. @param specs every declared role spec of it. @param planned the names of those to compare.
 * @param observed the same resource.
 * @returns one difference for each planned spec, those that others need first, then one for each orphan by name, those planned ones included that are gone.
 */
export function diff(input: {
  readonly resource: Pick<Resource, "maintenanceDatabase">;
  readonly specs: readonly RoleSpec[];
  readonly planned: ReadonlySet<string>;
  readonly observed: Observed;
  readonly settings: Settings;
  /** Of the planned ones and the orphans, those to compare; all of them unless it says so. The others are as they are. */
  readonly compared?: ReadonlySet<string>;
  /** Of the planned ones, those that no file of the repository declares. */
  readonly undeclared?: ReadonlySet<string>;
  readonly declaredElsewhere?: ReadonlyMap<string, RoleSpec>;
  /** False leaves out the orphans themselves. What declared roles come to is the same: the plan of a role does not depend on what else was asked for. */
  readonly withOrphans: boolean;
  /** Roles whose plan was blocked; by something that may be in a database which is not observed. */
  readonly kept?: ReadonlySet<string>;
  /** Of those, the roles that have granted something onwards. */
  readonly granters?: ReadonlySet<string>;
  /** What was planned has been done: roles are what they are, and come to nothing else. */
  readonly isDone?: boolean;
}): readonly RoleDiff[] {
  const { resource, specs, observed, withOrphans } = input;
  const compared = (role: string): boolean => input.compared?.has(role) ?? true;
  const planned = new Set([...input.planned].filter(compared));
  const catalogs = [...observed.databases.values()].filter(isRead);
  const newcomers = countNewcomers(
    specs.filter(({ roleName }) => planned.has(roleName)),
    catalogs,
  );
  const byRole = catalogs.map(catalogByRole);
  const declarations = declarationsOf({ ...input, roles: observed.cluster.roles });
  const { maintenanceDatabase } = resource;
  const candidates = orphanContexts({ ...input, planned, declarations, maintenanceDatabase });
  const leaving = namesOfDropped(candidates);
  const orphans = candidates.map((context) => ({ ...context, leaving }));
  return [
    ...diffDeclared({ ...input, planned, declarations, newcomers, leaving }, byRole),
    ...orphans
      .filter(({ spec }) => withOrphans && compared(spec.roleName))
      .map((context) => orphanDiff(context, databaseContexts(context, byRole))),
  ];
}

function orphanDiff(context: RoleContext, databases: readonly DatabaseContext[]): RoleDiff {
  const { settings, isDone, isKept } = context;
  const disabled = diffOrphan(context, databases, true);
  const isToBeDropped = settings.orphans.action === "drop";
  // Memberships end with the role, whatever the others are called.
  const toBeWritten = isToBeDropped ? disabled.filter(({ kind }) => kind !== "revokeMembership") : disabled;
  // What is only reported cannot be blocked either.
  const unfitHeir = isOnlyReported(context) ? [] : blockedHeir(context);
  const blocked = isOnlyReported(context)
    ? []
    : [
        ...blockedBy(context, databases),
        ...unfitHeir,
        ...blockedHandover(context, databases),
        ...splitIllegible(context, toBeWritten).blocked,
      ];
  const { legible: changes } = splitIllegible(
    context,
    blocked.length > 0 || isKept || !isToBeDropped ? disabled : diffOrphan(context, databases, false),
  );
  const refusals = [
    ...stillNeeded(context.spec.roleName, changes, context.declarations),
    // What it has left is the heir's by now, and must not be committed where that has become one that would not have been planned.
    ...(isDone && !isKept ? unfitHeir.map(({ message }) => message) : []),
  ];
  return roleDiff(context, databases, { changes, blocked, refusals });
}

function namesOfDropped(orphans: readonly RoleContext[]): ReadonlySet<string> {
  const dropped = orphans.filter((context) => context.settings.orphans.action === "drop" && !isOnlyReported(context));
  return new Set(dropped.map(({ spec }) => spec.roleName));
}

/**
 * A role that does not exist and cannot be planned is not made: what others need of it is missing for them, too. Those are compared
 * again, and the reasons of its own stay.
 */
function diffDeclared(
  input: Parameters<typeof diff>[0] & Pick<RoleContext, "declarations" | "newcomers" | "leaving">,
  catalogs: readonly CatalogByRole[],
): readonly RoleDiff[] {
  const { specs, declarations, settings, observed, newcomers, leaving } = input;
  const { maintenanceDatabase } = input.resource;
  const ownRows = observedByRole(observed);
  const planned = new Set(input.planned);
  const ordered = neededFirst(specs.filter(({ roleName }) => planned.has(roleName)));
  const diffs = new Map<RoleSpec, RoleDiff>();
  const becoming = new Map<string, Becoming>();
  for (let open = ordered; open.length > 0;) {
    // What is found on the way counts from the next round on: whoever needs each other fails for the same reason.
    const made = new Set(planned);
    for (const spec of open) {
      const isFromElsewhere = input.undeclared?.has(spec.roleName) === true;
      const isKept = input.kept?.has(spec.roleName) === true;
      const isDone = input.isDone === true;
      const isCleared = isDone && input.granters?.has(spec.roleName) === true;
      const own = { spec, isFromElsewhere, isKept, isDone, isCleared, isOrphan: false, observed: ownRows(spec.roleName) };
      const context = { ...own, declarations, planned: made, settings, maintenanceDatabase, newcomers, becoming, leaving };
      const difference = diffRole(context, databaseContexts(context, catalogs));
      diffs.set(spec, difference);
      // Source roles come before their members. One whose plan has failed stays what it is. What is proved is what is there by now: the account
      // that applies may not have been able to take all of it.
      if (difference.failures.length === 0 && !isDone) becoming.set(spec.roleName, becomingOf(context, difference));
      else becoming.delete(spec.roleName);
      if (difference.failures.length > 0 && !observed.cluster.roles.has(spec.roleName)) planned.delete(spec.roleName);
    }
    open = planned.size === made.size ? [] : ordered.filter((spec) => planned.has(spec.roleName) && mayNeedOthers(spec));
  }
  return ordered.flatMap((spec) => diffs.get(spec) ?? []);
}

function becomingOf({ spec, observed }: RoleContext, { changes }: RoleDiff): Becoming {
  const revoked = changes.flatMap((change) => (change.kind === "revokeMembership" && !change.adminOptionOnly ? [change] : []));
  const isRevoked = ({ role, grantor }: Membership): boolean =>
    revoked.some((change) => change.role === role && (change.grantor === null || change.grantor === grantor));
  return { attributes: desiredAttributes(spec), keepsMemberships: !observed.cluster.memberships.every(isRevoked) };
}

function mayNeedOthers({ sourceRole, futureObjects }: RoleSpec): boolean {
  return sourceRole !== null || futureObjects;
}

function diffRole(context: RoleContext, databases: readonly DatabaseContext[]): RoleDiff {
  const isManaged = context.spec.type === "managed";
  const { legible, blocked } = splitIllegible(context, [
    ...diffAttributes(context),
    ...diffMemberships(context),
    ...(isManaged ? [...diffSharedObjects(context), ...databases.flatMap(diffDatabase)] : []),
  ]);
  return roleDiff(context, databases, { blocked: [...blockedBy(context, databases), ...blocked], changes: legible });
}

function roleDiff(
  context: RoleContext,
  databases: readonly DatabaseContext[],
  {
    changes: candidates,
    blocked,
    refusals = [],
  }: { readonly changes: readonly Change[]; readonly blocked: readonly Blocked[]; readonly refusals?: readonly string[] },
): RoleDiff {
  const { isOrphan } = context;
  // What is only reported cannot fail.
  const isReported = isOrphan && isOnlyReported(context);
  const failures = isReported ? [] : [...checkRole(context, databases), ...refusals];
  const changes = failures.length > 0 ? [] : candidates;
  // No plan of an external role, or of an orphan that is left alone, relies on what it holds: that is reported, and may change.
  const own = context.spec.type === "managed" ? databases : [];
  const reliedOn = isReported ? [] : own;
  return {
    spec: context.spec,
    isOrphan,
    changes,
    failures,
    blocked: failures.length > 0 ? [] : blocked,
    warnings: [...warningsOf(context, databases), ...(isOrphan ? warningsOfOrphan(context, databases) : [])],
    effective: effectiveAccess(context, databases),
    observedEntries: observedEntries({ role: context, databases: reliedOn, changes }),
    currentState: currentState({ role: context, databases: own, requiresMigration: changes.length + blocked.length > 0 }),
  };
}

function warningsOfOrphan(context: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  return [...orphanWarnings(context), ...(isOnlyReported(context) ? [] : handoverWarnings(context, databases))];
}
