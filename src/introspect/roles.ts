// Roles, memberships and source roles. pg_authid is never read: pg_roles shows everybody everything but the verifiers.
import type { Membership, ObservedRole, RoleMember, SourceRole } from "../model/observed.ts";
import { tellingSettings, type RoleSetting } from "../model/role-setting.ts";
import type { Queryable } from "../model/queryable.ts";
import { onlyRow } from "./only-row.ts";

/** Lists that are empty are `null`. */
export type RoleRow = Pick<ObservedRole, "name" | "attributes" | "comment"> & {
  readonly oid: number;
  readonly members: readonly RoleMember[] | null;
  readonly settings: readonly RoleSetting[] | null;
};

export type RoleCatalog = {
  /** Sorted by name. */
  readonly roles: readonly RoleRow[];
  readonly memberships: readonly Membership[];
  readonly membershipsGrantedByTargets: readonly Membership[];
  readonly sources: readonly SourceRole[];
};

/** RFC 3339 has four-digit years, so that what lies outside them moves to the nearest instant inside; `-infinity`, too. */
const validUntil = `
CASE WHEN r.rolvaliduntil IS NULL OR r.rolvaliduntil = 'infinity' THEN NULL
     WHEN r.rolvaliduntil < '0001-01-01 00:00:00+00' THEN '0001-01-01T00:00:00Z'
     WHEN r.rolvaliduntil >= '10000-01-01 00:00:00+00' THEN '9999-12-31T23:59:59Z'
     ELSE regexp_replace(to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '\\.?0+$', '') || 'Z' END`;

// Before 16 a membership has no options of its own and to_jsonb has no such keys: both read null.
const membershipJson = `
json_build_object('role', pg_get_userbyid(m.roleid), 'member', pg_get_userbyid(m.member), 'grantor', pg_get_userbyid(m.grantor),
  'admin', m.admin_option, 'inherit', to_jsonb(m) -> 'inherit_option', 'set', to_jsonb(m) -> 'set_option')
ORDER BY pg_get_userbyid(m.member)::text COLLATE "C", pg_get_userbyid(m.roleid)::text COLLATE "C", pg_get_userbyid(m.grantor)::text COLLATE "C"`;

// One of several rows for the same member is enough to use the role, or to give it on. Before 16 every member may become it. From 16 on
// who makes a role gets ADMIN OPTION on it from the bootstrap superuser, OID 10. With that it may grant the role to itself at any time, and
// createrole_self_grant does so at once: such a row gives it nothing that it could not take, and may come and go.
const members = `
SELECT json_agg(json_build_object('name', pg_get_userbyid(x.member), 'isUser', x.uses, 'isAdmin', x.admin)
  ORDER BY pg_get_userbyid(x.member)::text COLLATE "C")
FROM (SELECT m.member, bool_or(m.admin_option) AS admin, bool_or(COALESCE((to_jsonb(m) ->> 'inherit_option')::boolean, true)
        OR COALESCE((to_jsonb(m) ->> 'set_option')::boolean, true)) AS uses
      FROM pg_auth_members m
      WHERE m.roleid = r.oid AND NOT (m.grantor = m.member AND EXISTS (
        SELECT FROM pg_auth_members c
        WHERE c.roleid = m.roleid AND c.member = m.member AND c.grantor = 10 AND c.grantor <> c.member AND c.admin_option))
      GROUP BY m.member) x`;

// Everybody may read pg_db_role_setting; but what stands there may be a secret all the same.
const settings = `
SELECT json_agg(json_build_object('name', x.name, 'database', d.datname,
    'value', CASE WHEN x.name = ANY ($4::text[]) THEN left(substr(x.setting, length(x.name) + 2), 200) END)
  ORDER BY x.name COLLATE "C", d.datname::text COLLATE "C" NULLS FIRST)
FROM (SELECT s.setdatabase, c.setting, split_part(c.setting, '=', 1) AS name
      FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting) WHERE s.setrole = r.oid) x
LEFT JOIN pg_database d ON d.oid = x.setdatabase`;

// Names are compared as text: a cast to name would cut them at 63 bytes and find another role.
// Before 16 any authorised REVOKE removes a membership, so that its grantor stands in nobody's way.
const query = `
WITH RECURSIVE target AS MATERIALIZED (
  SELECT r.*, d.description AS comment
  FROM pg_roles r LEFT JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
  WHERE r.rolname::text = ANY ($1::text[]) OR EXISTS (SELECT FROM unnest($3::text[]) AS m (marker) WHERE position(m.marker IN d.description) > 0)
),
reached (source, role) AS (
  SELECT r.oid, r.oid FROM pg_roles r WHERE r.rolname::text = ANY ($2::text[])
  UNION
  SELECT reached.source, m.roleid FROM reached JOIN pg_auth_members m ON m.member = reached.role
),
source AS (
  SELECT pg_get_userbyid(x.source)::text AS name, json_agg(json_build_object('name', r.rolname, 'superuser', r.rolsuper,
      'createDb', r.rolcreatedb, 'createRole', r.rolcreaterole, 'replication', r.rolreplication, 'bypassRls', r.rolbypassrls)
      ORDER BY r.rolname::text COLLATE "C") AS reaches
  FROM reached x JOIN pg_roles r ON r.oid = x.role GROUP BY x.source
)
SELECT
  (SELECT COALESCE(json_agg(json_build_object('oid', r.oid::int8, 'name', r.rolname, 'comment', r.comment,
      'members', (${members}), 'settings', (${settings}), 'attributes', json_build_object(
      'login', r.rolcanlogin, 'inherit', r.rolinherit, 'superuser', r.rolsuper, 'createDb', r.rolcreatedb, 'createRole', r.rolcreaterole,
      'replication', r.rolreplication, 'bypassRls', r.rolbypassrls, 'connectionLimit', r.rolconnlimit, 'validUntil', ${validUntil}))
      ORDER BY r.rolname::text COLLATE "C"), '[]') FROM target r) AS roles,
  (SELECT COALESCE(json_agg(${membershipJson}), '[]') FROM pg_auth_members m WHERE m.member IN (SELECT t.oid FROM target t)) AS memberships,
  (SELECT COALESCE(json_agg(${membershipJson}), '[]') FROM pg_auth_members m
   WHERE m.grantor IN (SELECT t.oid FROM target t) AND m.member <> m.grantor
     AND current_setting('server_version_num')::int >= 160000) AS "membershipsGrantedByTargets",
  (SELECT COALESCE(json_agg(json_build_object('name', s.name, 'reaches', s.reaches) ORDER BY s.name COLLATE "C"), '[]') FROM source s) AS sources`;

/**
 * @param input.targets names of declared roles.
 * @param input.markers a role whose comment contains one is a target, too; whether it belongs to us is for the diff to say.
 */
export async function readRoles(
  db: Queryable,
  input: { readonly targets: readonly string[]; readonly sources: readonly string[]; readonly markers: readonly string[] },
): Promise<RoleCatalog> {
  const { rows } = await db.query<RoleCatalog>(query, [input.targets, input.sources, input.markers, [...tellingSettings.keys()]]);
  return onlyRow(rows);
}
