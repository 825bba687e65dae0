// The order of role specs: what one needs of another is made before it, so that their scripts run one after the other.
import type { RoleSpec } from "../model/role-spec.ts";

/**
 * Role specs in their order, but source roles before the members they get, and roles that may create objects before those that are to
 * reach such objects. Where two need each other, their order stays; apply runs both at once.
 */
export function neededFirst(specs: readonly RoleSpec[]): readonly RoleSpec[] {
  const ordered = new Set<RoleSpec>();
  const visiting = new Set<RoleSpec>();
  const visit = (spec: RoleSpec): void => {
    if (visiting.has(spec)) return;
    visiting.add(spec);
    for (const other of specs) if (needs(spec, other, specs)) visit(other);
    ordered.add(spec);
  };
  for (const spec of specs) visit(spec);
  return [...ordered];
}

function needs(spec: RoleSpec, other: RoleSpec, specs: readonly RoleSpec[]): boolean {
  if (spec.sourceRole === other.roleName) return true;
  // An external role may create where its source role may; but one that needs this very role cannot come before it.
  return spec.futureObjects && (other.privileges.includes("CREATE") || (other.type === "external" && !hasSource(other, spec, specs)));
}

function hasSource(member: RoleSpec, source: RoleSpec, specs: readonly RoleSpec[]): boolean {
  const seen = new Set<RoleSpec>();
  for (let next: RoleSpec | undefined = member; next !== undefined && !seen.has(next);) {
    const { sourceRole }: RoleSpec = next;
    if (sourceRole === source.roleName) return true;
    seen.add(next);
    next = specs.find(({ roleName }) => roleName === sourceRole);
  }
  return false;
}
