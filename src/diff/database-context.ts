// One role in one database: the role's own rows of the catalog, and what it is to hold there. Made once per pair, because
// a hundred roles in fifty databases ask the same questions of the same rows.
import type { BulkKind } from "../model/object-ref.ts";
import type { BulkException, BulkGrant, DatabaseCatalog, SchemaInfo } from "../model/observed.ts";
import type { PrivilegesByKind } from "../model/privilege.ts";
import { schemasInScope, wantedPrivileges, type RoleContext } from "./role-context.ts";

export type DatabaseContext = {
  readonly role: RoleContext;
  /** Only this role's rows; schemas are those of everybody. */
  readonly catalog: DatabaseCatalog;
  readonly wanted: PrivilegesByKind;
  readonly schemas: readonly SchemaInfo[];
  readonly inScope: ReadonlySet<string>;
  readonly bulkGrants: ReadonlyMap<string, BulkGrant>;
  readonly exceptions: ReadonlyMap<string, BulkException>;
  readonly schemasByName: ReadonlyMap<string, SchemaInfo>;
};

/** Splits a catalog into one for each role, in one pass; roles without rows get an empty one. */
export function splitByRole(catalog: DatabaseCatalog): (role: string) => DatabaseCatalog {
  const groups = {
    bulkGrants: Map.groupBy(catalog.bulkGrants, roleOf),
    exceptions: Map.groupBy(catalog.exceptions, roleOf),
    grants: Map.groupBy(catalog.grants, roleOf),
    neededSequences: Map.groupBy(catalog.neededSequences, roleOf),
    defaultPrivileges: Map.groupBy(catalog.defaultPrivileges, roleOf),
    policies: Map.groupBy(catalog.policies, roleOf),
    grantsByTargets: Map.groupBy(catalog.grantsByTargets, (grant) => grant.grantor),
  };
  return (role) => ({
    name: catalog.name,
    schemas: catalog.schemas,
    owns: catalog.owns,
    bulkGrants: groups.bulkGrants.get(role) ?? [],
    exceptions: groups.exceptions.get(role) ?? [],
    grants: groups.grants.get(role) ?? [],
    neededSequences: groups.neededSequences.get(role) ?? [],
    defaultPrivileges: groups.defaultPrivileges.get(role) ?? [],
    policies: groups.policies.get(role) ?? [],
    grantsByTargets: groups.grantsByTargets.get(role) ?? [],
  });
}

export function databaseContext(role: RoleContext, catalog: DatabaseCatalog): DatabaseContext {
  const schemas = schemasInScope(role.spec, catalog);
  return {
    role,
    catalog,
    wanted: wantedPrivileges(role),
    schemas,
    inScope: new Set(schemas.map((schema) => schema.name)),
    bulkGrants: new Map(catalog.bulkGrants.map((grant) => [bulkKey(grant), grant])),
    exceptions: new Map(catalog.exceptions.map((exception) => [`${exception.which}${bulkKey(exception)}`, exception])),
    schemasByName: new Map(catalog.schemas.map((schema) => [schema.name, schema])),
  };
}

export type BulkKey = { readonly schema: string; readonly kind: BulkKind; readonly privilege: string };

export function bulkKey(key: BulkKey): string {
  return JSON.stringify([key.schema, key.kind, key.privilege]);
}

function roleOf(row: { readonly role: string }): string {
  return row.role;
}
