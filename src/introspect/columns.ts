// Grants on single columns, also in system schemas and on system columns. One flat scan of pg_attribute, the same for any number of roles.
import { maximumGrantsByTarget } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import type { Entries } from "./entries.ts";
import { grantList, heldByTargets, isByTarget, isToTarget } from "./grant-json.ts";
import { onlyRow } from "./only-row.ts";

const object = "json_build_object('kind', 'column', 'schema', e.schema, 'table', e.relation, 'name', e.column)";

const listed = { object, order: 'e.schema COLLATE "C", e.relation COLLATE "C", e.column COLLATE "C"' };
const grants = grantList({ ...listed, isUsed: "e.used", from: heldByTargets });
const grantsByTargets = grantList({ ...listed, from: `entry e WHERE ${isByTarget}`, most: { ofEachGrantor: maximumGrantsByTarget } });

// Up to 16 a dropped column keeps its ACL, which nothing can revoke.
const query = `
WITH col AS MATERIALIZED (
  SELECT row_number() OVER () AS id, t.attrelid, t.attname, t.attacl FROM pg_attribute t WHERE t.attacl IS NOT NULL AND NOT t.attisdropped
),
entry AS MATERIALIZED (
  SELECT e.* FROM (
    SELECT col.id, n.nspname::text AS schema, c.relname::text AS relation, col.attname::text AS column, c.relowner AS owner, a.*
    FROM col JOIN pg_class c ON c.oid = col.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_(toast|temp_)'
    CROSS JOIN LATERAL aclexplode(col.attacl) a) e
  WHERE (${isToTarget}) OR (${isByTarget})
)
SELECT ${grants} AS grants, ${grantsByTargets} AS "grantsByTargets"`;

export async function readColumnGrants(db: Queryable, targets: readonly number[]): Promise<Entries> {
  const { rows } = await db.query<Entries>(query, [targets]);
  return onlyRow(rows);
}
