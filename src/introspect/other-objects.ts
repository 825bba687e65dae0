// Grants on everything that is neither a relation, a column nor a routine: schemas, types and domains, languages, foreign data
// wrappers, foreign servers, large objects.
import { maximumGrantsByTarget } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import type { Entries } from "./entries.ts";
import { grantList, heldByTargets, isByTarget, isToTarget } from "./grant-json.ts";
import { onlyRow } from "./only-row.ts";

const object = `
CASE e.kind WHEN 'type' THEN json_build_object('kind', e.kind, 'schema', e.schema, 'name', e.name)
  WHEN 'largeObject' THEN json_build_object('kind', e.kind, 'oid', e.name)
  ELSE json_build_object('kind', e.kind, 'name', e.name) END`;

const listed = { object, order: 'e.kind COLLATE "C", e.schema COLLATE "C", e.name COLLATE "C"' };
const grants = grantList({ ...listed, isUsed: "e.used", from: heldByTargets });
const grantsByTargets = grantList({ ...listed, from: `entry e WHERE ${isByTarget}`, most: { ofEachGrantor: maximumGrantsByTarget } });

const query = `
WITH object AS MATERIALIZED (
  SELECT 'schema' AS kind, NULL AS schema, n.nspname::text AS name, n.nspowner AS owner, n.nspacl AS acl
  FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND n.nspname !~ '^pg_(toast_)?temp_'
  UNION ALL
  SELECT 'type', n.nspname::text, t.typname::text, t.typowner, t.typacl
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND n.nspname !~ '^pg_(toast|temp_)'
  UNION ALL
  SELECT 'language', NULL, l.lanname::text, l.lanowner, l.lanacl FROM pg_language l WHERE l.lanacl IS NOT NULL
  UNION ALL
  SELECT 'foreignDataWrapper', NULL, w.fdwname::text, w.fdwowner, w.fdwacl FROM pg_foreign_data_wrapper w WHERE w.fdwacl IS NOT NULL
  UNION ALL
  SELECT 'foreignServer', NULL, s.srvname::text, s.srvowner, s.srvacl FROM pg_foreign_server s WHERE s.srvacl IS NOT NULL
  UNION ALL
  SELECT 'largeObject', NULL, m.oid::text, m.lomowner, m.lomacl FROM pg_largeobject_metadata m WHERE m.lomacl IS NOT NULL
),
entry AS MATERIALIZED (
  SELECT e.* FROM (SELECT o.id, o.kind, o.schema, o.name, o.owner, a.* FROM (SELECT row_number() OVER () AS id, object.* FROM object) o CROSS JOIN LATERAL aclexplode(o.acl) a) e
  WHERE (${isToTarget}) OR (${isByTarget})
)
SELECT ${grants} AS grants, ${grantsByTargets} AS "grantsByTargets"`;

export async function readOtherObjects(db: Queryable, targets: readonly number[]): Promise<Entries> {
  const { rows } = await db.query<Entries>(query, [targets]);
  return onlyRow(rows);
}
