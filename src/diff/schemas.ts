// USAGE, and CREATE where declared, on the schemas in scope; nothing on any other schema.
import type { Change } from "../model/change.ts";
import type { DatabaseContext } from "./database-context.ts";

/** Grants that are missing; unwanted entries are revoked with the other entries of the database that are compared one by one. */
export function grantSchemas({ role, catalog, schemas, wanted }: DatabaseContext): readonly Change[] {
  const held = Map.groupBy(
    catalog.grants.filter((entry) => entry.object.kind === "schema"),
    (entry) => ("name" in entry.object ? entry.object.name : ""),
  );
  return schemas.flatMap((schema): readonly Change[] => {
    // An owner needs no grant, and its own entry is none (F30).
    if (schema.owner === role.spec.roleName) return [];
    const privileges = wanted.schemas.filter((privilege) => !held.get(schema.name)?.some((entry) => entry.privilege === privilege));
    if (privileges.length === 0) return [];
    const on = { kind: "schema", database: catalog.name, schema: schema.name } as const;
    return [{ kind: "grant", privileges, on, grantee: role.spec.roleName }];
  });
}
