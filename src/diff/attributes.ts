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

export function sameAttributes(a: RoleAttributes, b: RoleAttributes): boolean {
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
  else if (!sameAttributes(observed.attributes, to)) changes.push({ kind: "alterRole", role, from: observed.attributes, to });
  if (observed && spec.rotatePassword) changes.push({ kind: "setPassword", role });
  if (observed?.comment !== comment) changes.push({ kind: "commentRole", role, comment });
  return changes;
}
