// A role spec: one declared role of one resource.
import type { SourceLocation } from "./diagnostic.ts";
import type { Privilege } from "./privilege.ts";
import type { Scope } from "./scope.ts";

export type RoleType = "managed" | "external";

export type RoleSpec = {
  readonly resource: string;
  /** The short name in the files: `ro`. */
  readonly label: string;
  /** The generated PostgreSQL name: `hoopdev_analytics_ro_6075a443`. */
  readonly roleName: string;
  readonly type: RoleType;
  /** Managed only. Sorted, without repeats. */
  readonly scopes: readonly Scope[];
  /** Managed only. In the order of `declarablePrivileges`, without repeats. */
  readonly privileges: readonly Privilege[];
  /** External only: the one role that it is a member of. */
  readonly sourceRole: string | null;
  readonly rotatePassword: boolean;
  /** `null`: no limit. */
  readonly connectionLimit: number | null;
  /** RFC 3339 instant in UTC, for VALID UNTIL; `null`: never. */
  readonly expiresAt: string | null;
  readonly futureObjects: boolean;
  /** Hazards of the source role that the authors accept, each by its code. */
  readonly acknowledgeHazards: readonly string[];
  readonly description?: string;
  readonly origin: SourceLocation;
};

/** Identity of a role spec, for maps and messages; unambiguous because resources cannot hold a slash. */
export function roleSpecKey(spec: { readonly resource: string; readonly label: string }): string {
  return `${spec.resource}/${spec.label}`;
}
