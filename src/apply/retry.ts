// Errors that another session's work causes and that pass: https://www.postgresql.org/docs/current/errcodes-appendix.html
import { QueryError } from "../model/query-error.ts";

const passing = new Set(["40P01", "55P03", "40001", "23505"]);

/** Each attempt has waited for lock_timeout already. */
const attemptsAfterWaiting = 4;

/** Two that change one row fail at once, and whoever changes many rows of a busy catalog meets somebody again. */
const attemptsAfterCollisions = 10;

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

/** True where the transaction waited for another one until lock_timeout. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof QueryError && error.code === "55P03";
}

/** Attempts in all, for one transaction that ended with this error. */
export function attemptsFor(error: unknown): number {
  if (!isPassing(error)) return 1;
  return isLockTimeout(error) ? attemptsAfterWaiting : attemptsAfterCollisions;
}

/** Milliseconds before the next attempt: doubling up to a bound, with up to half of it by chance, so that two runs do not stay in step. */
export function backoff(attempt: number, random: number): number {
  const base = Math.min(1600, 100 * 2 ** (attempt - 1));
  return Math.round(base * (1 + random / 2));
}
