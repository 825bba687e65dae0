// What became of each role's work in one apply, so that every session tells the truth about every database.
import type { Batch } from "../model/batch.ts";
import { partKey, type Part } from "../model/change.ts";
import type { RolePlan } from "../model/plan.ts";
import type { StatementOutcome, StatementRecord } from "../model/session.ts";
import { statementsByRole } from "./batch-roles.ts";
import type { Shortfall } from "./preflight.ts";
import type { BatchResult } from "./run-batch.ts";

type Entry = {
  readonly plan: RolePlan;
  readonly records: StatementRecord[];
  /** By what sessions call a part: the outcome of each of its transactions. */
  readonly outcomes: Map<string, StatementOutcome[]>;
  /** Batches that are in the records. */
  readonly recorded: Set<string>;
  readonly problems: string[];
  /** What the account may not run, and was left out; told at the end, since it keeps nothing else from being run. */
  shortfall: Shortfall | null;
  /** Databases in which the role has failed; what failed elsewhere stops it everywhere. */
  readonly failedIn: Set<string | null>;
  isStale: boolean;
};

export class Ledger {
  readonly #entries = new Map<string, Entry>();

  constructor(plans: readonly RolePlan[]) {
    for (const plan of plans) {
      const outcomes = new Map(plan.statements.map(({ part }): [string, StatementOutcome[]] => [nameOf(part), []]));
      this.#entries.set(plan.roleName, {
        plan,
        records: [],
        outcomes,
        recorded: new Set(),
        problems: [],
        shortfall: null,
        failedIn: new Set(),
        isStale: false,
      });
    }
  }

  record(batch: Batch, result: Pick<BatchResult, "outcome" | "records">): void {
    for (const [role, indexes] of statementsByRole(batch)) {
      const entry = this.#entries.get(role);
      const records = indexes.flatMap((index) => result.records[index] ?? []);
      if (entry === undefined || records.length === 0) continue;
      entry.records.push(...records);
      entry.recorded.add(keyOf(batch));
      entry.outcomes.get(nameOf(batch.part))?.push(result.outcome);
    }
  }

  /** To be called for every batch at the end: who did not run it has it on record as not run. */
  finish(batch: Batch): void {
    for (const [role, indexes] of statementsByRole(batch)) {
      const entry = this.#entries.get(role);
      if (entry === undefined || entry.recorded.has(keyOf(batch))) continue;
      entry.records.push(...indexes.flatMap((index) => batch.statements[index] ?? []).map(({ sql }) => notRun(sql, batch.part)));
      entry.recorded.add(keyOf(batch));
      entry.outcomes.get(nameOf(batch.part))?.push("not-run");
    }
  }

  /**
   * @param options.part where; without it, everywhere.
   * @param options.isStale the reason is that something has changed since the review.
   */
  fail(roles: readonly string[], problem: string, options: { readonly part?: Part; readonly isStale?: boolean } = {}): void {
    for (const role of roles) {
      const entry = this.#entries.get(role);
      if (!entry || entry.problems.includes(problem)) continue;
      entry.problems.push(problem);
      entry.failedIn.add(options.part?.phase === "database" ? options.part.database : null);
      entry.isStale ||= options.isStale === true;
    }
  }

  /** Statements that are left out; all others go on. */
  withhold(role: string, shortfall: Shortfall): void {
    const entry = this.#entries.get(role);
    if (entry) entry.shortfall = shortfall;
  }

  withheld(role: string): ReadonlySet<string> {
    return this.#entries.get(role)?.shortfall?.withheld ?? new Set();
  }

  /** To be called when all that can be done is done. */
  failForWithheld(role: string): void {
    const shortfall = this.#entries.get(role)?.shortfall;
    if (shortfall) this.fail([role], shortfall.message);
  }

  /** Whether a role may go on in a part. One database does not depend on another; what retires a role depends on all. */
  mayRun(role: string, part: Part): boolean {
    const failedIn = this.#entries.get(role)?.failedIn ?? new Set([null]);
    return part.phase === "database" ? !failedIn.has(null) && !failedIn.has(part.database) : failedIn.size === 0;
  }

  isHealthy(role: string): boolean {
    return this.#entries.get(role)?.problems.length === 0;
  }

  isStale(role: string): boolean {
    return this.#entries.get(role)?.isStale ?? false;
  }

  /** True where anything of the role was committed, or may have been. */
  isTouched(role: string): boolean {
    return [...(this.#entries.get(role)?.outcomes.values() ?? [])]
      .flat()
      .some((outcome) => outcome === "applied" || outcome === "in-doubt");
  }

  /** What became of the shared catalogs, where the password is. */
  sharedOutcome(role: string): StatementOutcome {
    return worst(this.#entries.get(role)?.outcomes.get(nameOf({ phase: "cluster" })) ?? []);
  }

  problems(role: string): readonly string[] {
    const entry = this.#entries.get(role);
    return entry ? [...entry.problems, ...halfDone(entry)] : [];
  }

  /** Executed statements, then those that never ran. */
  statements(role: string): readonly StatementRecord[] {
    const entry = this.#entries.get(role);
    if (!entry) return [];
    // Without a single batch the role failed before there were any.
    if (entry.recorded.size === 0) return entry.plan.statements.map(({ sql, part }) => notRun(sql, part));
    const withheld = entry.plan.statements.filter(({ sql }) => entry.shortfall?.withheld.has(sql) === true);
    return [...entry.records, ...withheld.map(({ sql, part }) => notRun(sql, part))];
  }

  databases(role: string): Readonly<Record<string, StatementOutcome>> {
    return Object.fromEntries([...(this.#entries.get(role)?.outcomes ?? [])].map(([name, outcomes]) => [name, worst(outcomes)]));
  }
}

const severity: Readonly<Record<StatementOutcome, number>> = { applied: 0, "not-run": 1, "rolled-back": 2, "in-doubt": 3 };

/** A database is applied only if all its transactions are. */
function worst(outcomes: readonly StatementOutcome[]): StatementOutcome {
  return outcomes.toSorted((a, b) => severity[b] - severity[a])[0] ?? "not-run";
}

/** One word for a database cannot say that some of its transactions were applied and some were not. */
function halfDone({ outcomes }: Entry): readonly string[] {
  return [...outcomes].flatMap(([name, list]) => {
    const applied = list.filter((outcome) => outcome === "applied").length;
    if (applied === 0 || applied === list.length) return [];
    const where = name === "" ? "shared catalogs" : `database ${JSON.stringify(name)}`;
    return [`${where}: ${applied} of ${list.length} transactions were applied, as the statements of this session show`];
  });
}

function notRun(sql: string, part: Part): StatementRecord {
  return { sql, database: part.phase === "database" ? part.database : null, outcome: "not-run", duration_ms: null };
}

function keyOf({ part, schema }: Batch): string {
  return JSON.stringify([partKey(part), schema]);
}

/** The key that sessions use: a database's name, "" for the shared catalogs. */
function nameOf(part: Part): string {
  return part.phase === "database" ? part.database : "";
}
