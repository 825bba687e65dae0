// One role in one database: the role's own rows of the catalog, and what it is to hold there. Made once per pair, because
// a hundred roles in fifty databases ask the same questions of the same rows.
import type { BulkKind } from "../model/object-ref.ts";
import type { BulkException, BulkGrant, DatabaseCatalog, SchemaInfo } from "../model/observed.ts";
import type { PrivilegesByKind } from "../model/privilege.ts";
import type { Scope } from "../model/scope.ts";
import type { CatalogByRole } from "./own-rows.ts";
import { schemasInScope, scopesByDatabase, wantedPrivileges, type RoleContext } from "./role-context.ts";

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

/** @returns one context for each database that the role declares or where something is about it: in others there is nothing to compare. */
export function databaseContexts(role: RoleContext, catalogs: readonly CatalogByRole[]): readonly DatabaseContext[] {
  const { roleName } = role.spec;
  const declared = scopesByDatabase(role.spec);
  const wanted = wantedPrivileges(role);
  return catalogs
    .filter(({ name, has }) => declared.has(name) || has(roleName))
    .map((catalog) => databaseContext({ role, wanted, scopes: declared.get(catalog.name) ?? [] }, catalog));
}

function databaseContext(
  { role, wanted, scopes }: Pick<DatabaseContext, "role" | "wanted"> & { readonly scopes: readonly Scope[] },
  { rowsOf, schemasByName }: CatalogByRole,
): DatabaseContext {
  const catalog = rowsOf(role.spec.roleName);
  const schemas = schemasInScope(scopes, catalog);
  return {
    role,
    catalog,
    wanted,
    schemas,
    inScope: new Set(schemas.map((schema) => schema.name)),
    bulkGrants: new Map(catalog.bulkGrants.map((grant) => [bulkKey(grant), grant])),
    exceptions: new Map(catalog.exceptions.map((exception) => [`${exception.which}${bulkKey(exception)}`, exception])),
    schemasByName,
  };
}

export type BulkKey = { readonly schema: string; readonly kind: BulkKind; readonly privilege: string };

/** Only the last may have a space in it. */
export function bulkKey({ kind, privilege, schema }: BulkKey): string {
  return `${kind} ${privilege} ${schema}`;
}
