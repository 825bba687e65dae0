// The server and its databases.
import type { DatabaseInfo, ServerInfo } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { onlyRow } from "./only-row.ts";

export type ServerCatalog = {
  readonly server: ServerInfo;
  /** Sorted by name. */
  readonly databases: readonly (DatabaseInfo & { readonly oid: number })[];
};

// A database whose DROP was interrupted (datconnlimit -2) accepts no connection, whatever datallowconn says.
const query = `
SELECT
  json_build_object(
    'version', current_setting('server_version_num')::int,
    'systemIdentifier', (SELECT c.system_identifier::text FROM pg_control_system() c),
    'isInRecovery', pg_is_in_recovery(),
    'currentUser', (SELECT json_build_object('name', r.rolname, 'superuser', r.rolsuper, 'createRole', r.rolcreaterole)
                    FROM pg_roles r WHERE r.rolname = current_user)) AS server,
  (SELECT json_agg(json_build_object(
      'oid', d.oid::int8,
      'name', d.datname,
      'owner', pg_get_userbyid(d.datdba),
      'allowsConnections', d.datallowconn AND d.datconnlimit <> -2,
      'isTemplate', d.datistemplate,
      'encoding', pg_encoding_to_char(d.encoding),
      'publicPrivileges', ARRAY(SELECT DISTINCT a.privilege_type COLLATE "C" AS privilege
                                FROM aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0 ORDER BY privilege))
      ORDER BY d.datname::text COLLATE "C")
   FROM pg_database d) AS databases`;

export async function readServer(db: Queryable): Promise<ServerCatalog> {
  const { rows } = await db.query<{
    readonly server: ServerInfo;
    readonly databases: readonly (Omit<DatabaseInfo, "isAscii"> & { readonly oid: number; readonly encoding: string })[];
  }>(query);
  const { server, databases } = onlyRow(rows);
  return {
    server,
    databases: databases.map(({ encoding, ...database }) => (encoding === "SQL_ASCII" ? { ...database, isAscii: true } : database)),
  };
}
