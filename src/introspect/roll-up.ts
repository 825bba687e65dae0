// The roll-up: how many tables, sequences and routines of a schema each role holds each privilege on, by direct grants.
// Objects are grouped by their ACL before any ACL is exploded, so that its cost does not grow with the number of roles.
import type { BulkKind } from "../model/object-ref.ts";
import type { Queryable } from "../model/queryable.ts";
import { isByTarget } from "./grant-json.ts";
import { countedKin, drawnSequences } from "./objects.ts";
import { onlyRow } from "./only-row.ts";
import { insertParameter, type Want } from "./want.ts";

/** Schemas and roles are OIDs. */
export type HeldRow = {
  readonly role: number;
  readonly schema: number;
  readonly kind: BulkKind;
  readonly privilege: string;
  /** Without partitions. */
  readonly held: number;
  readonly heldByOwner: number;
  readonly heldPartitions: number;
  readonly heldPartitionsByOwner: number;
  /** Objects, partitions included, with an entry by another grantor than the owner; with a grant option. */
  readonly byOthers: number;
  readonly grantable: number;
};

export type TotalRow = {
  readonly schema: number;
  readonly kind: BulkKind;
  readonly partition: boolean;
  readonly owner: number;
  readonly count: number;
};

/** Sequences of one schema that column defaults in one role's scope draw from. */
export type NeedRow = {
  /** Index into the wants. */
  readonly want: number;
  readonly schema: number;
  readonly needed: number;
  /** Those of them without a grant; the role's own do not count. */
  readonly missing: number;
  readonly heldByOwner: number;
};

export type RollUp = {
  readonly totals: readonly TotalRow[];
  readonly held: readonly HeldRow[];
  readonly needs: readonly NeedRow[];
  /** Privileges that PUBLIC holds on at least one table. */
  readonly publicTables: readonly { readonly schema: number; readonly privilege: string }[];
  /** `bytes`: as stored, which is compressed where there are many entries. */
  readonly longestAcls: readonly { readonly schema: number; readonly entries: number; readonly bytes: number }[];
  /** Where targets made grants to others. */
  readonly byTargets: readonly { readonly schema: number; readonly kind: BulkKind }[];
};

// Grantors are folded first: a table that holds a privilege from two grantors counts once.
const query = `
WITH ${drawnSequences("$3")},
${countedKin("$2")},
entry AS MATERIALIZED (
  SELECT k.id, k.schema, k.kind, k.partition, k.n, e.*
  FROM kin k CROSS JOIN LATERAL (
    SELECT a.grantee, a.privilege_type AS privilege,
      bool_or(a.grantor = k.owner) AS by_owner, bool_or(a.grantor <> k.owner) AS by_other, bool_or(a.is_grantable) AS grantable
    FROM aclexplode(k.acl) a
    WHERE a.grantee <> k.owner AND (a.grantee = 0 OR a.grantee = ANY ($1::oid[]))
    GROUP BY a.grantee, a.privilege_type) e
),
held AS (
  SELECT e.grantee, e.schema, e.kind, e.privilege,
    COALESCE(sum(e.n) FILTER (WHERE NOT e.partition), 0) AS held,
    COALESCE(sum(e.n) FILTER (WHERE NOT e.partition AND e.by_owner), 0) AS held_by_owner,
    COALESCE(sum(e.n) FILTER (WHERE e.partition), 0) AS partitions,
    COALESCE(sum(e.n) FILTER (WHERE e.partition AND e.by_owner), 0) AS partitions_by_owner,
    COALESCE(sum(e.n) FILTER (WHERE e.by_other), 0) AS by_others,
    COALESCE(sum(e.n) FILTER (WHERE e.grantable), 0) AS grantable
  FROM entry e WHERE e.grantee <> 0 GROUP BY 1, 2, 3, 4
),
need AS (
  SELECT i.want, k.schema, sum(k.n) AS needed,
    COALESCE(sum(k.n) FILTER (WHERE e.id IS NULL AND k.owner IS DISTINCT FROM i.role), 0) AS missing,
    COALESCE(sum(k.n) FILTER (WHERE e.by_owner), 0) AS held_by_owner
  FROM inserter i JOIN kin k ON k.drawn && i.schemas
  LEFT JOIN entry e ON e.id = k.id AND e.grantee = i.role AND e.privilege = 'USAGE'
  GROUP BY 1, 2
)
SELECT
  (SELECT COALESCE(json_agg(json_build_object('schema', t.schema::int8, 'kind', t.kind, 'partition', t.partition, 'owner', t.owner::int8, 'count', t.n)
      ORDER BY t.schema, t.kind COLLATE "C", t.partition, t.owner), '[]')
   FROM (SELECT k.schema, k.kind, k.partition, k.owner, sum(k.n) AS n FROM kin k GROUP BY 1, 2, 3, 4) t) AS totals,
  (SELECT COALESCE(json_agg(json_build_object('role', h.grantee::int8, 'schema', h.schema::int8, 'kind', h.kind, 'privilege', h.privilege,
      'held', h.held, 'heldByOwner', h.held_by_owner, 'heldPartitions', h.partitions, 'heldPartitionsByOwner', h.partitions_by_owner,
      'byOthers', h.by_others, 'grantable', h.grantable)
      ORDER BY h.grantee, h.schema, h.kind COLLATE "C", h.privilege COLLATE "C"), '[]') FROM held h) AS held,
  (SELECT COALESCE(json_agg(json_build_object('want', n.want, 'schema', n.schema::int8, 'needed', n.needed, 'missing', n.missing,
      'heldByOwner', n.held_by_owner) ORDER BY n.want, n.schema), '[]') FROM need n) AS needs,
  (SELECT COALESCE(json_agg(json_build_object('schema', p.schema::int8, 'privilege', p.privilege) ORDER BY p.schema, p.privilege COLLATE "C"), '[]')
   FROM (SELECT DISTINCT e.schema, e.privilege FROM entry e WHERE e.grantee = 0 AND e.kind = 'tables') p) AS "publicTables",
  (SELECT COALESCE(json_agg(json_build_object('schema', l.schema::int8, 'entries', l.entries, 'bytes', l.bytes) ORDER BY l.schema), '[]')
   FROM (SELECT k.schema, max(cardinality(k.acl)) AS entries, max(pg_column_size(k.acl)) AS bytes FROM kin k WHERE k.kind <> 'routines' GROUP BY 1) l WHERE l.entries > 0) AS "longestAcls",
  (SELECT COALESCE(json_agg(DISTINCT jsonb_build_object('schema', e.schema::int8, 'kind', e.kind)), '[]')
   FROM (SELECT k.schema, k.kind, k.owner, a.* FROM kin k CROSS JOIN LATERAL aclexplode(k.acl) a) e WHERE ${isByTarget}) AS "byTargets"`;

/** @param input.schemas OIDs of all schemas to look into, system schemas included. */
export async function readRollUp(
  db: Queryable,
  input: { readonly wants: readonly Want[]; readonly schemas: readonly number[] },
): Promise<RollUp> {
  const roles = input.wants.flatMap((want) => want.oid ?? []);
  const { rows } = await db.query<RollUp>(query, [roles, input.schemas, insertParameter(input.wants)]);
  return onlyRow(rows);
}
