// Roles that carry this repository's marker and are no longer declared. Reported in every plan; settings choose what happens.
import type { Change } from "../model/change.ts";
import { markedRepository } from "../model/marker.ts";
import { compareNames } from "../model/name.ts";
import type { Observed } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import type { Settings } from "../model/settings.ts";
import type { DatabaseContext } from "./database-context.ts";
import { diffDatabase } from "./database.ts";
import { diffMemberships } from "./memberships.ts";
import { observedRole, type RoleContext } from "./role-context.ts";
import { diffSharedObjects } from "./shared-objects.ts";

/** An orphan is compared with a spec that wants nothing. */
export function orphanContexts(input: {
  readonly observed: Observed;
  readonly settings: Settings;
  /** Every declared role name of the resource, planned in this run or not. */
  readonly declared: ReadonlySet<string>;
}): readonly RoleContext[] {
  const { observed, settings, declared } = input;
  return [...observed.cluster.roles.values()]
    .filter((role) => !declared.has(role.name) && markedRepository(role.comment) === settings.repository)
    .toSorted((a, b) => compareNames(a.name, b.name))
    .map((role) => ({ spec: emptySpec(role.name), specs: [], planned: new Set(), settings, observed }));
}

/** With `report` an orphan has no changes: the plan only names it. */
export function diffOrphan(context: RoleContext, databases: readonly DatabaseContext[]): readonly Change[] {
  const { orphans } = context.settings;
  const observed = observedRole(context);
  if (orphans.action === "report" || !observed) return [];
  const role = context.spec.roleName;
  const from = observed.attributes;
  const disable: readonly Change[] = from.login
    ? [
        { kind: "alterRole", role, from, to: { ...from, login: false } },
        { kind: "clearPassword", role },
      ]
    : [];
  const revoke = [...diffMemberships(context), ...diffSharedObjects(context), ...databases.flatMap(diffDatabase)];
  if (orphans.action === "disable") {
    const changes = [...disable, ...revoke];
    return changes.length > 0 && orphans.terminateSessions ? [...changes, { kind: "terminateSessions", role }] : changes;
  }
  const owners = databases.filter(({ catalog }) => catalog.owns.some((row) => row.role === role));
  return [
    ...disable,
    ...revoke,
    ...owners.map(({ catalog }): Change => ({ kind: "reassignOwned", database: catalog.name, role, to: orphans.reassignTo })),
    ...(orphans.terminateSessions ? [{ kind: "terminateSessions", role } as const] : []),
    { kind: "dropRole", role },
  ];
}

function emptySpec(roleName: string): RoleSpec {
  return {
    resource: "",
    label: "",
    roleName,
    type: "managed",
    scopes: [],
    privileges: [],
    sourceRole: null,
    rotatePassword: false,
    connectionLimit: null,
    expiresAt: null,
    futureObjects: false,
    acknowledgeHazards: [],
    origin: { file: "", line: 0, column: 0 },
  };
}
