// What each role is to hold in one database, by OID: the question that roll-ups are compared with.
import type { RoleInterest } from "../model/interest.ts";
import { isSystemSchema } from "../model/name.ts";
import type { BulkKind } from "../model/object-ref.ts";
import { isOnAll } from "../model/privilege.ts";
import type { SchemaCatalog } from "./schemas.ts";

export type Want = {
  readonly role: string;
  /** `null`: the role does not exist yet. */
  readonly oid: number | null;
  /** OIDs of the schemas in scope that exist. */
  readonly schemas: ReadonlySet<number>;
  readonly privileges: RoleInterest["privileges"];
  /** INSERT brings USAGE on the sequences that column defaults of tables in scope draw from. */
  readonly inserts: boolean;
  readonly futureObjects: boolean;
  readonly heir: string | null;
  readonly isLeftAlone: boolean;
  readonly isOnlyCounted: boolean;
};

export function wantsOf(roles: readonly RoleInterest[], catalog: SchemaCatalog): readonly Want[] {
  const oids = new Map(catalog.roles.map(({ name, oid }) => [name, oid]));
  const people = catalog.schemas.filter((schema) => !isSystemSchema(schema.name));
  const everySchema = new Set(people.map((schema) => schema.oid));
  const schemaOids = new Map(people.map(({ name, oid }) => [name, oid]));
  return roles.map(({ role, schemas, privileges, futureObjects, heir, isLeftAlone, isOnlyCounted }) => ({
    role,
    oid: oids.get(role) ?? null,
    schemas: schemas === "all" ? everySchema : new Set(schemas.flatMap((name) => schemaOids.get(name) ?? [])),
    privileges,
    inserts: privileges.tables.includes("INSERT"),
    futureObjects,
    heir: heir ?? null,
    isLeftAlone: isLeftAlone ?? false,
    isOnlyCounted: isOnlyCounted ?? false,
  }));
}

/** Whether the role is to hold a privilege on every table or routine of a schema. */
export function isWanted(want: Want, key: { readonly schema: number; readonly kind: BulkKind; readonly privilege: string }): boolean {
  return want.schemas.has(key.schema) && isOnAll(want.privileges, key);
}

/** Whether USAGE may stay on sequences of a schema that no default draws from: default privileges make some. */
export function toleratesSequences(want: Want, schema: number): boolean {
  return want.inserts && want.futureObjects && want.schemas.has(schema);
}

/** The JSON parameter for queries that have to know which sequences a role needs. A list's place in it is the want's index. */
export function insertParameter(wants: readonly Want[]): string {
  return JSON.stringify(
    wants.flatMap((want, index) => (want.inserts ? [{ want: index, role: want.oid, schemas: [...want.schemas] }] : [])),
  );
}
