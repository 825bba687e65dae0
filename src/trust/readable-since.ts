// Since when people could read a plan, and which of several plans of one head is the one that they read last. An approval from before was
// of something else. Times are those of the jobs that printed: nobody but GitHub writes them, while anybody who may write checks makes
// an old plan's check run the newest.
import { evidenceDigest } from "./evidence.ts";
import { lastJobs, type CheckFacts, type JobFacts, type RunFacts } from "./judge-check.ts";

type Printed = Pick<RunFacts, "jobs">;

/**
 * The start of the last stretch in which this plan stood there and no other: a run that was started again and came to the same has
 * printed the same. @param others runs that planned the same head.
 * @returns an RFC 3339 time, `null` where nothing says it; then no approval can be told to be of this plan.
 */
export function readableSince({ text }: Pick<CheckFacts, "text">, run: Printed, others: readonly Printed[]): string | null {
  const times = lastStretch(run, evidenceDigest(text)).flatMap(({ endedAt }) => endedAt ?? []);
  const between = others.flatMap(printing).map(({ endedAt }) => timeOf(endedAt));
  // In the same second is not after it.
  return times.toSorted((a, b) => timeOf(a) - timeOf(b)).find((at) => between.every((time) => time < timeOf(at))) ?? null;
}

/** When the run printed what counts of it, for an order of runs; what has not ended is the newest. */
export function printedAt(run: Printed): number {
  return Math.max(...printing({ jobs: lastJobs(run) }).map(({ endedAt }) => timeOf(endedAt)));
}

/** Of the newest attempts, until one in which something else was printed. */
function lastStretch(run: Printed, digest: string): readonly JobFacts[] {
  const byAttempt = [...Map.groupBy(printing(run), ({ attempt }) => attempt)].toSorted(([a], [b]) => b - a);
  const end = byAttempt.findIndex(([, jobs]) => jobs.some(({ notices }) => notices.some((notice) => notice !== digest)));
  return byAttempt.slice(0, end === -1 ? undefined : end).flatMap(([, jobs]) => jobs);
}

function printing({ jobs }: Printed): readonly JobFacts[] {
  return jobs.filter(({ notices }) => notices.length > 0);
}

function timeOf(text: string | null): number {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}
