// Whether the admin may do to roles and memberships what a plan needs. Pure.
// https://www.postgresql.org/docs/16/release-16.html: what CREATEROLE alone allowed before takes ADMIN on the role from 16 on.
import { membershipOptionsSince, type RoleAttributes } from "../../model/observed.ts";
import { inDatabase } from "../../model/place-words.ts";
import { ident } from "../../model/quote.ts";
import type { AdminFacts, RoleFacts } from "./inquiry.ts";
import type { Purpose, RoleNeed } from "./needs.ts";
import { inheritRemedies, isJoinable, type Lack } from "./remedy.ts";

export type RoleView = { readonly admin: AdminFacts; readonly roles: ReadonlyMap<string, RoleFacts> };

const createRole: Lack = { text: "CREATEROLE", remedies: [{ kind: "attribute", attribute: "CREATEROLE" }] };

/** @returns what is missing for one need; nothing where all is there. */
export function judgeRoleNeed(need: RoleNeed, view: RoleView): readonly Lack[] {
  switch (need.kind) {
    case "createRoles":
      return view.admin.createRole ? [] : [createRole];
    case "manage":
      return judgeManage(need.role, view);
    case "alter":
      return judgeAlter(need, view);
    case "membership":
      return judgeMembership(need, view);
    case "become":
      return judgeBecome(need, view);
    case "rightsOf":
      return judgeRights(need, view);
  }
}

function hasOptions({ admin }: RoleView): boolean {
  return admin.version >= membershipOptionsSince;
}

function judgeManage(role: string, view: RoleView): readonly Lack[] {
  const facts = view.roles.get(role);
  if (!facts) return [];
  if (facts.superuser) return [superuserOnly(`the right to change ${quoted(role)}, a superuser`, `ALTER ROLE ${ident(role)} NOSUPERUSER`)];
  if (facts.replication && !hasOptions(view))
    return [superuserOnly(`the right to change ${quoted(role)}, which has REPLICATION`, `ALTER ROLE ${ident(role)} NOREPLICATION`)];
  return [...(view.admin.createRole ? [] : [createRole]), ...(facts.admin || !hasOptions(view) ? [] : [adminOn(role)])];
}

function adminOn(role: string): Lack {
  return { text: `ADMIN on role ${quoted(role)}`, remedies: [{ kind: "membership", role, option: "admin" }] };
}

/** Attributes that take a superuser; from 16 on, an admin that has them itself. */
function judgeAlter({ role, from, to }: Extract<RoleNeed, { kind: "alter" }>, view: RoleView): readonly Lack[] {
  const { admin } = view;
  const differs = (key: keyof RoleAttributes): boolean => from[key] !== to[key];
  const attributes = hasOptions(view)
    ? [
        ...(differs("createDb") && !admin.createDb ? [`${to.createDb ? "" : "NO"}CREATEDB`] : []),
        ...(differs("replication") && !admin.replication ? [`${to.replication ? "" : "NO"}REPLICATION`] : []),
        ...(differs("bypassRls") && !admin.bypassRls ? [`${to.bypassRls ? "" : "NO"}BYPASSRLS`] : []),
      ]
    : differs("bypassRls")
      ? [`${to.bypassRls ? "" : "NO"}BYPASSRLS`]
      : [];
  if (attributes.length === 0) return [];
  const words = attributes.join(" ");
  return [superuserOnly(`the right to set ${words} on role ${quoted(role)}`, `ALTER ROLE ${ident(role)} ${words}`)];
}

function judgeMembership(need: Extract<RoleNeed, { kind: "membership" }>, view: RoleView): readonly Lack[] {
  const { group, member, isGrant } = need;
  const facts = view.roles.get(group);
  if (!facts) return [];
  const action = isGrant ? `make ${quoted(member)} a member of` : `end the membership of ${quoted(member)} in`;
  if (group === "pg_database_owner")
    return [{ text: `a way to ${action} pg_database_owner, whose only member is the owner of the database`, remedies: [] }];
  if (facts.superuser) {
    const text = `the right to ${action} ${quoted(group)}, a superuser`;
    return [view.roles.has(member) ? superuserOnly(text, need.sql) : { text: `${text} (${needsSuperuser})`, remedies: [] }];
  }
  const grantor = need.grantor === null ? undefined : view.roles.get(need.grantor);
  if (grantor && !grantor.usage && !isJoinable(grantor))
    return [superuserOnly(`the right to ${action} ${quoted(group)}, granted by ${quoted(grantor.name)}`, need.sql)];
  const mayGrant = hasOptions(view) ? need.isGroupNew || (isGrant ? facts.grantsAs : facts.admin) : view.admin.createRole || facts.admin;
  return [
    ...(mayGrant ? [] : [adminOn(group)]),
    ...(grantor && !grantor.usage
      ? [
          {
            text: `the rights of role ${quoted(grantor.name)}, who granted ${quoted(group)} to ${quoted(member)}`,
            remedies: inheritRemedies(grantor.name, grantor, view.admin),
          },
        ]
      : []),
  ];
}

function judgeBecome({ role, database }: Extract<RoleNeed, { kind: "become" }>, view: RoleView): readonly Lack[] {
  const facts = view.roles.get(role);
  if (!facts || facts.set || facts.superuser) return [];
  const text = `the right to become ${quoted(role)}, to revoke what it granted${inDatabase(database)}`;
  return [{ text, remedies: facts.isMemberOfAdmin ? [] : [{ kind: "membership", role, option: "set" }] }];
}

/** Where a superuser can do nothing beforehand, because the role is not there yet. */
const needsSuperuser = "apply this role with a superuser's login";

const purposes: Readonly<Record<Purpose, string>> = {
  "default-privileges": "to change its default privileges",
  reassign: "to give away what it owns",
  receive: "to make it the owner of what others leave",
  terminate: "to end its sessions",
};

function judgeRights(need: Extract<RoleNeed, { kind: "rightsOf" }>, view: RoleView): readonly Lack[] {
  const { role, purpose, database } = need;
  const facts = view.roles.get(role);
  if (facts === undefined ? inheritsNewRoles(view) : hasRights(purpose, facts, view)) return [];
  const made = facts === undefined ? " (once it is there)" : "";
  const text = `the rights of role ${quoted(role)}${made}, ${purposes[purpose]}${inDatabase(database)}`;
  if (facts && !isJoinable(facts)) {
    if (need.sql === null) return [{ text: `${text} (${needsSuperuser}, or give what it owns to another role)`, remedies: [] }];
    return [{ text, remedies: [{ kind: "statement", database, sql: need.sql }] }];
  }
  return [{ text, remedies: inheritRemedies(role, facts, view.admin) }];
}

function hasRights(purpose: Purpose, facts: RoleFacts, view: RoleView): boolean {
  if (purpose === "default-privileges" && !hasOptions(view)) return facts.member;
  return facts.usage || (purpose === "terminate" && !facts.superuser && view.roles.get("pg_signal_backend")?.usage === true);
}

/** From 16 on the maker of a role has its rights only where it says so (F59, F60). */
function inheritsNewRoles(view: RoleView): boolean {
  return hasOptions(view) && /\binherit\b/iu.test(view.admin.selfGrant ?? "");
}

function superuserOnly(text: string, sql: string): Lack {
  return { text, remedies: [{ kind: "statement", database: null, sql }] };
}

export function quoted(name: string): string {
  return JSON.stringify(name);
}
