// The SQL that makes the two logins of a resource. People run it; rolewright never does. What an admin needs beyond it depends on the
// plan: apply/preflight/ says that before anything is changed, with the SQL for it.

/** `17`, or what stands for all that behave alike. */
export type Behaviour = "16 and newer" | "14 and 15";

/** A login that may look and nothing else: every catalog that a plan reads is open to PUBLIC. */
export function plannerSql(): string {
  return `CREATE ROLE rolewright_planner LOGIN NOINHERIT;
\\password rolewright_planner
-- Once for each database in scope that PUBLIC may not connect to:
GRANT CONNECT ON DATABASE app TO rolewright_planner;
`;
}

/**
 * A login that makes roles and grants what an owner may grant, without being a superuser. `app_owner` stands for the owner of the database,
 * its schemas and its tables: whoever has that role's rights grants as the owner, so that anybody's later REVOKE finds the grants.
 * Membership options exist from 16 on; before, CREATEROLE alone lets the admin grant every role that is no superuser's.
 */
export function adminSql(behaviour: Behaviour): string {
  const hasOptions = behaviour === "16 and newer";
  return `CREATE ROLE rolewright_admin LOGIN CREATEROLE;
\\password rolewright_admin
-- Once for each role that owns a database, a schema or a table in scope:
GRANT app_owner TO rolewright_admin${hasOptions ? " WITH INHERIT TRUE, SET FALSE" : ""};
${hasOptions ? withOptions : publicSchema}`;
}

const withOptions = `-- Once for each source_role of external roles:
GRANT pg_monitor TO rolewright_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
-- To give away what an orphaned role owns, and to end its sessions (orphans: drop, disable):
ALTER ROLE rolewright_admin SET createrole_self_grant = 'inherit';
`;

/** https://www.postgresql.org/docs/15/release-15.html: from 15 on the schema public belongs to the database's owner. */
const publicSchema = `-- Only on 14, once in each database whose schema public is in scope: there it belongs to a superuser.
ALTER SCHEMA public OWNER TO pg_database_owner;
`;
