// The difference of one role between desired and observed: what its plan is made of.
import type { Change } from "./change.ts";
import type { CurrentState } from "./plan.ts";
import type { RoleSpec } from "./role-spec.ts";

/**
 * What somebody else has to undo first, and the change that would do it; without one, a person has to decide. What it stands in the way of is not
 * among the changes of the role; everything else is.
 */
export type Blocked = {
  readonly message: string;
  /** The role that can. */
  readonly by: string;
  readonly change: Change | null;
  /** Where the object is; `null` for the shared catalogs. */
  readonly database: string | null;
};

/** Of one role spec or orphan. */
export type RoleDiff = {
  readonly spec: RoleSpec;
  readonly isOrphan: boolean;
  readonly changes: readonly Change[];
  /** Reasons why nothing can be planned; with any, there are no changes. */
  readonly failures: readonly string[];
  readonly blocked: readonly Blocked[];
  readonly warnings: readonly string[];
  readonly effective: readonly string[];
  readonly observedEntries: readonly string[];
  readonly currentState: CurrentState;
};
