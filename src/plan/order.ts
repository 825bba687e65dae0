// The order of changes, written down as one table: REVOKE before GRANT, what others need before what needs it.
import { partKey, partOf, type Change } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import { renderChange } from "./render.ts";

const rank: Readonly<Record<Change["kind"], number>> = {
  createRole: 0,
  alterRole: 1,
  setPassword: 2,
  clearPassword: 3,
  commentRole: 4,
  revokeMembership: 5,
  revokeDefault: 6,
  revoke: 7,
  reassignOwned: 8,
  grantMembership: 9,
  grant: 10,
  grantDefault: 11,
  terminateSessions: 12,
  dropRole: 13,
};

/** CONNECT, then USAGE, then what is inside; the other way round for REVOKE does not matter within one transaction. */
const targetRank = {
  database: 0,
  tablespace: 1,
  parameter: 2,
  schema: 3,
  allTables: 4,
  objects: 5,
  allSequences: 6,
  allRoutines: 7,
} as const;

const phaseRank = { cluster: 0, terminate: 1, database: 2, retire: 3 } as const;

/** Sorts changes of any number of roles; equal inputs in any order give the same output. */
export function orderChanges(changes: readonly Change[]): readonly Change[] {
  return changes
    .map((change) => ({ change, key: sortKey(change) }))
    .toSorted((a, b) => compareKeys(a.key, b.key))
    .map(({ change }) => change);
}

type Key = readonly (string | number)[];

function sortKey(change: Change): Key {
  const part = partOf(change);
  const on = change.kind === "grant" || change.kind === "revoke" ? targetRank[change.on.kind] : 0;
  // A role may have granted to itself with a grant option, or need USAGE on a schema to act: it acts before anything is taken from it.
  const isOwnersSide = change.kind === "revoke" && change.grantor === null ? 1 : 0;
  return [phaseRank[part.phase], partKey(part), rank[change.kind], isOwnersSide, on, renderChange(change)];
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? "";
    const order = typeof left === "number" && typeof right === "number" ? left - right : compareNames(String(left), String(right));
    if (order !== 0) return order;
  }
  return 0;
}
