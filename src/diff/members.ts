// Who is a member of a role. Whatever the role gets, they get: a reviewer has to know them, and nobody changes them here.
import { listed } from "../model/count.ts";
import { markedRepository } from "../model/marker.ts";
import type { RoleMember } from "../model/observed.ts";
import { declaredMembers } from "./declarations.ts";
import { firstEntries, maximumNamed } from "./first-entries.ts";
import { observedRole, type RoleContext } from "./role-context.ts";

/** Members that no role spec declares; one that is declared says so itself. */
export function memberWarnings(context: RoleContext): readonly string[] {
  const members = undeclaredMembers(context).filter(({ isUser }) => isUser);
  return members.length === 0 ? [] : [`members that no role spec declares may do whatever this role may: ${namesOf(members)}`];
}

/** From 16 on who makes a role without being a superuser is such a member. */
export function memberEffects(context: RoleContext): readonly string[] {
  const members = undeclaredMembers(context).filter(({ isUser, isAdmin }) => !isUser && isAdmin);
  return members.length === 0 ? [] : [`via ADMIN OPTION on this role, new members of it may be made by ${namesOf(members)}`];
}

export function memberEntries(context: RoleContext): readonly string[] {
  const entries = strangers(context).map(
    ({ name, isUser, isAdmin }) => `has the member ${JSON.stringify(name)} with ${JSON.stringify({ use: isUser, admin: isAdmin })}`,
  );
  return firstEntries(entries, (count) => `has ${count} members`);
}

/** A declared member comes and goes by its own plan, which must not make this one stale. */
function undeclaredMembers(context: RoleContext): readonly RoleMember[] {
  const { spec, declarations } = context;
  const declared = new Set(declaredMembers(declarations, spec.roleName).map(({ roleName }) => roleName));
  return (observedRole(context)?.members ?? []).filter(({ name }) => !declared.has(name));
}

/** Declared roles and orphans leave by plans of their own, which must not make this one stale either. */
function strangers(context: RoleContext): readonly RoleMember[] {
  const { declarations, settings, observed } = context;
  const isOurs = (name: string): boolean =>
    declarations.own.has(name) || markedRepository(observed.cluster.roles.get(name)?.comment ?? null) === settings.repository;
  return undeclaredMembers(context).filter(({ name }) => !isOurs(name));
}

function namesOf(members: readonly RoleMember[]): string {
  const named = members
    .slice(0, maximumNamed)
    .map(({ name, isUser, isAdmin }) => JSON.stringify(name) + (isUser && isAdmin ? " (with ADMIN OPTION)" : ""));
  return listed(named, members.length);
}
