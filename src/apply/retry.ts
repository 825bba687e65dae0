// Errors that another session's work causes and that pass: https://www.postgresql.org/docs/current/errcodes-appendix.html
import { QueryError } from "../model/query-error.ts";

/** Attempts in all, for one transaction. */
export const maximumAttempts = 4;

const passing = new Set(["40P01", "55P03", "40001", "23505"]);

/**
 * True where the same transaction may succeed a moment later: deadlock, lock timeout, serialization failure, a row of a role catalog
 * inserted twice, and "tuple concurrently updated", which PostgreSQL reports as an internal error (F1).
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof QueryError)) return false;
  if (passing.has(error.code)) return true;
  return (
    (error.code === "XX000" && error.message.startsWith("tuple concurrently")) ||
    (error.code === "42704" && /concurrently dropped/u.test(error.message))
  );
}

/** Milliseconds before the next attempt: doubling, with up to half of it by chance, so that two runs do not stay in step. */
export function backoff(attempt: number, random: number): number {
  const base = 200 * 2 ** (attempt - 1);
  return Math.round(base * (1 + random / 2));
}
