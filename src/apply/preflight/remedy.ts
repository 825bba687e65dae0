// What would give the admin what it lacks, and the SQL for it. Pure. The SQL is for people: rolewright never runs it.
import type { Target } from "../../model/change.ts";
import { compareNames } from "../../model/name.ts";
import { membershipOptionsSince } from "../../model/observed.ts";
import { privilegesOn } from "../../model/privileges-on.ts";
import { connectArgument, ident } from "../../model/quote.ts";
import type { AdminFacts, RoleFacts } from "./inquiry.ts";

export type Remedy =
  | { readonly kind: "attribute"; readonly attribute: "CREATEROLE" | "INHERIT" }
  /** Membership of the admin in a role. Before 16 it has no options but ADMIN. */
  | { readonly kind: "membership"; readonly role: string; readonly option: "admin" | "inherit" | "set" }
  | {
      readonly kind: "privilege";
      readonly database: string | null;
      readonly privileges: readonly string[];
      readonly on: Target;
      readonly to: string;
      readonly withGrantOption: boolean;
      /** Having the rights of one of these roles makes it unnecessary. */
      readonly unless: readonly string[];
    }
  /** Nothing that could be given to the admin would do: a superuser does it once, and the plan is made again. */
  | { readonly kind: "statement"; readonly database: string | null; readonly sql: string };

/** One thing that the admin lacks: a noun phrase for people, and what would give it. */
export type Lack = { readonly text: string; readonly remedies: readonly Remedy[] };

/** Whether the admin can be made a member: nobody gets the rights of a superuser, and memberships form no circle. */
export function isJoinable(role: RoleFacts): boolean {
  return !role.superuser && !role.isMemberOfAdmin && role.name !== "pg_database_owner";
}

/** Gives the rights of a role without SET ROLE. */
export function inheritRemedies(role: string, facts: RoleFacts | undefined, admin: AdminFacts): readonly Remedy[] {
  const membership: Remedy = { kind: "membership", role, option: "inherit" };
  if (admin.version >= membershipOptionsSince) return [membership];
  const isMember = facts !== undefined && facts.direct !== null;
  return [...(isMember ? [] : [membership]), ...(admin.inherit ? [] : [{ kind: "attribute", attribute: "INHERIT" } as const])];
}

/** @returns lines of SQL that psql runs as they stand, each once in its database; what lies in another one behind `\connect`. */
export function remedySql(remedies: readonly Remedy[], admin: AdminFacts, roles: ReadonlyMap<string, RoleFacts>): readonly string[] {
  const memberships = Map.groupBy(ofKind(remedies, "membership"), (remedy) => remedy.role);
  const inherited = inheritedBy(memberships, remedies, roles);
  const privileges = ofKind(remedies, "privilege").filter(({ unless }) => !unless.some((role) => inherited.has(role)));
  const located = [
    ...privileges.filter((remedy) => !isCovered(remedy, privileges)).map((remedy) => ({ ...remedy, sql: privilegeSql(remedy) })),
    ...ofKind(remedies, "statement"),
  ];
  const lines = [
    ...attributeSql(remedies, admin),
    ...[...memberships]
      .toSorted(([a], [b]) => compareNames(a, b))
      .map(([role, group]) => membershipSql(role, group, { admin, facts: roles.get(role) })),
    ...located.filter(({ database }) => database === null).map(({ sql }) => sql),
  ];
  const databases = Map.groupBy(located, ({ database }) => database);
  return [
    ...onceEach(lines),
    ...[...databases].flatMap(([database, group]) =>
      database === null ? [] : [`\\connect ${connectArgument(database)}`, ...onceEach(group.map(({ sql }) => sql))],
    ),
  ];
}

/** Of one place: the same text in another database is another statement. */
function onceEach(statements: readonly string[]): readonly string[] {
  return [...new Set(statements.map(terminated))];
}

/** Roles whose rights the admin will have. */
function inheritedBy(
  memberships: ReadonlyMap<string, readonly Membership[]>,
  remedies: readonly Remedy[],
  roles: ReadonlyMap<string, RoleFacts>,
): ReadonlySet<string> {
  const willInherit = ofKind(remedies, "attribute").some(({ attribute }) => attribute === "INHERIT");
  return new Set([
    ...[...memberships].filter(([, group]) => group.some(({ option }) => option === "inherit")).map(([role]) => role),
    ...[...roles.values()].filter(({ direct }) => willInherit && direct !== null).map(({ name }) => name),
  ]);
}

function ofKind<Kind extends Remedy["kind"]>(remedies: readonly Remedy[], kind: Kind): readonly Extract<Remedy, { kind: Kind }>[] {
  return remedies.filter((remedy): remedy is Extract<Remedy, { kind: Kind }> => remedy.kind === kind);
}

function attributeSql(remedies: readonly Remedy[], admin: AdminFacts): readonly string[] {
  const attributes = [...new Set(ofKind(remedies, "attribute").map(({ attribute }) => attribute))].toSorted(compareNames);
  return attributes.length === 0 ? [] : [`ALTER ROLE ${ident(admin.name)} ${attributes.join(" ")}`];
}

type Membership = Extract<Remedy, { kind: "membership" }>;

/** Every option is said, so that none is given by default and none that is held already is taken away. */
function membershipSql(
  role: string,
  group: readonly Membership[],
  { admin, facts }: { readonly admin: AdminFacts; readonly facts: RoleFacts | undefined },
): string {
  const needs = (option: Membership["option"]): boolean => group.some((remedy) => remedy.option === option);
  const grant = `GRANT ${ident(role)} TO ${ident(admin.name)}`;
  if (admin.version < membershipOptionsSince) return needs("admin") ? `${grant} WITH ADMIN OPTION` : grant;
  const word = (value: boolean): string => (value ? "TRUE" : "FALSE");
  const inherit = word(needs("inherit") || facts?.direct?.inherit === true);
  const set = word(needs("set") || facts?.direct?.set === true);
  return `${grant} WITH ${needs("admin") ? "ADMIN TRUE, " : ""}INHERIT ${inherit}, SET ${set}`;
}

type Privilege = Extract<Remedy, { kind: "privilege" }>;

function privilegeSql({ privileges, on, to, withGrantOption }: Privilege): string {
  return `GRANT ${privilegesOn(privileges, on)} TO ${ident(to)}${withGrantOption ? " WITH GRANT OPTION" : ""}`;
}

/** The same privilege is given with its grant option anyway. */
function isCovered(remedy: Privilege, all: readonly Privilege[]): boolean {
  if (remedy.withGrantOption) return false;
  const sql = privilegeSql({ ...remedy, withGrantOption: true });
  return all.some((other) => other.withGrantOption && other.database === remedy.database && privilegeSql(other) === sql);
}

function terminated(sql: string): string {
  return `${sql};`;
}
