// Everything in a cluster that no plan may change: every grant to a role that is not ours, every other role, membership and owner.
import type { Server } from "../server.ts";

export type Ours = {
  readonly roles: readonly string[];
  /** Whoever becomes the owner of what dropped orphans owned: the only change outside of our roles that a plan may make. */
  readonly heirOf: ReadonlyMap<string, string>;
};

// Defaults are spelled out, so that a NULL ACL and the same one written down are equal.
const sharedQuery = `
SELECT json_build_array('role', r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls,
    r.rolconnlimit, r.rolvaliduntil, shobj_description(r.oid, 'pg_authid'), r.rolname) AS line FROM pg_roles r
UNION ALL SELECT json_build_array('member', m.roleid::regrole::text, m.member::regrole::text, to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor', m.member::regrole::text)
  FROM pg_auth_members m
UNION ALL SELECT json_build_array('setting', d.datname, r.rolname, s.setconfig, r.rolname)
  FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole
UNION ALL SELECT json_build_array(o.kind, o.name, pg_get_userbyid(o.owner), a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor),
    CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END)
  FROM (SELECT 'database' AS kind, datname AS name, datdba AS owner, COALESCE(datacl, acldefault('d', datdba)) AS acl FROM pg_database
        UNION ALL SELECT 'tablespace', spcname, spcowner, COALESCE(spcacl, acldefault('t', spcowner)) FROM pg_tablespace) o
  CROSS JOIN LATERAL aclexplode(o.acl) a`;

// A global entry is a whole ACL; where it says the same as the built-in one, PostgreSQL drops its row.
const builtin = `aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole))`;

const localQuery = `
SELECT json_build_array(o.kind, o.name, pg_get_userbyid(o.owner), a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor),
    CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END) AS line
FROM (
  SELECT 'schema' AS kind, nspname::text AS name, nspowner AS owner, COALESCE(nspacl, acldefault('n', nspowner)) AS acl FROM pg_namespace
    WHERE nspname !~ '^pg_(toast|temp)'
  UNION ALL SELECT 'relation', oid::regclass::text, relowner, COALESCE(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
    FROM pg_class WHERE relkind NOT IN ('i', 'I', 't', 'c') AND (oid >= 16384 OR relacl IS NOT NULL)
  UNION ALL SELECT 'column', attrelid::regclass || '.' || attname, relowner, attacl FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL
  UNION ALL SELECT 'routine', oid::regprocedure::text, proowner, COALESCE(proacl, acldefault('f', proowner)) FROM pg_proc WHERE oid >= 16384 OR proacl IS NOT NULL
  UNION ALL SELECT 'type', oid::regtype::text, typowner, COALESCE(typacl, acldefault('T', typowner)) FROM pg_type WHERE oid >= 16384 AND typelem = 0
  UNION ALL SELECT 'language', lanname::text, lanowner, COALESCE(lanacl, acldefault('l', lanowner)) FROM pg_language
  UNION ALL SELECT 'wrapper', fdwname::text, fdwowner, COALESCE(fdwacl, acldefault('F', fdwowner)) FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'server', srvname::text, srvowner, COALESCE(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server
  UNION ALL SELECT 'large object', oid::text, lomowner, COALESCE(lomacl, acldefault('L', lomowner)) FROM pg_largeobject_metadata
) o CROSS JOIN LATERAL aclexplode(o.acl) a
UNION ALL SELECT json_build_array('default', pg_get_userbyid(d.defaclrole), d.defaclnamespace::regnamespace::text, d.defaclobjtype, a.privilege_type, a.is_grantable,
    CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END)
  FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a
  WHERE d.defaclnamespace <> 0 OR (a.grantee, a.privilege_type) NOT IN (SELECT b.grantee, b.privilege_type FROM ${builtin} b)
UNION ALL SELECT json_build_array('without default', pg_get_userbyid(d.defaclrole), d.defaclobjtype, b.privilege_type,
    CASE b.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(b.grantee) END)
  FROM pg_default_acl d CROSS JOIN LATERAL ${builtin} b
  WHERE d.defaclnamespace = 0 AND (b.grantee, b.privilege_type) NOT IN (SELECT a.grantee, a.privilege_type FROM aclexplode(d.defaclacl) a)
UNION ALL SELECT json_build_array('policy', polrelid::regclass::text, polname, polroles::regrole[]::text,
    CASE cardinality(polroles) WHEN 1 THEN pg_get_userbyid(polroles[1]) END) FROM pg_policy`;

/** @returns one sorted line per fact. Databases that take no connections are left out: nobody can change them either. */
export async function readOutside(server: Server, ours: Ours): Promise<readonly string[]> {
  const databases = await server.run("postgres", "SELECT datname FROM pg_database WHERE datallowconn AND datname NOT LIKE 'template%'");
  const lines = [await read(server, { database: "postgres", query: sharedQuery, ours, prefix: "" })];
  for (const { datname } of databases) {
    const database = String(datname);
    lines.push(await read(server, { database, query: localQuery, ours, prefix: `${JSON.stringify(database)} ` }));
  }
  return [...new Set(lines.flat())].toSorted();
}

async function read(
  server: Server,
  input: { readonly database: string; readonly query: string; readonly ours: Ours; readonly prefix: string },
): Promise<readonly string[]> {
  const { roles, heirOf } = input.ours;
  const client = await server.connect(input.database);
  // The owner of a database may have put a table of that name before pg_class.
  await client.query("SET search_path = pg_catalog");
  const { rows } = await client.query<{ line: readonly unknown[] }>(input.query);
  await client.end();
  return rows.flatMap(({ line }) => {
    const about = line.at(-1);
    const isOfDropped = line[0] !== "member" && heirOf.has(String(line[2])) && heirOf.has(String(about));
    const isDefaultOfDropped = String(line[0]).endsWith("default") && heirOf.has(String(line[1]));
    if ((typeof about === "string" && roles.includes(about) && !isOfDropped) || isDefaultOfDropped) return [];
    const facts = line.map((fact) => (typeof fact === "string" ? (heirOf.get(fact) ?? fact) : fact));
    // An owner may grant anyway: what it was given before it became the owner says no more.
    const isOwners = facts[2] === facts.at(-1);
    return [`${input.prefix}${JSON.stringify(facts.map((fact, index) => (isOwners && index === 4 && fact === true ? false : fact)))}`];
  });
}
