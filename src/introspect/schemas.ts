// The schemas of one database, and the OIDs by which the other queries know schemas and roles.
import type { Queryable } from "../model/queryable.ts";
import { onlyRow } from "./only-row.ts";

type SchemaRow = {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly publicPrivileges: readonly string[];
};

export type SchemaCatalog = {
  /** Roles that exist, of those asked for. */
  readonly roles: readonly { readonly oid: number; readonly name: string }[];
  /** All but those of TOAST tables and temporary tables, sorted by name. */
  readonly schemas: readonly SchemaRow[];
};

const query = `
SELECT
  current_database() AS database,
  current_setting('search_path') AS "searchPath",
  (SELECT COALESCE(json_agg(json_build_object('oid', r.oid::int8, 'name', r.rolname)), '[]')
   FROM pg_roles r WHERE r.rolname::text = ANY ($1::text[])) AS roles,
  (SELECT COALESCE(json_agg(json_build_object(
      'oid', n.oid::int8,
      'name', n.nspname,
      'owner', pg_get_userbyid(n.nspowner),
      'publicPrivileges', ARRAY(SELECT DISTINCT a.privilege_type COLLATE "C" AS privilege
                                FROM aclexplode(COALESCE(n.nspacl, acldefault('n', n.nspowner))) a WHERE a.grantee = 0 ORDER BY privilege))
      ORDER BY n.nspname::text COLLATE "C"), '[]')
   FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast|temp_)') AS schemas`;

/**
 * @param input.roles names of the target roles.
 * @throws Error when the connection is to another database, or its search path is not pinned: routine signatures would come without their schema.
 */
export async function readSchemas(
  db: Queryable,
  input: { readonly database: string; readonly roles: readonly string[] },
): Promise<SchemaCatalog> {
  const { rows } = await db.query<SchemaCatalog & { readonly database: string; readonly searchPath: string }>(query, [input.roles]);
  const { database, searchPath, roles, schemas } = onlyRow(rows);
  if (database !== input.database) {
    throw new Error(`asked for the catalogs of database ${JSON.stringify(input.database)} on a connection to ${JSON.stringify(database)}`);
  }
  if (searchPath !== "pg_catalog")
    throw new Error(`search_path is ${JSON.stringify(searchPath)}; introspection needs a session that pins it to pg_catalog`);
  return { roles, schemas };
}
