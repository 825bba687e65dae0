// What became of each role's work in one apply, so that every session tells the truth about every database.
import { partKey, type Part } from "../model/change.ts";
import type { RolePlan } from "../model/plan.ts";
import type { StatementOutcome, StatementRecord } from "../model/session.ts";
import type { Batch, BatchResult } from "./run-batch.ts";

type Entry = {
  readonly plan: RolePlan;
  readonly records: StatementRecord[];
  readonly parts: Map<string, StatementOutcome>;
  readonly ran: Set<string>;
  readonly problems: string[];
  isStale: boolean;
};

export class Ledger {
  readonly #entries = new Map<string, Entry>();

  /** Every part of every plan starts as not run. */
  constructor(plans: readonly RolePlan[]) {
    for (const plan of plans) {
      const parts = new Map(plan.statements.map(({ part }) => [nameOf(part), "not-run"] as const));
      this.#entries.set(plan.roleName, { plan, records: [], parts, ran: new Set(), problems: [], isStale: false });
    }
  }

  roles(): readonly string[] {
    return [...this.#entries.keys()];
  }

  record(batch: Batch, result: BatchResult): void {
    for (const [role, entry] of this.#entries) {
      const records = result.records.filter((_, index) => batch.statements[index]?.roles.includes(role));
      if (records.length === 0) continue;
      entry.records.push(...records);
      entry.ran.add(partKey(batch.part));
      entry.parts.set(nameOf(batch.part), worst(entry.parts.get(nameOf(batch.part)), result.outcome));
    }
  }

  /** @param isStale the reason is that somebody changed what the reviewer relied on. */
  fail(roles: readonly string[], problem: string, isStale = false): void {
    for (const role of roles) {
      const entry = this.#entries.get(role);
      if (!entry || entry.problems.includes(problem)) continue;
      entry.problems.push(problem);
      entry.isStale ||= isStale;
    }
  }

  isHealthy(role: string): boolean {
    return this.#entries.get(role)?.problems.length === 0;
  }

  isStale(role: string): boolean {
    return this.#entries.get(role)?.isStale ?? false;
  }

  /** True where anything of the role was committed, or may have been. */
  isTouched(role: string): boolean {
    return [...(this.#entries.get(role)?.parts.values() ?? [])].some((outcome) => outcome === "applied" || outcome === "in-doubt");
  }

  problems(role: string): readonly string[] {
    return this.#entries.get(role)?.problems ?? [];
  }

  /** Executed statements, then those that never ran. */
  statements(role: string): readonly StatementRecord[] {
    const entry = this.#entries.get(role);
    if (!entry) return [];
    const rest = entry.plan.statements
      .filter((statement) => !entry.ran.has(partKey(statement.part)))
      .map(({ sql, part }): StatementRecord => ({
        sql,
        database: part.phase === "database" ? part.database : null,
        outcome: "not-run",
        duration_ms: null,
      }));
    return [...entry.records, ...rest];
  }

  databases(role: string): Readonly<Record<string, StatementOutcome>> {
    return Object.fromEntries(this.#entries.get(role)?.parts ?? []);
  }
}

const severity: Readonly<Record<StatementOutcome, number>> = { "not-run": 0, applied: 1, "rolled-back": 2, "in-doubt": 3 };

/** A database is applied only if all its transactions are. */
function worst(a: StatementOutcome | undefined, b: StatementOutcome): StatementOutcome {
  return a !== undefined && severity[a] > severity[b] ? a : b;
}

/** The key that sessions use: a database's name, "" for the shared catalogs. */
function nameOf(part: Part): string {
  return part.phase === "database" ? part.database : "";
}
