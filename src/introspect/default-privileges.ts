// Default privileges of the targets, and the roles that they should cover: who owns or may create objects in a schema.
import type { DefaultPrivilege } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { onlyRow } from "./only-row.ts";
import type { TotalRow } from "./roll-up.ts";
import type { Want } from "./want.ts";

export type DefaultCatalog = {
  readonly defaultPrivileges: readonly DefaultPrivilege[];
  /** Names of the creators, sorted, by schema; only for schemas in which somebody wants future objects. */
  readonly creators: readonly { readonly schema: number; readonly creators: readonly string[] }[];
};

/** A schema, and a role that owns something in it or is to hold CREATE on it. */
type Creator = { readonly schema: number; readonly role: number; readonly owns: boolean };

// pg_database_owner stands for the owner of the database: PostgreSQL gives it no members. Which memberships inherit is a property of
// the membership from 16 on, of the member before. A target's own grants and memberships are what the plan is about to change, so that
// a target is a creator only where it owns something or is to hold CREATE. What an orphan owns that the plan drops belongs to its heir already. Superusers may create anywhere, and do where they own something.
const query = `
WITH RECURSIVE asked AS (
  SELECT n.oid AS schema, n.nspowner, n.nspacl FROM pg_namespace n WHERE n.oid = ANY ($2::oid[])
),
database_owner AS (SELECT d.datdba AS role FROM pg_database d WHERE d.datname = current_database()),
heir_of AS (
  SELECT h.role, r.oid AS heir FROM json_to_recordset($4::json) AS h (role oid, heir text) JOIN pg_roles r ON r.rolname::text = h.heir
),
base AS MATERIALIZED (
  SELECT b.schema, COALESCE((SELECT h.heir FROM heir_of h WHERE h.role = b.role), b.role) AS role, bool_or(b.owns) AS owns
  FROM (
   SELECT b.schema, b.owns, CASE b.role WHEN 'pg_database_owner'::regrole THEN (SELECT o.role FROM database_owner o) ELSE b.role END AS role
   FROM (
    SELECT c.schema, c.role, c.owns FROM json_to_recordset($3::json) AS c (schema oid, role oid, owns boolean)
    UNION ALL SELECT a.schema, a.nspowner, true FROM asked a
    UNION ALL SELECT a.schema, x.grantee, false FROM asked a CROSS JOIN LATERAL aclexplode(a.nspacl) x
      WHERE x.privilege_type = 'CREATE' AND x.grantee <> 0 AND x.grantee <> ALL ($1::oid[])) b) b
  GROUP BY 1, 2
),
heir (base, role) AS (
  SELECT DISTINCT b.role, b.role FROM base b
  UNION
  SELECT h.base, m.member FROM heir h JOIN pg_auth_members m ON m.roleid = h.role JOIN pg_roles r ON r.oid = m.member
  WHERE COALESCE((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) AND m.member <> ALL ($1::oid[])
),
creator AS (
  SELECT b.schema, r.rolname::text AS name, bool_or(b.owns AND h.role = b.role) AS owns, r.rolsuper
  FROM base b JOIN heir h ON h.base = b.role JOIN pg_roles r ON r.oid = h.role
  WHERE r.rolname !~ '^pg_' GROUP BY b.schema, r.rolname, r.rolsuper
)
SELECT
  (SELECT COALESCE(json_agg(json_build_object('role', pg_get_userbyid(d.grantee), 'forRole', pg_get_userbyid(d.defaclrole), 'schema', d.nspname,
      'objects', CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
        WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END,
      'privilege', d.privilege_type, 'grantable', d.grantable)
      ORDER BY pg_get_userbyid(d.grantee)::text COLLATE "C", pg_get_userbyid(d.defaclrole)::text COLLATE "C", d.nspname::text COLLATE "C" NULLS FIRST,
        d.defaclobjtype, d.privilege_type COLLATE "C"), '[]')
   FROM (SELECT a.grantee, d.defaclrole, n.nspname, d.defaclobjtype, a.privilege_type, bool_or(a.is_grantable) AS grantable
         FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
         WHERE a.grantee = ANY ($1::oid[]) AND a.grantee <> d.defaclrole AND (d.defaclnamespace = 0 OR n.oid IS NOT NULL)
         GROUP BY 1, 2, 3, 4, 5) d) AS "defaultPrivileges",
  (SELECT COALESCE(json_agg(json_build_object('schema', c.schema::int8, 'creators', c.names)), '[]')
   FROM (SELECT c.schema, array_agg(c.name ORDER BY c.name COLLATE "C") AS names FROM creator c WHERE c.owns OR NOT c.rolsuper GROUP BY 1) c) AS creators`;

export async function readDefaultPrivileges(
  db: Queryable,
  input: { readonly wants: readonly Want[]; readonly totals: readonly TotalRow[] },
): Promise<DefaultCatalog> {
  const { wants, totals } = input;
  const schemas = new Set(wants.filter((want) => want.futureObjects).flatMap((want) => [...want.schemas]));
  const owners = totals.map(({ schema, owner }): Creator => ({ schema, role: owner, owns: true }));
  const mayCreate = wants.flatMap((want) =>
    want.oid !== null && want.privileges.schemas.includes("CREATE")
      ? [...want.schemas].map((schema): Creator => ({ schema, role: want.oid ?? 0, owns: false }))
      : [],
  );
  const creators = [...owners, ...mayCreate].filter(({ schema }) => schemas.has(schema));
  const targets = wants.flatMap((want) => want.oid ?? []);
  const heirs = wants.filter(({ heir }) => heir !== null).map(({ oid, heir }) => ({ role: oid, heir }));
  const parameters = [targets, [...schemas], JSON.stringify(creators), JSON.stringify(heirs)];
  const { rows } = await db.query<DefaultCatalog>(query, parameters);
  return onlyRow(rows);
}
