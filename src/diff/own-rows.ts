// The rows of the catalogs that are about one role. Split in one pass for all roles: each looking through the rows of all would be
// quadratic, and there may be a thousand of them in a hundred databases.
import type { ClusterCatalog, DatabaseCatalog, Observed, SchemaInfo } from "../model/observed.ts";

/** @returns what is observed with only one role's rows of the shared catalogs; roles, sources and databases are everybody's. */
export function observedByRole(observed: Observed): (role: string) => Observed {
  const { cluster } = observed;
  const groups = {
    memberships: Map.groupBy(cluster.memberships, (membership) => membership.member),
    membershipsGrantedByTargets: Map.groupBy(cluster.membershipsGrantedByTargets, grantorOf),
    grants: Map.groupBy(cluster.grants, roleOf),
    grantsByTargets: Map.groupBy(cluster.grantsByTargets, grantorOf),
    ownedTablespaces: Map.groupBy(cluster.ownedTablespaces ?? [], roleOf),
    footprints: Map.groupBy(cluster.footprints, roleOf),
  };
  return (role) => {
    const own: ClusterCatalog = {
      ...cluster,
      memberships: groups.memberships.get(role) ?? [],
      membershipsGrantedByTargets: groups.membershipsGrantedByTargets.get(role) ?? [],
      grants: groups.grants.get(role) ?? [],
      grantsByTargets: groups.grantsByTargets.get(role) ?? [],
      ownedTablespaces: groups.ownedTablespaces.get(role) ?? [],
      footprints: groups.footprints.get(role) ?? [],
    };
    return { ...observed, cluster: own };
  };
}

/** One database's catalog, by role. */
export type CatalogByRole = {
  readonly name: string;
  readonly schemasByName: ReadonlyMap<string, SchemaInfo>;
  /** Whether any row is about the role. */
  readonly has: (role: string) => boolean;
  /** Only the role's rows; schemas are those of everybody. */
  readonly rowsOf: (role: string) => DatabaseCatalog;
};

export function catalogByRole(catalog: DatabaseCatalog): CatalogByRole {
  const groups = {
    bulkGrants: Map.groupBy(catalog.bulkGrants, roleOf),
    exceptions: Map.groupBy(catalog.exceptions, roleOf),
    grants: Map.groupBy(catalog.grants, roleOf),
    neededSequences: Map.groupBy(catalog.neededSequences, roleOf),
    defaultPrivileges: Map.groupBy(catalog.defaultPrivileges, roleOf),
    owns: Map.groupBy(catalog.owns, roleOf),
    policies: Map.groupBy(catalog.policies, roleOf),
    handover: Map.groupBy(catalog.handover ?? [], roleOf),
    grantsByTargets: Map.groupBy(catalog.grantsByTargets, grantorOf),
  };
  const named = new Set(Object.values(groups).flatMap((group) => [...group.keys()]));
  return {
    name: catalog.name,
    schemasByName: new Map(catalog.schemas.map((schema) => [schema.name, schema])),
    has: (role) => named.has(role),
    rowsOf: (role) => ({
      name: catalog.name,
      schemas: catalog.schemas,
      bulkGrants: groups.bulkGrants.get(role) ?? [],
      exceptions: groups.exceptions.get(role) ?? [],
      grants: groups.grants.get(role) ?? [],
      neededSequences: groups.neededSequences.get(role) ?? [],
      defaultPrivileges: groups.defaultPrivileges.get(role) ?? [],
      owns: groups.owns.get(role) ?? [],
      policies: groups.policies.get(role) ?? [],
      handover: groups.handover.get(role) ?? [],
      grantsByTargets: groups.grantsByTargets.get(role) ?? [],
    }),
  };
}

function roleOf(row: { readonly role: string }): string {
  return row.role;
}

function grantorOf(row: { readonly grantor: string }): string {
  return row.grantor;
}
