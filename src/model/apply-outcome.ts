// What an apply of one role spec came to.
import type { RolePlan } from "./plan.ts";
import type { SessionStatus, StatementOutcome, StatementRecord } from "./session.ts";

export type ApplyOutcome = {
  readonly status: Extract<SessionStatus, "success" | "skipped" | "refused" | "failed">;
  readonly message: string;
  /** Notices, the difference that made the plan stale, errors: lines for people. */
  readonly output: string;
  /** sid of the reviewed plan. */
  readonly planSid?: string;
  readonly statements: readonly StatementRecord[];
  /** The key "" stands for the shared catalogs. */
  readonly databases: Readonly<Record<string, StatementOutcome>>;
};

/** With the plan that was made under the lock, which is what ran or would have run. */
export type AppliedRole = { readonly plan: RolePlan; readonly outcome: ApplyOutcome };
