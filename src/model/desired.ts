// Desired: what the access repository says.
import type { Resource } from "./resource.ts";
import type { RoleSpec } from "./role-spec.ts";
import type { Settings } from "./settings.ts";

/** People of a group and the resource roles (`resource/label`) that they may use. Documentation for deliveries, never SQL. */
export type AccessGroup = { readonly name: string; readonly members: readonly string[]; readonly roles: readonly string[] };

export type Desired = {
  readonly settings: Settings;
  /** In the order of their names. */
  readonly resources: readonly Resource[];
  /** In the order of resource and label. */
  readonly roles: readonly RoleSpec[];
  readonly groups: readonly AccessGroup[];
};
