// The questions for introspection that the desired state raises.
import type { DatabaseInterest, RoleInterest } from "../model/interest.ts";
import { compareNames } from "../model/name.ts";
import type { ClusterCatalog } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Settings } from "../model/settings.ts";
import { isDisposable } from "./orphans.ts";
import { privilegesOf } from "./role-context.ts";

type InterestGoal = {
  readonly specs: readonly RoleSpec[];
  readonly settings: Settings;
  readonly declaredElsewhere?: ReadonlyMap<string, RoleSpec>;
};

/**
 * One interest for each database to visit: the declared ones that exist, and those that hold something of a declared role or orphan. One
 * that allows no connections cannot be visited; whoever holds something there is told so.
 * What external roles hold by themselves is not managed, so that it is counted and no more.
 * @param only the one database to ask about, if there is anything to ask.
 */
export function interestsOf(goal: InterestGoal, cluster: ClusterCatalog, only: string | null = null): readonly DatabaseInterest[] {
  const { specs } = goal;
  const external = new Set(specs.filter((spec) => spec.type === "external").map((spec) => spec.roleName));
  const managed = specs.filter((spec) => spec.type === "managed");
  const existing = new Set(cluster.databases.filter((database) => database.allowsConnections).map((database) => database.name));
  const declared = managed.flatMap((spec) => spec.scopes.map((scope) => scope.database)).filter((name) => existing.has(name));
  const held = cluster.footprints.map((row) => row.database).filter((name) => existing.has(name));
  const own = new Set(specs.map((spec) => spec.roleName));
  const others = [
    ...[...external].map((role) => ({ role, ...nothing, isLeftAlone: true, isOnlyCounted: true })),
    ...[...cluster.roles.keys()].filter((name) => !own.has(name)).map((role) => ({ role, ...nothing, ...fateOf(role, goal, cluster) })),
  ];
  const privileges = new Map(managed.map((spec) => [spec, privilegesOf(spec, cluster.server.version)]));
  const members = specs.flatMap(({ sourceRole, roleName }) => (sourceRole === null ? [] : [{ role: sourceRole, member: roleName }]));
  const asked = [...new Set([...declared, ...held])].filter((database) => only === null || database === only);
  return asked.toSorted(compareNames).map((database) => ({
    database,
    members,
    roles: [
      ...managed.map((spec) => ({
        role: spec.roleName,
        schemas: schemasOf(spec, database),
        privileges: privileges.get(spec) ?? nothing.privileges,
        futureObjects: spec.futureObjects,
      })),
      ...others,
    ],
  }));
}

const nothing = { schemas: [], privileges: { tables: [], schemas: [], routines: [] }, futureObjects: false } as const;

/** What becomes of a role that is not declared for this resource. */
function fateOf(
  name: string,
  { settings, declaredElsewhere }: InterestGoal,
  cluster: ClusterCatalog,
): Pick<RoleInterest, "heir" | "isLeftAlone"> {
  const { orphans } = settings;
  const role = cluster.roles.get(name);
  if (role === undefined || declaredElsewhere?.has(name) === true || !isDisposable(role, settings)) return { isLeftAlone: true };
  return orphans.action === "drop" ? { heir: orphans.reassignTo } : {};
}

function schemasOf(spec: RoleSpec, database: string): readonly string[] | "all" {
  const scopes = spec.scopes.filter((scope) => scope.database === database);
  if (scopes.some((scope) => scope.schema === null)) return "all";
  return scopes.flatMap((scope) => (scope.schema === null ? [] : [scope.schema]));
}
