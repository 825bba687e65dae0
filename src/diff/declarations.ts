// The declared role specs that the difference of one role may have to know of, by name and by source role.
import type { ObservedRole } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";

export type Declarations = {
  /** Every declared spec of the resource, by role name: they may be each other's source roles and creators. */
  readonly own: ReadonlyMap<string, RoleSpec>;
  /** Declared for other resources, by role name. Two resources may be one cluster. */
  readonly elsewhere: ReadonlyMap<string, RoleSpec>;
  /** By source role: specs of the resource, and those of others whose roles are on this cluster. */
  readonly bySource: ReadonlyMap<string, readonly RoleSpec[]>;
};

/** @param input.roles the roles of ours that the cluster has: the one of another resource's spec is there where both are one cluster. */
export function declarationsOf(input: {
  readonly specs: readonly RoleSpec[];
  readonly declaredElsewhere?: ReadonlyMap<string, RoleSpec>;
  readonly roles: ReadonlyMap<string, ObservedRole>;
}): Declarations {
  const { specs, declaredElsewhere: elsewhere = new Map<string, RoleSpec>(), roles } = input;
  const neighbours = [...elsewhere.values()].filter(({ roleName }) => roles.has(roleName));
  const external = [...specs, ...neighbours].filter(({ sourceRole }) => sourceRole !== null);
  return {
    own: new Map(specs.map((spec) => [spec.roleName, spec])),
    elsewhere,
    bySource: Map.groupBy(external, ({ sourceRole }) => sourceRole ?? ""),
  };
}

/** Whether a role spec of any resource declares the role. */
export function isDeclared({ own, elsewhere }: Declarations, role: string): boolean {
  return own.has(role) || elsewhere.has(role);
}

/** The role specs that name the role as their source role. */
export function declaredMembers({ bySource }: Declarations, role: string): readonly RoleSpec[] {
  return bySource.get(role) ?? [];
}
