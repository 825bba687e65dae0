// What a suite says: lines of the table, and whether the aims of issue 2 are reached.
import type { Row } from "../workload.ts";

export type Aim = { readonly text: string; readonly measured: string; readonly passed: boolean };

export type Outcome = { readonly rows: readonly Row[]; readonly aims: readonly Aim[] };

const maximumMemory = 200 * 1_048_576;

export function memoryAims(rows: readonly Row[]): readonly Aim[] {
  return rows.map((row) => ({
    text: `${row.name}: peak memory below 200 MB`,
    measured: `${Math.round(row.memory / 1_048_576)} MB`,
    passed: row.memory < maximumMemory,
  }));
}

export function floorAims(rows: readonly Row[]): readonly Aim[] {
  return rows.map((row) => ({
    text: `${row.name}: at most 1.5 × the floor`,
    measured: `${row.overFloor.toFixed(2)} ×`,
    passed: row.overFloor <= 1.5,
  }));
}

export function hubAim(row: Row): Aim {
  const factor = row.hub / row.ours;
  return { text: `${row.name}: at least 50 × faster than the hub's way`, measured: `${Math.round(factor)} ×`, passed: factor >= 50 };
}

/** Flat: the same connections and queries for any number of roles, and at most half as long again. */
export function flatAim(few: Row, many: Row): Aim {
  const factor = many.ours / few.ours;
  return {
    text: `flat in roles: ${few.name} → ${many.name}`,
    measured: `time × ${factor.toFixed(2)}, queries ${few.queries} → ${many.queries}`,
    passed: factor <= 1.5 && many.queries <= few.queries && many.connections === few.connections,
  };
}

/** Linear: time grows no faster than the number of databases. */
export function linearAim(few: Row, many: Row, databases: number): Aim {
  const factor = many.ours / few.ours;
  return {
    text: `linear in databases: ${few.name} → ${many.name}`,
    measured: `databases × ${databases}, time × ${factor.toFixed(2)}, queries × ${(many.queries / few.queries).toFixed(2)}`,
    passed: factor <= databases && many.queries <= few.queries * databases,
  };
}
