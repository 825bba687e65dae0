// Everything that the difference of one role is computed from, with the questions that every family asks of it.
import type { DatabaseCatalog, Observed, ObservedRole, RoleAttributes, SchemaInfo, Unreachable } from "../model/observed.ts";
import { expandPrivileges, type PrivilegesByKind } from "../model/privilege.ts";
import type { Newcomers } from "./acl-room.ts";
import type { Declarations } from "./declarations.ts";
import { isSystemSchema } from "../model/name.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Scope } from "../model/scope.ts";
import type { Settings } from "../model/settings.ts";

/** What a role has once its plan is applied. */
export type Becoming = {
  readonly attributes: RoleAttributes;
  /** It stays a member of some role that it is a member of now. */
  readonly keepsMemberships: boolean;
};

export type RoleContext = {
  readonly spec: RoleSpec;
  readonly declarations: Declarations;
  /** Names of the roles that this run plans, and so may make. */
  readonly planned: ReadonlySet<string>;
  /** The role comes from flags or a file of its own, and no file of the repository declares it. */
  readonly isFromElsewhere: boolean;
  /** No role spec declares it: it is compared with one that wants nothing. */
  readonly isOrphan: boolean;
  readonly settings: Settings;
  /** Where statements on the shared catalogs run, and shared objects are given away if nothing else is. */
  readonly maintenanceDatabase: string;
  /** Of the shared catalogs only this role's rows; roles, sources and databases are everybody's. */
  readonly observed: Observed;
  readonly newcomers: Newcomers;
  /** The plan was blocked when it was made of everything, also by something that is not observed now. */
  readonly isKept: boolean;
  /** What was planned has been done, in the transaction that is being proved. */
  readonly isDone: boolean;
  /** What blocked the plan may not be there any more, since the transaction that is being proved has revoked it. */
  readonly isCleared: boolean;
  /** What roles come to that this run plans, as far as their plans are made and have not failed. */
  readonly becoming: ReadonlyMap<string, Becoming>;
  /** Names of the orphans that this run drops. */
  readonly leaving: ReadonlySet<string>;
};

export function observedRole(context: RoleContext): ObservedRole | undefined {
  return context.observed.cluster.roles.get(context.spec.roleName);
}

/** True for a role that exists, or that this run makes before anything needs it. */
export function willExist(context: RoleContext, roleName: string): boolean {
  return context.observed.cluster.roles.has(roleName) || context.planned.has(roleName);
}

export function serverVersion(context: RoleContext): number {
  return context.observed.cluster.server.version;
}

/** What the role is to hold; nothing for external roles. */
export function wantedPrivileges(context: RoleContext): PrivilegesByKind {
  return privilegesOf(context.spec, serverVersion(context));
}

export function privilegesOf(spec: RoleSpec, version: number): PrivilegesByKind {
  return spec.type === "managed" ? expandPrivileges(spec.privileges, version).byKind : { tables: [], schemas: [], routines: [] };
}

/** Names of the declared databases, sorted, without repeats. */
export function declaredDatabases(spec: RoleSpec): readonly string[] {
  return [...new Set(spec.scopes.map((scope) => scope.database))];
}

export function isRead(database: DatabaseCatalog | Unreachable): database is DatabaseCatalog {
  return !("unreachable" in database);
}

export type ScopesByDatabase = ReadonlyMap<string, readonly Scope[]>;

/** A spec with a hundred databases is asked about each of them. */
export function scopesByDatabase({ scopes }: RoleSpec): ScopesByDatabase {
  return Map.groupBy(scopes, ({ database }) => database);
}

/** @param scopes those in the database. @returns the schemas that are in scope and exist. */
export function schemasInScope(scopes: readonly Scope[], catalog: DatabaseCatalog): readonly SchemaInfo[] {
  const isWhole = scopes.some((scope) => scope.schema === null);
  return catalog.schemas.filter((schema) =>
    isWhole && !isSystemSchema(schema.name) ? true : scopes.some((scope) => scope.schema === schema.name),
  );
}
