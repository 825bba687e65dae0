// A plan: what has to be done for one role spec, and everything that the reviewer relied on. No clock, no random, no secret in it.
import type { Change, Part } from "./change.ts";
import type { SourceLocation } from "./diagnostic.ts";
import type { SourcePower } from "./source-power.ts";

/** Goes up whenever the meaning of what a checksum covers changes; a plan of another version is stale: "plan again" (F44). */
export const checksumVersion = 1;

export type HazardCode =
  | "widens-access"
  | "revokes-access"
  | "acts-as-another-role"
  | "disables-login"
  | "drops-role"
  | "reassigns-ownership"
  | "drops-policies"
  | "runs-as-new-owner"
  | "rotates-password"
  | "reads-password-verifiers"
  | SourcePower
  | "acl-near-limit";

/** What a statement may do to people. */
export type Hazard = { readonly code: HazardCode; readonly message: string };

export type Statement = {
  /** One statement without its semicolon; a password stands in it as PASSWORD_PLACEHOLDER. Revoking as a grantor takes three. */
  readonly sql: string;
  readonly part: Part;
  readonly change: Change;
  readonly hazards: readonly Hazard[];
};

/** Stands for a password in every SQL text; apply puts a SCRAM verifier in its place. The hub's word. */
export const passwordPlaceholder = "ROLE_PASSWORD_PLACEHOLDER";

/** `orphaned`: a role with our marker that is not declared. */
export type PlanType = "managed" | "external" | "orphaned";

/** The session's `config`: the hub's keys first; ours follow only where they are set. */
export type PlanConfig = {
  readonly type: PlanType;
  readonly role_name: string;
  readonly source_role: string;
  readonly scopes: readonly string[];
  readonly privileges: readonly string[];
  readonly rotate_password: boolean;
  readonly connection_limit?: number;
  readonly expires_at?: string;
  readonly future_objects?: boolean;
  readonly acknowledge_hazards?: readonly string[];
};

export type ScopeStatus = "in-sync" | "empty-schema" | "out-of-sync/unprovisioned" | "out-of-sync/drifted";

/** The hub's roll-up of one schema. */
export type ScopeState = {
  readonly bulk_privileges: readonly string[];
  readonly table_count: number;
  readonly status: ScopeStatus;
  readonly exceptions: {
    readonly missing: Readonly<Record<string, readonly string[]>>;
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
};

/** The hub's snapshot of one role. */
export type CurrentState = {
  readonly role: string;
  readonly requires_migration: boolean;
  readonly exists: boolean;
  readonly attributes: Readonly<Record<string, boolean | number | string>>;
  readonly memberships: readonly string[];
  readonly scope_states: Readonly<Record<string, ScopeState>>;
};

export type PlanStatus = "in-sync" | "out-of-sync" | "failed";

/** The identity of the cluster that a plan was made for (F33). */
export type PlanTarget = {
  readonly resource: string;
  readonly host: string;
  readonly port: number;
  readonly system_identifier: string;
};

/**
 * Something that has to be done before this role can be as it is to be, and that rolewright may not do. What does not depend on it is applied; the
 * rest is in no statement. Without SQL, people have to decide.
 */
export type Blocker = { readonly message: string; readonly sql: readonly string[]; readonly by: string };

/** One plan for one role spec or orphan. */
export type RolePlan = {
  readonly resource: string;
  readonly label: string;
  readonly roleName: string;
  readonly status: PlanStatus;
  /** One line for people: "in sync", "5 statements in 3 databases", or what failed. */
  readonly message: string;
  readonly config: PlanConfig;
  readonly target: PlanTarget;
  readonly currentState: CurrentState;
  /** What the reviewer relied on, one canonical line an entry, sorted by bytes. Enters the checksum; its difference explains staleness. */
  readonly observed: readonly string[];
  readonly statements: readonly Statement[];
  /** A script that psql runs as it stands. */
  readonly sqlPlan: string;
  /** SHA-256, 64 hex digits; "" for a failed plan. */
  readonly checksum: string;
  /** What stays reachable otherwise: `via PUBLIC: CONNECT on analytics`. */
  readonly effective: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly warnings: readonly string[];
  readonly blockers: readonly Blocker[];
  /** Set by an apply alone: SQL of statements that its account may not run, and that are not among the statements any more. */
  readonly withheld?: ReadonlySet<string>;
  /** Where it is declared; orphans and plans from flags have none. */
  readonly origin: SourceLocation | null;
};

/** Every plan of a run. */
export type Plan = {
  readonly roles: readonly RolePlan[];
  /** SHA-256 of the sorted checksums of its role plans. */
  readonly checksum: string;
};
