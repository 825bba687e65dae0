// A session: the audit record of one plan or one apply of one role spec. The hub's keys first and in its order, then ours.
import type { CurrentState, Hazard, PlanConfig } from "./plan.ts";

export type SessionKind = "plan" | "apply";

export type SessionStatus = "in-sync" | "out-of-sync" | "failed" | "success" | "skipped" | "refused";

export type StatementOutcome = "applied" | "rolled-back" | "not-run" | "in-doubt";

/** One executed statement; statements that several role specs share appear in the session of each. */
export type StatementRecord = {
  readonly sql: string;
  /** `null`: the shared catalogs, on the maintenance database. */
  readonly database: string | null;
  readonly outcome: StatementOutcome;
  readonly duration_ms: number | null;
};

export type Session = {
  readonly sid: string;
  readonly config: PlanConfig;
  readonly current_state: CurrentState;
  readonly sql_plan: string;
  readonly sql_plan_checksum: string;
  readonly command_output: string;
  readonly kind: SessionKind;
  readonly status: SessionStatus;
  readonly message: string;
  readonly resource_name: string;
  readonly label: string;
  /** RFC 3339 in UTC. */
  readonly started_at: string;
  readonly ended_at: string;
  readonly actor: string;
  /** Who approved the run, where its host says: logins. */
  readonly approved_by?: readonly string[];
  readonly commit: string;
  readonly pull_request: number | null;
  readonly run_url: string;
  readonly tool_version: string;
  /** The meaning of the checksum (F44); 1 where it is missing. */
  readonly checksum_version?: number;
  /** Where the role spec came from: `repository`, `file` (plan -f), `flags`, or `orphan`. */
  readonly source: "repository" | "file" | "flags" | "orphan";
  /** The plan's target, so that a plan for one cluster is never applied to another (F33). */
  readonly target: { readonly resource: string; readonly host: string; readonly port: number; readonly system_identifier: string };
  /** apply only: sid of the reviewed plan, where there was one. */
  readonly plan_sid?: string;
  readonly statements?: readonly StatementRecord[];
  /** apply only: the truth about each database; the key "" stands for the shared catalogs. */
  readonly databases?: Readonly<Record<string, StatementOutcome>>;
  readonly effective: readonly string[];
  readonly hazards: readonly Hazard[];
  /** The canonical entries that the checksum covers. */
  readonly observed: readonly string[];
  /** `sha256:<hex>` of the session file before this one; "" for the first. Filled in by the store. */
  readonly previous: string;
};
