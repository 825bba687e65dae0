// What a cluster really says, row by row and with no roll-up: the oracle's own eyes. Nothing here comes from src/.
import type { Client } from "pg";

/** One entry of an ACL; a NULL ACL is written out. PUBLIC has the name "". */
export type Entry = {
  readonly kind: string;
  /** What it stands on: JSON of its names, within its database. */
  readonly on: string;
  readonly owner: string;
  readonly grantee: string;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
};

export type RoleFact = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly comment: string | null;
  readonly hasPassword: boolean;
};

export type MembershipFact = {
  readonly role: string;
  readonly member: string;
  readonly grantor: string;
  readonly admin: boolean;
  readonly inherit: boolean | null;
  readonly set: boolean | null;
};

export type ObjectFact = {
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly on: string;
  readonly owner: string;
  readonly partition: boolean;
  readonly file: number;
};

export type DefaultFact = {
  readonly creator: string;
  readonly schema: string | null;
  readonly what: string;
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
};

export type DatabaseFacts = {
  readonly name: string;
  readonly schemas: readonly { readonly name: string; readonly owner: string }[];
  readonly objects: readonly ObjectFact[];
  readonly entries: readonly Entry[];
  readonly defaults: readonly DefaultFact[];
  /** Sequences that the default of a column of a table that is no partition draws from. */
  readonly draws: readonly { readonly sequence: string; readonly schema: string }[];
  /** Of everything that PostgreSQL brings along: a digest, since there is so much of it. */
  readonly system: string;
};

export type Facts = {
  readonly roles: readonly RoleFact[];
  readonly memberships: readonly MembershipFact[];
  readonly databases: readonly { readonly name: string; readonly owner: string }[];
  readonly shared: readonly Entry[];
  readonly local: readonly DatabaseFacts[];
};

const name = (oid: string): string => `CASE ${oid} WHEN 0 THEN '' ELSE pg_get_userbyid(${oid})::text END`;

const entryJson = `json_build_object('kind', o.kind, 'on', o.at, 'owner', pg_get_userbyid(o.owner), 'grantee', ${name("a.grantee")},
  'grantor', pg_get_userbyid(a.grantor), 'privilege', a.privilege_type, 'grantable', a.is_grantable)`;

const sharedQuery = (version: number): string => `
SELECT json_build_object(
  'roles', (SELECT json_agg(json_build_object('name', r.rolname, 'hasPassword', a.rolpassword IS NOT NULL, 'comment', shobj_description(r.oid, 'pg_authid'),
     'attributes', json_build_object('login', r.rolcanlogin, 'inherit', r.rolinherit, 'superuser', r.rolsuper, 'createdb', r.rolcreatedb,
       'createrole', r.rolcreaterole, 'replication', r.rolreplication, 'bypassrls', r.rolbypassrls, 'limit', r.rolconnlimit,
       'until', CASE WHEN r.rolvaliduntil = 'infinity' THEN NULL ELSE r.rolvaliduntil END)))
     FROM pg_roles r JOIN pg_authid a ON a.oid = r.oid),
  'memberships', (SELECT COALESCE(json_agg(json_build_object('role', pg_get_userbyid(m.roleid), 'member', pg_get_userbyid(m.member),
     'grantor', pg_get_userbyid(m.grantor), 'admin', m.admin_option, ${version >= 16 ? "'inherit', m.inherit_option, 'set', m.set_option" : "'inherit', NULL, 'set', NULL"})), '[]')
     FROM pg_auth_members m),
  'databases', (SELECT json_agg(json_build_object('name', datname, 'owner', pg_get_userbyid(datdba))) FROM pg_database WHERE datname !~ '^template'),
  'shared', (SELECT json_agg(${entryJson}) FROM (
     SELECT 'database' AS kind, datname::text AS at, datdba AS owner, COALESCE(datacl, acldefault('d', datdba)) AS acl FROM pg_database
     UNION ALL SELECT 'tablespace', spcname, spcowner, COALESCE(spcacl, acldefault('t', spcowner)) FROM pg_tablespace
     ${version >= 15 ? "UNION ALL SELECT 'parameter', parname, 10::oid, paracl FROM pg_parameter_acl" : ""}) o CROSS JOIN LATERAL aclexplode(o.acl) a)
) AS facts`;

