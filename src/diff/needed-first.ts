// The order of role specs: what one needs of another is made before it, so that their scripts run one after the other.
import type { RoleSpec } from "../model/role-spec.ts";

/**
 * Role specs in their order, but source roles before the members they get, and roles that may create objects before those that are to
 * reach such objects. Where two need each other, their order stays; apply runs both at once.
 */
export function neededFirst(specs: readonly RoleSpec[]): readonly RoleSpec[] {
  const byName = Map.groupBy(specs, ({ roleName }) => roleName);
  const bySource = Map.groupBy(specs, ({ sourceRole }) => sourceRole);
  const ordered = new Set<RoleSpec>();
  const visiting = new Set<RoleSpec>();
  // Whoever has been visited is in its place, so that none is looked at once for every other spec that needs it.
  const creators = new Set(specs.filter(mayCreate));
  const visit = (spec: RoleSpec): void => {
    if (visiting.has(spec)) return;
    visiting.add(spec);
    creators.delete(spec);
    for (const source of byName.get(spec.sourceRole ?? "") ?? []) visit(source);
    if (spec.futureObjects) {
      // An external role may create where its source role may; but one that needs this very role cannot come before it.
      const members = membersOf(spec, bySource);
      for (const other of creators) if (!members.has(other)) visit(other);
    }
    ordered.add(spec);
  };
  for (const spec of specs) visit(spec);
  return [...ordered];
}

function mayCreate({ type, privileges }: RoleSpec): boolean {
  return privileges.includes("CREATE") || type === "external";
}

/** Those that have the role as their source role, and their members in turn. */
function membersOf({ roleName }: RoleSpec, bySource: ReadonlyMap<string | null, readonly RoleSpec[]>): ReadonlySet<RoleSpec> {
  const members = new Set(bySource.get(roleName));
  for (const member of members) for (const next of bySource.get(member.roleName) ?? []) members.add(next);
  return members;
}
