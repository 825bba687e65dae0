// Names behind roll-ups that are neither all nor nothing. Roles and privileges that miss the same objects share one list:
// it is sorted, hashed and sent once, however many roles ask.
import type { BulkKind } from "../model/object-ref.ts";
import { maximumExceptionNames, type BulkException } from "../model/observed.ts";
import type { Queryable } from "../model/queryable.ts";
import { digestOf, drawnSequences, namedKin } from "./objects.ts";
import { onlyRow } from "./only-row.ts";
import type { ExceptionQuestion } from "./questions.ts";
import { insertParameter, type Want } from "./want.ts";

/** Where ON ALL … would hit objects that it must not, all are named: as many as one run may hold in memory. Of more, no plan is made. */
const maximumNamesOfMany = 1_000_000;

type Answer = {
  readonly lists: readonly { readonly kin: string; readonly total: number; readonly digest: string; readonly names: readonly string[] }[];
  readonly answers: readonly { readonly question: number; readonly kin: string }[];
};

// An owner lacks nothing on its own objects; partitions are never missing.
const query = `
WITH question AS MATERIALIZED (
  SELECT (row_number() OVER ())::int - 1 AS number, q.*
  FROM json_to_recordset($1::json) AS q (want int, role oid, schema oid, kind text, privilege text, which text, many boolean)
),
asked AS MATERIALIZED (SELECT DISTINCT q.schema, q.kind FROM question q),
${drawnSequences("$2")},
${namedKin},
entry AS MATERIALIZED (
  SELECT k.id, a.grantee, a.privilege_type AS privilege, bool_or(a.grantor = k.owner) AS by_owner
  FROM kin k CROSS JOIN LATERAL aclexplode(k.acl) a
  WHERE a.grantee <> k.owner AND a.grantee IN (SELECT q.role FROM question q) GROUP BY 1, 2, 3
),
answer AS MATERIALIZED (
  SELECT q.number, array_agg(k.id ORDER BY k.id) AS kin
  FROM question q JOIN kin k ON k.schema = q.schema AND k.kind = q.kind
  LEFT JOIN inserter i ON i.want = q.want
  LEFT JOIN entry e ON e.id = k.id AND e.grantee = q.role AND e.privilege = q.privilege
  CROSS JOIN LATERAL (SELECT COALESCE(k.drawn && i.schemas, false) AS needed) s
  WHERE CASE q.which
    WHEN 'missing' THEN e.id IS NULL AND NOT k.partition AND k.owner IS DISTINCT FROM q.role AND (q.kind <> 'sequences' OR s.needed)
    ELSE e.by_owner AND NOT (q.kind = 'sequences' AND q.privilege = 'USAGE' AND s.needed) END
  GROUP BY q.number
),
list AS (
  SELECT a.kin, bool_or(a.many) AS many, count(*) AS total, ${digestOf("n.name", 'n.name COLLATE "C"')} AS digest, array_agg(n.name ORDER BY n.name COLLATE "C") AS names
  FROM (SELECT answer.kin, bool_or(q.many) AS many FROM answer JOIN question q USING (number) GROUP BY answer.kin) a
  CROSS JOIN LATERAL (SELECT unnest(k.names) AS name FROM kin k WHERE k.id = ANY (a.kin)) n
  GROUP BY a.kin
)
SELECT
  (SELECT COALESCE(json_agg(json_build_object('kin', l.kin::text, 'total', l.total, 'digest', l.digest,
      'names', l.names[1:CASE WHEN l.many THEN $4::int ELSE $3::int END])), '[]') FROM list l) AS lists,
  (SELECT COALESCE(json_agg(json_build_object('question', a.number, 'kin', a.kin::text) ORDER BY a.number), '[]') FROM answer a) AS answers`;

/** @returns one exception for every question whose answer is not empty, in the order of the questions. */
export async function readExceptions(
  db: Queryable,
  input: {
    readonly questions: readonly ExceptionQuestion[];
    readonly wants: readonly Want[];
    readonly schemaName: (oid: number) => string;
  },
): Promise<readonly BulkException[]> {
  if (input.questions.length === 0) return [];
  const hasSequences = input.questions.some((question) => question.kind === ("sequences" satisfies BulkKind));
  const parameters = [
    JSON.stringify(input.questions),
    insertParameter(hasSequences ? input.wants : []),
    maximumExceptionNames,
    maximumNamesOfMany,
  ];
  const { rows } = await db.query<Answer>(query, parameters);
  const { lists, answers } = onlyRow(rows);
  const listOf = new Map(lists.map((list) => [list.kin, list]));
  return answers.flatMap((answer): readonly BulkException[] => {
    const question = input.questions[answer.question];
    const list = listOf.get(answer.kin);
    const want = question === undefined ? undefined : input.wants[question.want];
    if (question === undefined || list === undefined || want === undefined) return [];
    const { schema, kind, privilege, which } = question;
    const { names, total, digest } = list;
    return [{ role: want.role, schema: input.schemaName(schema), kind, privilege, which, names, total, digest }];
  });
}
