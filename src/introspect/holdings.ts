// What each role holds of what it is to hold, with what it owns counted in: an owner needs no grant, and gets none (F30).
import type { BulkKind } from "../model/object-ref.ts";
import type { ObjectGrant } from "../model/observed.ts";
import type { HeldRow, RollUp, TotalRow } from "./roll-up.ts";
import { isWanted, type Want } from "./want.ts";

/** One row of the roll-up for one want; of a wanted privilege, `held` counts the role's own objects, too. */
export type Holding = HeldRow & {
  /** Index into the wants. */
  readonly want: number;
  readonly isWanted: boolean;
};

/** Total objects of a schema, without partitions. */
export type Totals = (schema: number, kind: BulkKind) => number;

export function totalsOf(rows: readonly TotalRow[]): Totals {
  const sums = sumBy(rows, (row) => `${row.schema} ${row.kind}`);
  return (schema, kind) => sums.get(`${schema} ${kind}`) ?? 0;
}

/** @returns whether a role owns some objects of a schema, partitions included. */
export function ownersOf(rows: readonly TotalRow[]): (role: number, schema: number, kind: BulkKind) => boolean {
  const owners = new Set(rows.map((row) => `${row.owner} ${row.schema} ${row.kind}`));
  return (role, schema, kind) => owners.has(`${role} ${schema} ${kind}`);
}

/** @returns whether a target has granted something onwards on objects of a kind in a schema. */
export function onwardsOf(rows: RollUp["byTargets"]): (schema: number, kind: BulkKind) => boolean {
  const places = new Set(rows.map((row) => `${row.schema} ${row.kind}`));
  return (schema, kind) => places.has(`${schema} ${kind}`);
}

/** @returns whether a role has granted a privilege onwards that it holds on a column in a schema, by names. */
export function columnUsesOf(grants: readonly ObjectGrant[]): (role: string, schema: string, privilege: string) => boolean {
  const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
  const used = new Set(
    grants.flatMap(({ role, object, privilege, isUsed }) =>
      object.kind === "column" && isUsed === true ? [keyOf(role, object.schema, privilege)] : [],
    ),
  );
  return (role, schema, privilege) => used.has(keyOf(role, schema, privilege));
}

export function holdingsOf(wants: readonly Want[], rollUp: Pick<RollUp, "held" | "totals">): readonly Holding[] {
  const indexes = new Map(wants.flatMap((want, index) => (want.oid === null ? [] : [[want.oid, index] as const])));
  const owned = sumBy(rollUp.totals, (row) => `${row.owner} ${row.schema} ${row.kind}`);
  const holdings = rollUp.held.flatMap((row): readonly Holding[] => {
    const index = indexes.get(row.role);
    const want = index === undefined ? undefined : wants[index];
    if (index === undefined || want === undefined) return [];
    const wanted = isWanted(want, row);
    const own = wanted ? (owned.get(`${row.role} ${row.schema} ${row.kind}`) ?? 0) : 0;
    return [{ ...row, want: index, isWanted: wanted, held: row.held + own }];
  });
  const known = new Set(holdings.map(holdingKey));
  const ownOnly = rollUp.totals.flatMap((row): readonly Holding[] => {
    const index = indexes.get(row.owner);
    const want = index === undefined ? undefined : wants[index];
    if (index === undefined || want === undefined || row.partition || row.kind === "sequences" || !want.schemas.has(row.schema)) return [];
    return want.privileges[row.kind]
      .map((privilege) => ownHolding(row, index, privilege))
      .filter((holding) => !known.has(holdingKey(holding)));
  });
  return [...holdings, ...ownOnly];
}

/** A wanted privilege that the role holds as owner alone. */
function ownHolding({ owner, schema, kind, count }: TotalRow, want: number, privilege: string): Holding {
  const none = { heldByOwner: 0, heldPartitions: 0, heldPartitionsByOwner: 0, byOthers: 0, grantable: 0 };
  return { role: owner, schema, kind, privilege, held: count, ...none, want, isWanted: true };
}

function holdingKey({ role, schema, kind, privilege }: HeldRow): string {
  return `${role} ${schema} ${kind} ${privilege}`;
}

function sumBy(rows: readonly TotalRow[], keyOf: (row: TotalRow) => string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    if (!row.partition) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count);
  }
  return sums;
}
