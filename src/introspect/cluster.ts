// The shared catalogs, in three queries: the same for one role and for a hundred.
import type { ClusterCatalog, DatabaseInfo, ObservedRole } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { readRoles, type RoleRow } from "./roles.ts";
import { readServer } from "./server.ts";
import { readSharedObjects } from "./shared-objects.ts";

export type ClusterInterest = {
  /** Names of all declared roles, managed and external. */
  readonly targets: readonly string[];
  /** Names of all declared source roles. */
  readonly sources: readonly string[];
  readonly declaredDatabases: readonly string[];
  /** The exact texts that role comments of ours end with: `[rolewright acme/access]`. Roles that carry one are targets, too. */
  readonly markers: readonly string[];
};

/**
 * Reads the shared catalogs with CONNECT alone, inside the caller's transaction and under its `search_path = pg_catalog`.
 * The three queries see one state only where that transaction is REPEATABLE READ.
 */
export async function introspectCluster(db: Queryable, interest: ClusterInterest): Promise<ClusterCatalog> {
  const { server, databases } = await readServer(db);
  const { roles, memberships, membershipsGrantedByTargets, sources } = await readRoles(db, interest);
  const shared = await readSharedObjects(db, {
    version: server.version,
    targets: roles.map((role) => role.oid),
    otherDatabases: databases.filter((database) => !interest.declaredDatabases.includes(database.name)).map((database) => database.oid),
  });
  return {
    server,
    roles: new Map(roles.map((row) => [row.name, observedRole(row)])),
    memberships,
    membershipsGrantedByTargets,
    sources: new Map(sources.map((source) => [source.name, source])),
    databases: databases.map(({ oid: _oid, ...database }): DatabaseInfo => database),
    ...shared,
  };
}

function observedRole({ name, attributes, comment, members, settings }: RoleRow): ObservedRole {
  return { name, attributes, comment, ...(members === null ? {} : { members }), ...(settings === null ? {} : { settings }) };
}
