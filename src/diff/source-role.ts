// What an external role reaches through its source role, and whether that is more than it looks.
import { willExist, type RoleContext } from "./role-context.ts";

/** Powers of a source role that a spec has to acknowledge by these codes. */
const acknowledgeable = {
  superuser: "is a superuser",
  createrole: "has CREATEROLE",
  replication: "has REPLICATION",
  bypassrls: "has BYPASSRLS",
  pg_execute_server_program: "runs programs on the server",
  pg_server_files: "reads or writes files on the server",
} as const;

export type PowerCode = keyof typeof acknowledgeable;

export type Power = { readonly code: PowerCode; readonly message: string; readonly acknowledged: boolean };

/** `missing` and `cycle` are reasons to refuse; `readsVerifiers` and `powers` are hazards. */
export type SourceReach = {
  readonly problem: string | null;
  readonly readsVerifiers: boolean;
  readonly powers: readonly Power[];
};

type Reached = {
  readonly name: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
};

/** Follows the source role through the catalog and through roles that the same run makes. */
export function sourceReach(context: RoleContext): SourceReach {
  const reached = new Map<string, Reached>();
  const problem = follow(context, context.spec.sourceRole ?? "", reached);
  const powers = [...reached.values()].flatMap((role) => powersOf(role, context.spec.acknowledgeHazards));
  return { problem, readsVerifiers: reached.has("pg_read_all_data"), powers };
}

function follow(context: RoleContext, source: string, reached: Map<string, Reached>): string | null {
  const { roleName } = context.spec;
  const observed = context.observed.cluster.sources.get(source);
  const declared = context.specs.find((spec) => spec.roleName === source && willExist(context, source));
  if (!observed && !declared) return `source role ${JSON.stringify(source)} does not exist, and no role spec of this run makes it`;
  for (const role of observed?.reaches ?? []) reached.set(role.name, role);
  if (reached.has(roleName) || source === roleName)
    return `source role ${JSON.stringify(source)} is itself a member of ${roleName}: memberships would form a circle`;
  const next = declared?.sourceRole;
  if (next === undefined || next === null || reached.has(next)) return null;
  if (!reached.has(source))
    reached.set(source, { name: source, superuser: false, createRole: false, replication: false, bypassRls: false });
  return follow(context, next, reached);
}

function powersOf(role: Reached, acknowledged: readonly string[]): readonly Power[] {
  const codes: readonly (PowerCode | false)[] = [
    role.superuser && "superuser",
    role.createRole && "createrole",
    role.replication && "replication",
    role.bypassRls && "bypassrls",
    role.name === "pg_execute_server_program" && "pg_execute_server_program",
    /^pg_(?:read|write)_server_files$/u.test(role.name) && "pg_server_files",
  ];
  return codes
    .filter((code) => code !== false)
    .map((code) => ({ code, message: `${role.name} ${acknowledgeable[code]}`, acknowledged: acknowledged.includes(code) }));
}
