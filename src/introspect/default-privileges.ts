// Default privileges of the targets, and the roles that they should cover: who owns or may create objects in a schema.
import type { DatabaseInterest } from "../model/interest.ts";
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

/** A schema, and a role that owns something in it (by OID) or is to hold CREATE on it (by name: it may be about to be made). */
type Creator = { readonly schema: number; readonly owner: number | null; readonly name: string | null };

// pg_database_owner stands for the owner of the database: PostgreSQL gives it no members. Which memberships inherit is a property of
// the membership from 16 on, of the member before. A declared role's own grants and memberships are what the plan is about to change, so
// that those declared count instead; so does the heir of an orphan that the plan drops. An orphan that is only reported keeps what it
// has. Superusers may create anywhere, and do where they own something.
const query = `
WITH RECURSIVE asked AS (
  SELECT n.oid AS schema, n.nspowner, n.nspacl FROM pg_namespace n WHERE n.oid = ANY ($2::oid[])
),
database_owner AS (SELECT d.datdba AS role FROM pg_database d WHERE d.datname = current_database()),
declared AS MATERIALIZED (SELECT m.role, m.member FROM json_to_recordset($5::json) AS m (role text, member text)),
base AS MATERIALIZED (
  SELECT b.schema, COALESCE(h.heir, b.name) AS role, bool_or(b.owns) AS owns
  FROM (
    SELECT b.schema, b.owns, COALESCE(b.name, pg_get_userbyid(
      CASE b.role WHEN 'pg_database_owner'::regrole THEN (SELECT o.role FROM database_owner o) ELSE b.role END)::text) AS name
    FROM (
      SELECT c.schema, c.owner AS role, c.name, c.owner IS NOT NULL AS owns FROM json_to_recordset($3::json) AS c (schema oid, owner oid, name text)
      UNION ALL SELECT a.schema, a.nspowner, NULL, true FROM asked a
      UNION ALL SELECT a.schema, x.grantee, NULL, false FROM asked a CROSS JOIN LATERAL aclexplode(a.nspacl) x
        WHERE x.privilege_type = 'CREATE' AND x.grantee <> 0 AND x.grantee <> ALL ($7::oid[])) b) b
  LEFT JOIN json_to_recordset($4::json) AS h (role text, heir text) ON h.role = b.name
  GROUP BY 1, 2
),
inherited AS MATERIALIZED (
  SELECT pg_get_userbyid(m.roleid)::text AS role, r.rolname::text AS member
  FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
  WHERE COALESCE((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) AND m.member <> ALL ($7::oid[])
    AND r.rolname::text NOT IN (SELECT d.member FROM declared d)
  UNION SELECT d.role, d.member FROM declared d
),
member (base, role) AS (
  SELECT DISTINCT b.role, b.role FROM base b
  UNION
  SELECT h.base, i.member FROM member h JOIN inherited i ON i.role = h.role
),
creator AS (
  SELECT b.schema, h.role AS name, bool_or(b.owns AND h.role = b.role) AS owns, COALESCE(bool_or(r.rolsuper), false) AS super
  FROM base b JOIN member h ON h.base = b.role LEFT JOIN pg_roles r ON r.rolname::text = h.role
  WHERE h.role !~ '^pg_' AND (r.oid IS NOT NULL OR h.role = ANY ($6::text[])) GROUP BY b.schema, h.role
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
   FROM (SELECT c.schema, array_agg(c.name ORDER BY c.name COLLATE "C") AS names FROM creator c
    WHERE c.owns OR NOT c.super OR c.name = ANY ($6::text[]) GROUP BY 1) c) AS creators`;

export async function readDefaultPrivileges(
  db: Queryable,
  input: { readonly wants: readonly Want[]; readonly totals: readonly TotalRow[]; readonly members: DatabaseInterest["members"] },
): Promise<DefaultCatalog> {
  const { wants, totals, members = [] } = input;
  const schemas = new Set(wants.filter((want) => want.futureObjects).flatMap((want) => [...want.schemas]));
  const changing = wants.filter((want) => !want.isLeftAlone);
  const owners = totals.map(({ schema, owner }): Creator => ({ schema, owner, name: null }));
  const mayCreate = wants
    .filter(({ privileges }) => privileges.schemas.includes("CREATE"))
    .flatMap((want) => [...want.schemas].map((schema): Creator => ({ schema, owner: null, name: want.role })));
  const { rows } = await db.query<DefaultCatalog>(query, [
    wants.flatMap((want) => want.oid ?? []),
    [...schemas],
    JSON.stringify([...owners, ...mayCreate].filter(({ schema }) => schemas.has(schema))),
    JSON.stringify(wants.flatMap(({ role, heir }) => (heir === null ? [] : [{ role, heir }]))),
    JSON.stringify(members),
    [...changing.map(({ role }) => role), ...members.map(({ member }) => member)],
    changing.flatMap((want) => want.oid ?? []),
  ]);
  return onlyRow(rows);
}
