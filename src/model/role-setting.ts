// Settings that ALTER ROLE … SET keeps for the sessions of a role: reported, never changed. Most concern nobody but their users; some
// decide whose rights or whose objects the sessions use. https://www.postgresql.org/docs/current/sql-alterrole.html

/** One row of pg_db_role_setting, split. */
export type RoleSetting = {
  /** In canonical spelling. */
  readonly name: string;
  /** `null`: in every database. */
  readonly database: string | null;
  /** Of those in {@link tellingSettings}, cut; of others `null`, since a value may be a secret. */
  readonly value: string | null;
};

const actsAs = "its sessions begin with the rights of that role instead of those that are declared";
const loads = "its sessions load these libraries when they begin";

/** Settings whose value is shown, and what it may do to people. */
export const tellingSettings: ReadonlyMap<string, string> = new Map([
  ["role", actsAs],
  ["session_authorization", actsAs],
  ["search_path", "whoever may create objects in one of these schemas may put them in the place of those that its sessions mean"],
  ["session_preload_libraries", loads],
  ["local_preload_libraries", loads],
  ["session_replication_role", "its changes may pass by triggers and foreign keys"],
  ["lo_compat_privileges", "privileges on large objects may go unchecked"],
]);
