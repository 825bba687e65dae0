// Entries on tables, sequences and routines that no roll-up can stand for: unwanted ones by another grantor than the owner,
// those with a grant option or by the role itself, everything in system schemas, and what targets granted to others.
import type { BulkKind } from "../model/object-ref.ts";
import { maximumGrantsByTarget, type ObjectGrant } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { grantList, isByTarget, isUse, onwards } from "./grant-json.ts";
import { drawnSequences, namedKin } from "./objects.ts";
import { onlyRow } from "./only-row.ts";
import type { EntryQuestion } from "./questions.ts";
import { insertParameter, type Want } from "./want.ts";

/** Beyond this a plan by name would be of no use to anybody, and half of it would be worse. */
const maximumEntries = 100_000;

export type Entries = { readonly grants: readonly ObjectGrant[]; readonly grantsByTargets: readonly ObjectGrant[] };

const object = `
CASE e.kind WHEN 'routines' THEN json_build_object('kind', 'routine', 'schema', e.schema, 'signature', e.name)
  ELSE json_build_object('kind', CASE e.kind WHEN 'tables' THEN 'table' ELSE 'sequence' END, 'schema', e.schema, 'name', e.name) END`;

const listed = { object, order: 'e.kind COLLATE "C", e.schema COLLATE "C", e.name COLLATE "C"' };
const named = (hits: string): string =>
  `(SELECT h.*, n.nspname::text AS schema, unnest(h.names) AS name FROM ${hits} h JOIN pg_namespace n ON n.oid = h.nsp) e`;
const grants = grantList({ ...listed, isNeeded: "e.needed", isUsed: "e.used", from: named("hit"), most: { inAll: maximumEntries + 1 } });
const grantsByTargets = grantList({ ...listed, from: named("hit_by_target"), most: { ofEachGrantor: maximumGrantsByTarget } });

const query = `
WITH question AS MATERIALIZED (
  SELECT q.* FROM json_to_recordset($2::json)
    AS q (want int, role oid, schema oid, kind text, privilege text, wanted boolean, every boolean)
),
by_target AS MATERIALIZED (SELECT t.* FROM json_to_recordset($4::json) AS t (schema oid, kind text)),
asked AS MATERIALIZED (SELECT q.schema, q.kind FROM question q UNION SELECT t.schema, t.kind FROM by_target t),
${drawnSequences("$3")},
${namedKin},
entry AS MATERIALIZED (
  SELECT k.id, k.schema AS nsp, k.kind, k.owner, k.drawn, k.names, a.* FROM kin k CROSS JOIN LATERAL aclexplode(k.acl) a
),
onwards AS (${onwards}),
hit AS (
  SELECT e.*, u.id IS NOT NULL AS used, CASE e.kind WHEN 'sequences' THEN COALESCE(q.wanted, e.drawn && i.schemas, false) END AS needed FROM entry e
  JOIN question q ON q.role = e.grantee AND q.schema = e.nsp AND q.kind = e.kind AND q.privilege = e.privilege_type
  LEFT JOIN inserter i ON i.want = q.want
  LEFT JOIN onwards u ON ${isUse}
  WHERE e.grantee <> e.owner
    AND (q.every OR e.is_grantable OR e.grantor = e.grantee OR (e.grantor <> e.owner AND NOT COALESCE(q.wanted, e.drawn && i.schemas, false)))
),
hit_by_target AS (SELECT e.* FROM entry e WHERE ${isByTarget})
SELECT ${grants} AS grants,
  ${grantsByTargets} AS "grantsByTargets"`;

/** @throws Error where there are more entries than a plan can name. */
export async function readEntries(
  db: Queryable,
  input: {
    readonly wants: readonly Want[];
    readonly questions: readonly EntryQuestion[];
    readonly byTargets: readonly { readonly schema: number; readonly kind: BulkKind }[];
  },
): Promise<Entries> {
  const { wants, questions, byTargets } = input;
  if (questions.length === 0 && byTargets.length === 0) return { grants: [], grantsByTargets: [] };
  const roles = wants.flatMap((want) => want.oid ?? []);
  const dependsOnNeed = questions.some((question) => question.wanted === null);
  const { rows } = await db.query<Entries>(query, [
    roles,
    JSON.stringify(questions),
    insertParameter(dependsOnNeed ? wants : []),
    JSON.stringify(byTargets),
  ]);
  const entries = onlyRow(rows);
  if (entries.grants.length > maximumEntries) {
    throw new Error(
      `managed roles hold more than ${maximumEntries} grants that only their grantors can take back; revoke them by hand first`,
    );
  }
  return entries;
}
