// What introspection has to know of the desired state, so that it can return counts instead of names wherever all is as wanted.
import type { PrivilegesByKind } from "./privilege.ts";

/** One role in one database. */
export type RoleInterest = {
  readonly role: string;
  /** Names of schemas in scope; "all": every non-system schema. An empty list: nothing is wanted here. */
  readonly schemas: readonly string[] | "all";
  readonly privileges: PrivilegesByKind;
  /** Grants on sequences that no default draws from are tolerated in scope, since default privileges make some. */
  readonly futureObjects: boolean;
  /** Who will own what the role owns, where the plan drops it. */
  readonly heir?: string;
  /** An orphan that is only reported, or an external role: what it may create today, it may create afterwards. */
  readonly isLeftAlone?: boolean;
  /** An external role: how much it holds is asked for, and not on which objects. */
  readonly isOnlyCounted?: boolean;
};

/** Every target role, also those that want nothing in this database. */
export type DatabaseInterest = {
  readonly database: string;
  readonly roles: readonly RoleInterest[];
  /** What each external role is to be a member of: whoever inherits from a creator may create. */
  readonly members?: readonly { readonly role: string; readonly member: string }[];
};
