// What targets own besides relations and routines, which the roll-up counts, and the policies that name them: both stand in the way of DROP ROLE.
import { maximumPolicyRoles, type DatabaseCatalog } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { onlyRow } from "./only-row.ts";

export type OwnedCatalog = {
  readonly owned: readonly { readonly owner: number; readonly count: number }[];
  readonly policies: DatabaseCatalog["policies"];
};

// The catalogs and not pg_shdepend, whose search by role walks through every grant of the role. Rows of tables and arrays are types
// that go with them. User mappings and the default privileges that a role gives away count as its own: DROP ROLE says "owner of" them.
const query = `
WITH owned AS (
  SELECT nspowner AS owner FROM pg_namespace
  UNION ALL SELECT t.typowner FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typowner = ANY ($1::oid[]) AND (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'm'
      AND NOT EXISTS (SELECT FROM pg_type element WHERE element.oid = t.typelem AND element.typarray = t.oid)
  UNION ALL SELECT oprowner FROM pg_operator
  UNION ALL SELECT opcowner FROM pg_opclass
  UNION ALL SELECT opfowner FROM pg_opfamily
  UNION ALL SELECT conowner FROM pg_conversion
  UNION ALL SELECT collowner FROM pg_collation
  UNION ALL SELECT cfgowner FROM pg_ts_config
  UNION ALL SELECT dictowner FROM pg_ts_dict
  UNION ALL SELECT stxowner FROM pg_statistic_ext
  UNION ALL SELECT lanowner FROM pg_language
  UNION ALL SELECT fdwowner FROM pg_foreign_data_wrapper
  UNION ALL SELECT srvowner FROM pg_foreign_server
  UNION ALL SELECT umuser FROM pg_user_mappings
  UNION ALL SELECT extowner FROM pg_extension
  UNION ALL SELECT evtowner FROM pg_event_trigger
  UNION ALL SELECT pubowner FROM pg_publication
  UNION ALL SELECT s.subowner FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
  UNION ALL SELECT lomowner FROM pg_largeobject_metadata
  UNION ALL SELECT defaclrole FROM pg_default_acl
)
SELECT
  (SELECT COALESCE(json_agg(json_build_object('owner', o.owner::int8, 'count', o.n) ORDER BY o.owner), '[]')
   FROM (SELECT owned.owner, count(*) AS n FROM owned WHERE owned.owner = ANY ($1::oid[]) GROUP BY 1) o) AS owned,
  (SELECT COALESCE(json_agg(json_build_object('role', pg_get_userbyid(p.role), 'schema', n.nspname, 'table', c.relname, 'policy', p.polname,
      'others', (SELECT COALESCE(json_agg(o.name ORDER BY o.leaves, o.name), '[]') FROM (
        SELECT DISTINCT other = ANY ($2::oid[]) AS leaves, pg_get_userbyid(other)::text COLLATE "C" AS name
        FROM unnest(p.polroles) AS other WHERE other <> p.role ORDER BY 1, 2 LIMIT ${maximumPolicyRoles}) o),
      'isRestrictive', NOT p.polpermissive)
      ORDER BY pg_get_userbyid(p.role)::text COLLATE "C", n.nspname::text COLLATE "C", c.relname::text COLLATE "C", p.polname::text COLLATE "C"), '[]')
   FROM (SELECT DISTINCT pol.polrelid, pol.polname, pol.polpermissive, pol.polroles, r.role
         FROM pg_policy pol CROSS JOIN LATERAL unnest(pol.polroles) AS r (role)) p
   JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.role = ANY ($1::oid[])) AS policies`;

/** @param leaving OIDs of the targets that are orphans to be dropped. */
export async function readOwned(db: Queryable, targets: readonly number[], leaving: readonly number[]): Promise<OwnedCatalog> {
  const { rows } = await db.query<OwnedCatalog>(query, [targets, leaving]);
  return onlyRow(rows);
}