const localQuery = `
WITH namespace AS MATERIALIZED (SELECT n.*, n.nspname ~ '^pg_' OR n.nspname = 'information_schema' AS system FROM pg_namespace n),
object AS MATERIALIZED (
  SELECT 'schema' AS kind, n.nspname::text AS schema, n.nspname::text AS name, json_build_array(n.nspname)::text AS at, n.nspowner AS owner,
    n.nspacl AS acl, acldefault('n', n.nspowner) AS builtin, false AS partition, n.system, 0 AS file
  FROM namespace n
  UNION ALL
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite' ELSE 'table' END, n.nspname, c.relname, json_build_array(n.nspname, c.relname)::text, c.relowner,
    c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner), c.relispartition, n.system, c.relfilenode::int
  FROM pg_class c JOIN namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND (c.relacl IS NOT NULL OR NOT n.system)
  UNION ALL
  SELECT 'column', n.nspname, c.relname, json_build_array(n.nspname, c.relname, a.attname)::text, c.relowner, a.attacl, acldefault('c', c.relowner), false, n.system, 0
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL
  UNION ALL
  SELECT 'routine', n.nspname, p.proname, json_build_array(n.nspname, p.oid::regprocedure)::text, p.proowner, p.proacl, acldefault('f', p.proowner), false, n.system, 0
  FROM pg_proc p JOIN namespace n ON n.oid = p.pronamespace WHERE p.proacl IS NOT NULL OR NOT n.system
  UNION ALL
  SELECT 'type', n.nspname, t.typname, json_build_array(n.nspname, t.typname)::text, t.typowner, t.typacl, acldefault('T', t.typowner), false, n.system, 0
  FROM pg_type t JOIN namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('d', 'e', 'c', 'b') AND t.typelem = 0 AND (t.typacl IS NOT NULL OR NOT n.system)
  UNION ALL SELECT 'language', '', lanname, lanname, lanowner, lanacl, acldefault('l', lanowner), false, false, 0 FROM pg_language
  UNION ALL SELECT 'wrapper', '', fdwname, fdwname, fdwowner, fdwacl, acldefault('F', fdwowner), false, false, 0 FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'server', '', srvname, srvname, srvowner, srvacl, acldefault('S', srvowner), false, false, 0 FROM pg_foreign_server
  UNION ALL SELECT 'large object', '', oid::text, oid::text, lomowner, lomacl, acldefault('L', lomowner), false, false, 0 FROM pg_largeobject_metadata
),
system AS MATERIALIZED (
  SELECT o.at, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM aclexplode(o.acl) a WHERE a.grantee IN (0, 10)) AS acl,
    (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM aclexplode(o.builtin) a) AS builtin
  FROM object o WHERE o.system AND o.acl IS NOT NULL
)
SELECT json_build_object(
  'name', current_database(),
  'schemas', (SELECT json_agg(json_build_object('name', o.name, 'owner', pg_get_userbyid(o.owner)) ORDER BY o.name COLLATE "C") FROM object o WHERE o.kind = 'schema' AND NOT o.system),
  'objects', (SELECT COALESCE(json_agg(json_build_object('kind', o.kind, 'schema', o.schema, 'name', o.name, 'on', o.at, 'owner', pg_get_userbyid(o.owner),
     'partition', o.partition, 'file', o.file)), '[]') FROM object o WHERE o.kind <> 'column' AND NOT o.system),
  'entries', (SELECT COALESCE(json_agg(${entryJson}), '[]') FROM object o CROSS JOIN LATERAL aclexplode(COALESCE(o.acl, o.builtin)) a
     WHERE NOT (o.system AND a.grantee IN (0, 10))),
  'system', (SELECT md5(COALESCE(string_agg(s.at || s.acl, ' ' ORDER BY s.at), '')) FROM system s WHERE s.acl IS DISTINCT FROM s.builtin),
  'defaults', (SELECT COALESCE(json_agg(json_build_object('creator', pg_get_userbyid(d.defaclrole), 'schema', (SELECT n.nspname FROM pg_namespace n WHERE n.oid = d.defaclnamespace),
     'what', d.defaclobjtype, 'grantee', ${name("a.grantee")}, 'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]')
     FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a),
  'draws', (SELECT COALESCE(json_agg(DISTINCT jsonb_build_object('sequence', json_build_array(sn.nspname, s.relname)::text, 'schema', tn.nspname)), '[]')
     FROM pg_attrdef f JOIN pg_class t ON t.oid = f.adrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_class s ON s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
     WHERE NOT t.relispartition AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refobjid = s.oid))
) AS facts`;

/** @param databases connections to every database that matters. */
export async function readFacts(maintenance: Client, databases: readonly Client[], version: number): Promise<Facts> {
  const shared = await read<Omit<Facts, "local">>(maintenance, sharedQuery(version));
  const local = await Promise.all(databases.map((client) => read<DatabaseFacts>(client, localQuery)));
  return { ...shared, local };
}

async function read<Result>(client: Client, query: string): Promise<Result> {
  const { rows } = await client.query<{ facts: Result }>(query);
  const [row] = rows;
  if (!row) throw new Error("no facts");
  return row.facts;
}
