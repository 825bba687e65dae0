// What an external role reaches through its source role, and whether that is more than it looks.
import { listed } from "../model/count.ts";
import { attributeKeywords } from "../model/attribute-keywords.ts";
import type { Danger } from "../model/change.ts";
import type { SourceRole } from "../model/observed.ts";
import type { SourcePower } from "../model/source-power.ts";
import { isDeclared } from "./declarations.ts";
import { firstEntries, maximumNamed } from "./first-entries.ts";
import { willExist, type RoleContext } from "./role-context.ts";

/** Something that members of a source role can do and that is more than it looks. */
export type Power = { readonly code: SourcePower; readonly message: string };

/** `problem` is a reason to refuse; `readsVerifiers` and `powers` are hazards; `reached` has every role that it is a member of by the source role. */
export type SourceReach = {
  readonly problem: string | null;
  readonly reached: readonly SourceRole["reaches"][number][];
  readonly readsVerifiers: boolean;
  readonly powers: readonly Power[];
};

type Reached = SourceRole["reaches"][number];

/** Follows the source role through the catalog and through roles that the same run makes. */
export function sourceReach(context: RoleContext): SourceReach {
  const reached = new Map<string, Reached>();
  const problem = follow(context, context.spec.sourceRole ?? "", reached);
  const powers = [...reached.values()].flatMap(powersOf);
  return { problem, reached: [...reached.values()], readsVerifiers: reached.has("pg_read_all_data"), powers };
}

/**
 * What the reviewer relied on of a source role that nobody declares: its attributes and, however far, the roles that it is a member of. What it
 * may do to objects is not among it. A role that is declared has a plan of its own, which must not make this one stale when it is
 * applied first: what it is to be a member of counts instead of what it is.
 */
export function sourceEntries(context: RoleContext): readonly string[] {
  const { declarations, observed } = context;
  const declared = new Set<string>();
  let source = context.spec.sourceRole;
  while (source !== null && isDeclared(declarations, source) && !declared.has(source)) {
    declared.add(source);
    source = (declarations.own.get(source) ?? declarations.elsewhere.get(source))?.sourceRole ?? null;
  }
  if (source === null) return [];
  const reached = (observed.cluster.sources.get(source)?.reaches ?? []).filter(({ name }) => !isDeclared(declarations, name));
  const entries = reached.map(
    (role) => `source role ${JSON.stringify(source)} reaches ${JSON.stringify(role.name)} with ${JSON.stringify(attributesOf(role))}`,
  );
  return firstEntries(entries, (count) => `source role ${JSON.stringify(source)} reaches ${count} roles`);
}

/** Keywords of the attributes that a role reached has; how it logs in and inherits is no matter of its members. */
function attributesOf(role: Reached): readonly string[] {
  return attributeKeywords.flatMap(([key, keyword]) => (key !== "inherit" && key !== "login" && role[key] ? [keyword] : []));
}

/** In words, what the source role is itself a member of, and the attributes that none of its powers tells. */
export function sourceEffects({ spec }: RoleContext, { reached }: SourceReach): readonly string[] {
  const names = reached.filter(({ name }) => name !== spec.sourceRole).map(({ name }) => name);
  return [
    ...(names.length > 0 ? [`via membership: ${spec.sourceRole} reaches ${listed(names.slice(0, maximumNamed), names.length)}`] : []),
    ...reached.filter(({ createDb }) => createDb).map(({ name }) => `via membership: ${name} has CREATEDB`),
  ];
}

/** https://www.postgresql.org/docs/current/predefined-roles.html (F57) */
const databaseOwner = "pg_database_owner";

/** What is wrong with a source role further on is the matter of the spec that names it: this one's own may be there all the same. */
function follow(context: RoleContext, source: string, reached: Map<string, Reached>): string | null {
  const { roleName } = context.spec;
  const isOwn = source === context.spec.sourceRole;
  if (isOwn && source === databaseOwner)
    return `source role "${databaseOwner}" cannot have members: its only one is the owner of the database; name that role or another`;
  const observed = context.observed.cluster.sources.get(source);
  const declared = willExist(context, source) ? context.declarations.own.get(source) : undefined;
  if (!observed && !declared)
    return isOwn ? `source role ${JSON.stringify(source)} does not exist, and no role spec of this run makes it` : null;
  for (const role of reachesOf(context, source)) reached.set(role.name, joined(role, reached.get(role.name)));
  if (reached.has(roleName) || source === roleName)
    return `source role ${JSON.stringify(context.spec.sourceRole)} is itself a member of ${roleName}: memberships would form a circle`;
  const next = declared?.sourceRole;
  if (next === undefined || next === null || reached.has(next)) return null;
  if (!reached.has(source))
    reached.set(source, { name: source, superuser: false, createDb: false, createRole: false, replication: false, bypassRls: false });
  return follow(context, next, reached);
}

/** Several roles may have one name, as far as it can be read: what any of them has counts. */
function joined(role: Reached, other: Reached = role): Reached {
  return {
    name: role.name,
    superuser: role.superuser || other.superuser,
    createDb: role.createDb || other.createDb,
    createRole: role.createRole || other.createRole,
    replication: role.replication || other.replication,
    bypassRls: role.bypassRls || other.bypassRls,
  };
}

/**
 * The same run takes powers and memberships from the roles that it plans, before it makes others their members: what they come to counts.
 * Where it does not get that far, the proof of the membership counts what they are.
 */
function reachesOf({ observed, becoming }: RoleContext, source: string): readonly Reached[] {
  const reaches = observed.cluster.sources.get(source)?.reaches ?? [];
  const left = becoming.get(source)?.keepsMemberships === false ? reaches.filter(({ name }) => name === source) : reaches;
  return left.map((role) => {
    const attributes = becoming.get(role.name)?.attributes;
    if (attributes === undefined) return role;
    const { superuser, createDb, createRole, replication, bypassRls } = attributes;
    return { name: role.name, superuser, createDb, createRole, replication, bypassRls };
  });
}

const powers: readonly (readonly [SourcePower, (role: Reached) => boolean, string])[] = [
  ["superuser", (role) => role.superuser, "is a superuser"],
  ["createrole", (role) => role.createRole, "has CREATEROLE"],
  ["replication", (role) => role.replication, "has REPLICATION"],
  ["bypassrls", (role) => role.bypassRls, "has BYPASSRLS"],
  ["pg_execute_server_program", ({ name }) => name === "pg_execute_server_program", "runs programs on the server"],
  ["pg_server_files", ({ name }) => /^pg_(?:read|write)_server_files$/u.test(name), "reads or writes files on the server"],
];

/** What members of a role that is reached can do by it. */
export function powersOf(role: Reached): readonly Power[] {
  return powers.filter(([, isHeld]) => isHeld(role)).map(([code, , words]) => ({ code, message: `${role.name} ${words}` }));
}

/** What a reviewer has to know of a new membership in the source role. */
export function sourceDangers(context: RoleContext): readonly Danger[] {
  const { readsVerifiers, powers } = sourceReach(context);
  const verifiers: Danger = { code: "reads-password-verifiers", message: verifiersMessage };
  return [...(readsVerifiers ? [verifiers] : []), ...powers];
}

/** pg_authid is a table, and this role reads all tables. */
export const verifiersMessage = "pg_read_all_data also reads pg_authid, the password verifiers of all roles";
