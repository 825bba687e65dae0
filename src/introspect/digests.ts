// Digests of the relations in scope: a table that appears between review and apply changes them.
import type { BulkKind } from "../model/object-ref.ts";
import type { Queryable } from "../model/queryable.ts";
import { askedObjects, digestOf } from "./objects.ts";
import { onlyRow } from "./only-row.ts";
import type { NeedRow } from "./roll-up.ts";
import type { Want } from "./want.ts";

type Asked = { readonly schema: number; readonly kind: BulkKind };
type DigestRow = Asked & { readonly digest: string };

const query = `
WITH asked AS MATERIALIZED (SELECT a.* FROM json_to_recordset($1::json) AS a (schema oid, kind text))
SELECT COALESCE(json_agg(json_build_object('schema', d.schema::int8, 'kind', d.kind, 'digest', d.digest)), '[]') AS digests
FROM (
  SELECT a.schema, a.kind, ${digestOf("(o.letter || o.name)", 'o.name COLLATE "C"')} AS digest
  FROM asked a LEFT JOIN (${askedObjects}) o ON o.schema = a.schema AND o.kind = a.kind
  GROUP BY a.schema, a.kind) d`;

/** @returns the digest of one schema's tables, sequences or routines; "" where nobody has them in scope. */
export async function readDigests(
  db: Queryable,
  input: { readonly wants: readonly Want[]; readonly needs: readonly NeedRow[] },
): Promise<(schema: number, kind: BulkKind) => string> {
  const asked = askedOf(input.wants, input.needs);
  if (asked.length === 0) return () => "";
  const { rows } = await db.query<{ readonly digests: readonly DigestRow[] }>(query, [JSON.stringify(asked)]);
  const digests = new Map(onlyRow(rows).digests.map(({ schema, kind, digest }) => [`${schema} ${kind}`, digest]));
  return (schema, kind) => digests.get(`${schema} ${kind}`) ?? "";
}

/** Needed sequences may lie outside the scope: their schemas count, too. */
function askedOf(wants: readonly Want[], needs: readonly NeedRow[]): readonly Asked[] {
  const schemas = (isAsked: (want: Want) => boolean): ReadonlySet<number> =>
    new Set(wants.filter(isAsked).flatMap((want) => [...want.schemas]));
  const asked = (kind: BulkKind, oids: Iterable<number>): readonly Asked[] => [...oids].map((schema) => ({ schema, kind }));
  return [
    ...asked(
      "tables",
      schemas(() => true),
    ),
    ...asked("sequences", new Set([...schemas((want) => want.inserts), ...needs.map((need) => need.schema)])),
    ...asked(
      "routines",
      schemas((want) => want.privileges.routines.length > 0),
    ),
  ];
}
