// Roles that carry this repository's marker and are no longer declared. Reported in every plan; settings choose what happens to those
// that we have made ourselves, as far as their names tell: anybody who may comment on a role may write our marker there.
import { partKey, partOf, type Change } from "../model/change.ts";
import { isMarkedUndeclared, markedRepository, unnamedRepository } from "../model/marker.ts";
import { compareNames } from "../model/name.ts";
import type { Observed, ObservedRole } from "../model/observed.ts";
import { isGeneratedName } from "../model/role-name.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Settings } from "../model/settings.ts";
import { alterRole } from "./attributes.ts";
import type { DatabaseContext } from "./database-context.ts";
import { diffDatabase } from "./database.ts";
import { isDeclared, type Declarations } from "./declarations.ts";
import { handoverDangers } from "./handover.ts";
import { diffMemberships } from "./memberships.ts";
import { observedByRole } from "./own-rows.ts";
import { observedRole, type RoleContext } from "./role-context.ts";
import { diffSharedObjects } from "./shared-objects.ts";

/** An orphan is compared with a spec that wants nothing. */
export function orphanContexts(input: {
  readonly observed: Observed;
  readonly settings: Settings;
  /** Some may be members of an orphan. */
  readonly declarations: Declarations;
  /** Names of the roles that were asked for: an orphan that was reviewed and has gone since is in sync, whoever dropped it. */
  readonly planned: ReadonlySet<string>;
  readonly maintenanceDatabase: string;
  readonly kept?: ReadonlySet<string>;
  readonly granters?: ReadonlySet<string>;
  readonly isDone?: boolean;
}): readonly RoleContext[] {
  const { observed, settings, declarations, planned, maintenanceDatabase, kept, granters, isDone = false } = input;
  const { roles } = observed.cluster;
  const ownRows = observedByRole(observed);
  const marked = [...roles.values()].filter((role) => isMarked(role, settings)).map(({ name }) => name);
  const gone = [...planned].filter((name) => !roles.has(name));
  return [...marked, ...gone]
    .filter((name) => !isDeclared(declarations, name))
    .toSorted(compareNames)
    .map((name) => ({
      spec: emptySpec(name),
      declarations,
      planned: new Set(),
      isFromElsewhere: false,
      isOrphan: true,
      isKept: kept?.has(name) ?? false,
      isDone,
      isCleared: isDone && granters?.has(name) === true,
      settings: settingsFor(settings),
      maintenanceDatabase,
      observed: ownRows(name),
      newcomers: new Map(),
      becoming: new Map(),
      leaving: new Set(),
    }));
}

function isMarked(role: ObservedRole, { repository }: Settings): boolean {
  return markedRepository(role.comment) === repository;
}

/** Whether the settings decide what becomes of a role, were it not declared. */
export function isDisposable(role: ObservedRole, settings: Settings): boolean {
  return isMarked(role, settings) && settings.orphans.action !== "report" && protection(role, settings) === null;
}

/** Why a role with our marker is left alone whatever the settings say, and what can be done about it; `null` for one that they decide about. */
function protection({ name, attributes, comment }: ObservedRole, { prefix }: Settings): string | null {
  if (attributes.superuser) return "it is a superuser, and superusers are never touched: take SUPERUSER from it, or drop it, by hand";
  if (!isGeneratedName(name, prefix))
    return `its name is not one that is made with the prefix ${prefix}, so that it is left alone: take the marker out of its comment, or drop it, by hand`;
  return isMarkedUndeclared(comment) ? "it is left alone: declare it, or drop it by hand" : null;
}

/** What every plan says of an orphan, and what keeps it from being more than reported, whatever the settings say. */
export function orphanWarnings(context: RoleContext): readonly string[] {
  const { spec, settings } = context;
  const role = observedRole(context);
  if (role === undefined) return [];
  const reason = protection(role, settings);
  const what = isMarkedUndeclared(role.comment)
    ? "was planned from flags or from a file of its own, and no file of this repository declares it"
    : "carries this repository's marker and is no longer declared";
  return [
    ...(settings.repository === unnamedRepository
      ? [`${spec.roleName} may be another repository's, since this one has no name: it is only reported; set repository in rolewright.yaml`]
      : []),
    `${spec.roleName} ${what}${reason === null ? "" : `; ${reason}`}`,
  ];
}

