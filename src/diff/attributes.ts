// The role itself: its existence, attributes, marker and password.
import { attributeKeywords } from "../model/attribute-keywords.ts";
import type { Change } from "../model/change.ts";
import { markedComment } from "../model/marker.ts";
import type { RoleAttributes } from "../model/observed.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { observedRole, type RoleContext } from "./role-context.ts";

/** LOGIN INHERIT and nothing else; attributes converge down, too. */
export function desiredAttributes(spec: RoleSpec): RoleAttributes {
  return {
    login: true,
    inherit: true,
    superuser: false,
    createDb: false,
    createRole: false,
    replication: false,
    bypassRls: false,
    connectionLimit: spec.connectionLimit ?? -1,
    validUntil: spec.expiresAt,
  };
}

/** From 16 on only who has one of these may give or take it; before, only a superuser some of them. */
const powers = ["superuser", "createDb", "replication", "bypassRls"] as const;

/**
 * What brings a role's attributes from one state to another. Each power is a change of its own, so that an account which may not make that one
 * can make the others: nobody keeps a login because somebody gave him CREATEDB.
 */
export function alterRole(role: string, from: RoleAttributes, to: RoleAttributes): readonly Change[] {
  const plain = { ...to, superuser: from.superuser, createDb: from.createDb, replication: from.replication, bypassRls: from.bypassRls };
  const steps = [plain];
  for (const power of powers) {
    const last = steps.at(-1) ?? plain;
    steps.push({ ...last, [power]: to[power] });
  }
  return steps.flatMap((step, index): readonly Change[] => {
    const before = steps[index - 1] ?? from;
    return sameAttributes(before, step) ? [] : [{ kind: "alterRole", role, from: before, to: step }];
  });
}

function sameAttributes(a: RoleAttributes, b: RoleAttributes): boolean {
  return attributeKeywords.every(([key]) => a[key] === b[key]) && a.connectionLimit === b.connectionLimit && a.validUntil === b.validUntil;
}

export function diffAttributes(context: RoleContext): readonly Change[] {
  const { spec, settings, isFromElsewhere } = context;
  const role = spec.roleName;
  const observed = observedRole(context);
  const to = desiredAttributes(spec);
  const comment = markedComment(observed?.comment ?? null, { repository: settings.repository, isDeclared: !isFromElsewhere });
  const changes: Change[] = [];
  if (!observed) changes.push({ kind: "createRole", role, attributes: to });
  else changes.push(...alterRole(role, observed.attributes, to));
  if (observed && spec.rotatePassword) changes.push({ kind: "setPassword", role });
  if (observed?.comment !== comment) changes.push({ kind: "commentRole", role, comment });
  return changes;
}
