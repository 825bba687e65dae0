// Roles that carry this repository's marker and are no longer declared. Reported in every plan; settings choose what happens.
import { partKey, partOf, type Change } from "../model/change.ts";
import { markedRepository, unnamedRepository } from "../model/marker.ts";
import { compareNames } from "../model/name.ts";
import type { Observed, ObservedRole } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Settings } from "../model/settings.ts";
import { sameAttributes } from "./attributes.ts";
import type { DatabaseContext } from "./database-context.ts";
import { diffDatabase } from "./database.ts";
import { diffMemberships } from "./memberships.ts";
import { observedRole, type RoleContext } from "./role-context.ts";
import { diffSharedObjects } from "./shared-objects.ts";

/** An orphan is compared with a spec that wants nothing. */
export function orphanContexts(input: {
  readonly observed: Observed;
  readonly settings: Settings;
  /** Every declared role name of the resource, planned in this run or not. */
  readonly declared: ReadonlySet<string>;
}): readonly RoleContext[] {
  const { observed, settings, declared } = input;
  return [...observed.cluster.roles.values()]
    .filter((role) => !declared.has(role.name) && markedRepository(role.comment) === settings.repository)
    .toSorted((a, b) => compareNames(a.name, b.name))
    .map((role) => ({
      spec: emptySpec(role.name),
      specs: [],
      planned: new Set(),
      settings: settingsFor(settings),
      observed,
      newcomers: new Map(),
      leaving: new Set(),
    }));
}

/** A role cannot be dropped while a grant to it stands, whoever made it. */
function settingsFor(settings: Settings): Settings {
  return settings.orphans.action === "drop" ? { ...settings, foreignGrants: "revoke" } : settings;
}

/**
 * With `report` an orphan has no changes: the plan only names it.
 * @param maintenanceDatabase where shared objects are given away if nothing else is.
 */
export function diffOrphan(context: RoleContext, databases: readonly DatabaseContext[], maintenanceDatabase: string): readonly Change[] {
  const { orphans } = context.settings;
  const observed = observedRole(context);
  if (orphans.action === "report" || !observed) return [];
  const role = context.spec.roleName;
  const local = databases.flatMap(diffDatabase);
  const isAtWork = local.some((change) => partKey(partOf(change)) === partKey({ phase: "database", database: maintenanceDatabase }));
  const changes = [
    ...disarm(observed),
    ...diffMemberships(context),
    ...diffSharedObjects(context),
    ...local,
    ...(orphans.action === "drop" ? reassign(context, { databases, maintenanceDatabase, isAtWork, heir: orphans.reassignTo }) : []),
  ];
  const drop: readonly Change[] = orphans.action === "drop" ? [{ kind: "dropRole", role }] : [];
  const isOpen = changes.length + drop.length > 0 && orphans.terminateSessions;
  return [...changes, ...(isOpen ? [{ kind: "terminateSessions", role } as const] : []), ...drop];
}

/** What keeps an orphan from being more than reported, whatever the settings say. */
export function orphanWarnings({ spec, settings }: RoleContext): readonly string[] {
  if (settings.repository !== unnamedRepository) return [];
  return [
    `${spec.roleName} may be another repository's, since this one has no name: it is only reported; set repository in rolewright.yaml`,
  ];
}

/** Reasons why an orphan cannot be dropped as the settings say. */
export function checkOrphan({ spec, settings, observed }: RoleContext): readonly string[] {
  const { orphans } = settings;
  if (orphans.action !== "drop") return [];
  const heir = orphans.reassignTo;
  if (heir === spec.roleName) return [`${heir} cannot be its own new owner; name another role in orphans.drop.reassign_to`];
  const { sources, roles } = observed.cluster;
  return sources.has(heir) || roles.has(heir) ? [] : [`the role ${JSON.stringify(heir)} of orphans.drop.reassign_to does not exist`];
}

/** No login and no powers: whoever is a member of it could still become it. */
function disarm({ name, attributes: from }: ObservedRole): readonly Change[] {
  const to = { ...from, login: false, superuser: false, createDb: false, createRole: false, replication: false, bypassRls: false };
  return [
    ...(sameAttributes(from, to) ? [] : [{ kind: "alterRole", role: name, from, to } as const]),
    ...(from.login ? [{ kind: "clearPassword", role: name } as const] : []),
  ];
}

/**
 * In every database where something stands in the way of DROP ROLE: what it owns, and policies that name it.
 * @param place.isAtWork whether anything else changes for the role in the maintenance database.
 */
function reassign(
  { spec, observed }: RoleContext,
  place: {
    readonly databases: readonly DatabaseContext[];
    readonly maintenanceDatabase: string;
    readonly isAtWork: boolean;
    readonly heir: string;
  },
): readonly Change[] {
  const role = spec.roleName;
  const places = place.databases
    .filter(({ catalog }) => catalog.policies.length > 0 || catalog.owns.some((row) => row.role === role))
    .map(({ catalog }) => catalog.name);
  // Databases and tablespaces are given away from any database. Where the maintenance database has a transaction for the role, it is done
  // there in any case: its proof sees no other database, and so cannot tell that it is done in one of them.
  const { databases, ownedTablespaces = [] } = observed.cluster;
  const ownsShared = databases.some(({ owner }) => owner === role) || ownedTablespaces.some((row) => row.role === role);
  const anywhere = ownsShared && (places.length === 0 || place.isAtWork) ? [place.maintenanceDatabase] : [];
  return [...new Set([...places, ...anywhere])].map((database) => ({ kind: "reassignOwned", database, role, to: place.heir }));
}

function emptySpec(roleName: string): RoleSpec {
  return {
    resource: "",
    label: "",
    roleName,
    type: "managed",
    scopes: [],
    privileges: [],
    sourceRole: null,
    rotatePassword: false,
    connectionLimit: null,
    expiresAt: null,
    futureObjects: false,
    acknowledgeHazards: [],
    origin: { file: "", line: 0, column: 0 },
  };
}