/** True for an orphan that is only reported, or that is gone. */
export function isOnlyReported(context: RoleContext): boolean {
  const role = observedRole(context);
  return role === undefined || !isDisposable(role, context.settings);
}

/** A role cannot be dropped while a grant to it stands, whoever made it. */
function settingsFor(settings: Settings): Settings {
  return settings.orphans.action === "drop" ? { ...settings, foreignGrants: "revoke" } : settings;
}

/**
 * One that is left alone has no changes: the plan only names it.
 * @param isKept something stands in the way of dropping it that others have to decide about: until then it is disabled, so that
 * nobody keeps a login by that.
 */
export function diffOrphan(context: RoleContext, databases: readonly DatabaseContext[], isKept: boolean): readonly Change[] {
  const { maintenanceDatabase } = context;
  const { orphans } = context.settings;
  const observed = observedRole(context);
  if (orphans.action === "report" || observed === undefined || isOnlyReported(context)) return [];
  const role = context.spec.roleName;
  const local = databases.flatMap(diffDatabase);
  const isAtWork = local.some((change) => partKey(partOf(change)) === partKey({ phase: "database", database: maintenanceDatabase }));
  const changes = [
    ...disarm(observed, { stays: orphans.action === "disable" || isKept }),
    ...diffMemberships(context),
    ...diffSharedObjects(context),
    ...local,
    ...(orphans.action === "drop" && !isKept ? reassign(context, { databases, isAtWork, heir: orphans.reassignTo }) : []),
  ];
  const drop: readonly Change[] = orphans.action === "drop" && !isKept ? [{ kind: "dropRole", role }] : [];
  const isOpen = changes.length + drop.length > 0 && orphans.terminateSessions;
  return [...changes, ...(isOpen ? [{ kind: "terminateSessions", role } as const] : []), ...drop];
}

/**
 * No login; and no powers where it stays, since whoever is a member of it could still become it. Of one that is dropped they go along,
 * and the account that applies need not have them to take them.
 */
function disarm({ name, attributes: from }: ObservedRole, { stays }: { readonly stays: boolean }): readonly Change[] {
  const powerless = { createDb: false, createRole: false, replication: false, bypassRls: false };
  const to = { ...from, ...(stays && powerless), login: false };
  return [...alterRole(name, from, to), ...(from.login ? [{ kind: "clearPassword", role: name } as const] : [])];
}

/**
 * In every database where something stands in the way of DROP ROLE: what it owns, and policies that name it.
 * @param place.isAtWork whether anything else changes for the role in the maintenance database.
 */
function reassign(
  context: RoleContext,
  place: {
    readonly databases: readonly DatabaseContext[];
    readonly isAtWork: boolean;
    readonly heir: string;
  },
): readonly Change[] {
  const { spec, observed, maintenanceDatabase } = context;
  const role = spec.roleName;
  const places = place.databases
    .filter(({ catalog }) => catalog.policies.length > 0 || catalog.owns.length > 0)
    .map(({ catalog }) => catalog.name);
  // Databases and tablespaces are given away from any database. Where the maintenance database has a transaction for the role, it is done
  // there in any case: its proof sees no other database, and so cannot tell that it is done in one of them.
  const { databases, ownedTablespaces = [] } = observed.cluster;
  const ownsShared = databases.some(({ owner }) => owner === role) || ownedTablespaces.length > 0;
  const anywhere = ownsShared && (places.length === 0 || place.isAtWork) ? [maintenanceDatabase] : [];
  const catalogs = new Map(place.databases.map(({ catalog }) => [catalog.name, catalog]));
  return [...new Set([...places, ...anywhere])].map((database) => {
    const catalog = catalogs.get(database);
    return { kind: "reassignOwned", database, role, to: place.heir, dangers: catalog ? handoverDangers(context, catalog, place.heir) : [] };
  });
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
