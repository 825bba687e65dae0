// The SQL of the inquiry. It asks has_*-functions on purpose: here the question is what the admin can do, not what is granted to it directly.
import { routineSignature } from "../../model/routine-signature.ts";

// PostgreSQL takes as grantor the first role that holds the grant option for all privileges of the statement: the current one, then those
// whose rights it has, nearest first; an owner holds it for all (select_best_grantor in src/backend/utils/adt/acl.c). Options spread over
// two roles do not add up, and a REVOKE as somebody else than the owner leaves what the owner granted: `acting` has that order.
const holdsAll = (condition: string): string => `
EXISTS (SELECT FROM aclexplode(o.acl) a WHERE a.is_grantable AND a.privilege_type = ANY (n.privileges) AND ${condition}
        GROUP BY a.grantee HAVING count(DISTINCT a.privilege_type) = cardinality(n.privileges))`;

const named = "need n CROSS JOIN LATERAL unnest(n.names) x (name)";

/** `object`: everything that a need covers. */
const objects = `
  SELECT n.id, c.relname::text AS name, c.relowner AS owner, c.relacl AS acl
  FROM need n JOIN pg_class c ON c.relnamespace = n.namespace
  WHERE CASE n.kind WHEN 'allTables' THEN c.relkind IN ('r', 'p', 'v', 'm', 'f') WHEN 'allSequences' THEN c.relkind = 'S' END
  UNION ALL SELECT n.id, x.name, c.relowner, c.relacl
  FROM ${named} JOIN pg_class c ON c.relnamespace = n.namespace AND c.relname::text = x.name WHERE n.kind IN ('table', 'sequence')
  UNION ALL SELECT n.id, p.oid::text, p.proowner, p.proacl
  FROM need n JOIN pg_proc p ON p.pronamespace = n.namespace WHERE n.kind = 'allRoutines'
  UNION ALL SELECT n.id, x.name, p.proowner, p.proacl
  FROM ${named} JOIN pg_proc p ON p.pronamespace = n.namespace
    AND ${routineSignature} = x.name WHERE n.kind = 'routine'
  UNION ALL SELECT n.id, x.name, t.typowner, t.typacl
  FROM ${named} JOIN pg_type t ON t.typnamespace = n.namespace AND t.typname::text = x.name WHERE n.kind = 'type'
  UNION ALL SELECT n.id, x.name, s.nspowner, s.nspacl FROM ${named} JOIN pg_namespace s ON s.nspname::text = x.name WHERE n.kind = 'schema'
  UNION ALL SELECT n.id, x.name, d.datdba, d.datacl FROM ${named} JOIN pg_database d ON d.datname::text = x.name WHERE n.kind = 'database'
  UNION ALL SELECT n.id, x.name, t.spcowner, t.spcacl FROM ${named} JOIN pg_tablespace t ON t.spcname::text = x.name WHERE n.kind = 'tablespace'
  UNION ALL SELECT n.id, x.name, l.lanowner, l.lanacl FROM ${named} JOIN pg_language l ON l.lanname::text = x.name WHERE n.kind = 'language'
  UNION ALL SELECT n.id, x.name, w.fdwowner, w.fdwacl
  FROM ${named} JOIN pg_foreign_data_wrapper w ON w.fdwname::text = x.name WHERE n.kind = 'foreignDataWrapper'
  UNION ALL SELECT n.id, x.name, s.srvowner, s.srvacl FROM ${named} JOIN pg_foreign_server s ON s.srvname::text = x.name WHERE n.kind = 'foreignServer'
  UNION ALL SELECT n.id, x.name, m.lomowner, m.lomacl FROM ${named} JOIN pg_largeobject_metadata m ON m.oid::text = x.name WHERE n.kind = 'largeObject'
  UNION ALL SELECT n.id, x.name, 10::oid, NULL FROM ${named} WHERE n.kind = 'parameter'`;

// 'SET' is a privilege of pg_has_role from 16 on; before, every member may.
const roleFacts = `
json_build_object('name', r.rolname, 'superuser', r.rolsuper, 'replication', r.rolreplication,
  'usage', pg_has_role(r.oid, 'USAGE'), 'member', pg_has_role(r.oid, 'MEMBER'),
  'set', pg_has_role(r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END),
  'admin', pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION'),
  'grantsAs', EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.admin_option AND pg_has_role(m.member, 'USAGE')),
  'isMemberOfAdmin', r.oid <> a.oid AND pg_has_role(r.oid, a.oid, 'MEMBER') AND NOT r.rolsuper,
  'direct', (SELECT json_build_object('inherit', COALESCE(bool_or((to_jsonb(m) ->> 'inherit_option')::boolean), false),
                                      'set', COALESCE(bool_or((to_jsonb(m) ->> 'set_option')::boolean), false))
             FROM pg_auth_members m WHERE m.roleid = r.oid AND m.member = a.oid HAVING count(*) > 0))`;

// A relation or type changes hands with its owner's rights alone. Everything else, databases and tablespaces among it (dbid 0), needs, from
// 16 on, SET on the new owner; a schema needs
// CREATE on the database, which may come with the rights of either role; what lies in a schema needs CREATE on it for the new owner.
const transferFacts = `
json_build_object('number', t.number,
  'needsSet', EXISTS (SELECT FROM owned o WHERE o.number = t.number),
  'closed', ARRAY(SELECT DISTINCT s.nspname::text COLLATE "C" FROM owned o CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, 0) i
    JOIN pg_namespace s ON quote_ident(s.nspname) = i.schema JOIN pg_roles r ON r.rolname::text = t."to"
    WHERE o.number = t.number AND NOT has_schema_privilege(r.oid, s.oid, 'CREATE') ORDER BY 1),
  'needsCreate', EXISTS (SELECT FROM owned o WHERE o.number = t.number AND o.classid = 'pg_namespace'::regclass)
    AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname::text IN (current_user::text, t.role, t."to") AND has_database_privilege(r.oid, current_database(), 'CREATE')))`;

