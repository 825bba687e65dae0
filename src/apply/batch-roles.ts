// Whom batches serve.
import type { Batch } from "../model/batch.ts";

/** @returns the names of all roles of the batches' statements, without repeats. */
export function rolesOf(batches: readonly Batch[]): readonly string[] {
  return [...new Set(batches.flatMap((batch) => batch.statements.flatMap((statement) => statement.roles)))];
}

/** The places of the statements that serve each role: a thousand roles may share a batch. */
export function statementsByRole({ statements }: Batch): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, { roles }] of statements.entries()) {
    for (const role of new Set(roles)) {
      const own = places.get(role) ?? [];
      own.push(index);
      places.set(role, own);
    }
  }
  return places;
}