/** Parameters: names of roles; needs, as JSON; how many object names to return; transfers, as JSON. */
export const inquiryQuery = `
WITH RECURSIVE admin AS MATERIALIZED (SELECT a.* FROM pg_roles a WHERE a.rolname = current_user),
inherited (role, depth) AS (
  SELECT a.oid, 0 FROM admin a
  UNION
  SELECT m.roleid, i.depth + 1 FROM inherited i JOIN pg_auth_members m ON m.member = i.role JOIN pg_roles r ON r.oid = m.member
  WHERE COALESCE((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)
),
acting AS MATERIALIZED (
  SELECT i.role, row_number() OVER (ORDER BY min(i.depth), i.role) AS rank
  FROM (SELECT i.role, i.depth FROM inherited i
        UNION ALL SELECT 'pg_database_owner'::regrole, i.depth + 1
        FROM inherited i JOIN pg_database d ON d.datdba = i.role WHERE d.datname = current_database()) i
  GROUP BY i.role
),
stranger AS MATERIALIZED (SELECT r.oid FROM pg_roles r WHERE NOT pg_has_role(r.oid, 'USAGE')),
need AS MATERIALIZED (
  SELECT n.id, n.kind, n.schema, n."mustOwn" AS must_own, n.grantor, g.oid AS actor, s.oid AS namespace,
    ARRAY(SELECT json_array_elements_text(n.names)) AS names, ARRAY(SELECT json_array_elements_text(n.privileges)) AS privileges
  FROM json_to_recordset($2::json) AS n (id int, kind text, schema text, names json, privileges json, "mustOwn" boolean, grantor text)
  LEFT JOIN pg_roles g ON g.rolname::text = n.grantor
  LEFT JOIN pg_namespace s ON s.nspname::text = n.schema
),
object AS (${objects}),
lacking AS (
  SELECT o.id, o.name, n.kind = 'allRoutines' AS by_oid, o.owner, false AS rival
  FROM object o JOIN need n ON n.id = o.id JOIN stranger s ON s.oid = o.owner
  WHERE n.grantor IS NULL AND (n.must_own OR NOT ${holdsAll("a.grantee NOT IN (SELECT s.oid FROM stranger s)")})
  UNION ALL
  SELECT o.id, o.name, n.kind = 'allRoutines', o.owner, true
  FROM object o JOIN need n ON n.id = o.id JOIN acting w ON w.role = o.owner
  WHERE n.grantor IS NULL AND n.must_own AND ${holdsAll("(SELECT x.rank FROM acting x WHERE x.role = a.grantee) < w.rank")}
),
finding AS MATERIALIZED (
  SELECT l.id, l.rival, l.owner, count(*) AS count, array_agg(l.name ORDER BY l.name COLLATE "C") AS names
  FROM (SELECT l.id, l.rival, CASE WHEN l.by_oid THEN (SELECT ${routineSignature} FROM pg_proc p WHERE p.oid = l.name::oid) ELSE l.name END AS name, CASE l.owner WHEN 'pg_database_owner'::regrole
          THEN (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database()) ELSE l.owner END AS owner FROM lacking l) l
  GROUP BY l.id, l.rival, l.owner
),
transfer AS MATERIALIZED (SELECT t.* FROM json_to_recordset($4::json) AS t (number int, role text, "to" text)),
owned AS MATERIALIZED (
  SELECT t.number, d.classid, d.objid
  FROM transfer t JOIN pg_roles r ON r.rolname::text = t.role
  JOIN pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o'
  WHERE d.dbid IN (0, (SELECT b.oid FROM pg_database b WHERE b.datname = current_database()))
    AND d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_default_acl'::regclass)
)
SELECT
  (SELECT json_build_object('name', a.rolname, 'version', current_setting('server_version_num')::int, 'superuser', a.rolsuper,
      'createRole', a.rolcreaterole, 'createDb', a.rolcreatedb, 'replication', a.rolreplication, 'bypassRls', a.rolbypassrls,
      'inherit', a.rolinherit, 'selfGrant', current_setting('createrole_self_grant', true)) FROM admin a) AS admin,
  (SELECT COALESCE(json_agg(${roleFacts}), '[]') FROM pg_roles r CROSS JOIN admin a
   WHERE r.rolname::text = ANY ($1::text[]) OR r.oid IN (SELECT f.owner FROM finding f)) AS roles,
  (SELECT COALESCE(json_agg(json_build_object('need', f.id, 'owner', pg_get_userbyid(f.owner), 'rival', f.rival, 'count', f.count,
      'names', f.names[1:$3::int]) ORDER BY f.id, f.rival, pg_get_userbyid(f.owner)::text COLLATE "C"), '[]') FROM finding f) AS lacking,
  (SELECT COALESCE(json_agg(json_build_object('need', n.id, 'usableBy', ARRAY(
      SELECT pg_get_userbyid(f.owner)::text FROM finding f WHERE f.id = n.id AND has_schema_privilege(f.owner, n.namespace, 'USAGE'))) ORDER BY n.id), '[]')
   FROM need n CROSS JOIN admin a WHERE NOT has_schema_privilege(COALESCE(n.actor, a.oid), n.namespace, 'USAGE')) AS closed,
  (SELECT COALESCE(json_agg(${transferFacts} ORDER BY t.number), '[]') FROM transfer t) AS transfers
FROM admin`;
