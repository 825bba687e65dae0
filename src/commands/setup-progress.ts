// How far each resource is set up, as the hub counts it: Inventory, Manage, Provision. Judged from files and sessions alone,
// so that it needs no server; `plan` tells what is true right now.
import type { Desired } from "../model/desired.ts";
import type { Resource } from "../model/resource.ts";
import { roleSpecKey, type RoleSpec } from "../model/role-spec.ts";
import type { Session } from "../model/session.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { configOf } from "../plan/config.ts";

export type RoleProgress = {
  readonly label: string;
  readonly roleName: string;
  readonly isProvisioned: boolean;
  /** Why it is pending; "" for a provisioned one. */
  readonly pending: string;
  /** The session that the judgement rests on. */
  readonly sid: string | null;
  readonly at: string | null;
};

export type ResourceProgress = {
  readonly resource: string;
  /** 1: in the inventory. 2: and a role spec is declared for it. 3: and every one of them is provisioned. */
  readonly steps: 1 | 2 | 3;
  readonly roles: readonly RoleProgress[];
};

/** @param decisive by {@link roleSpecKey}; see {@link isDecisive}. */
export function setupProgress(desired: Desired, decisive: ReadonlyMap<string, Session>): readonly ResourceProgress[] {
  return desired.resources.map((resource) => {
    const roles = desired.roles
      .filter((spec) => spec.resource === resource.name)
      .map((spec) => roleProgress({ spec, resource, session: decisive.get(roleSpecKey(spec)) }));
    const steps = roles.length === 0 ? 1 : roles.every((role) => role.isProvisioned) ? 3 : 2;
    return { resource: resource.name, steps, roles };
  });
}

/**
 * True for sessions that say something about the declared role: every apply, and plans of exactly this declaration.
 * A plan of another one, such as that of an open pull request, changes nothing on the server. The newest decisive session counts.
 */
export function isDecisive(session: Session, spec: RoleSpec): boolean {
  return session.kind === "apply" || hasConfigOf(session, spec);
}

function roleProgress(input: {
  readonly spec: RoleSpec;
  readonly resource: Resource;
  readonly session: Session | undefined;
}): RoleProgress {
  const { spec, session } = input;
  const pending = session === undefined ? "never planned or applied" : pendingReason({ ...input, session });
  return {
    label: spec.label,
    roleName: spec.roleName,
    isProvisioned: pending === "",
    pending,
    sid: session?.sid ?? null,
    at: session?.ended_at ?? null,
  };
}

function pendingReason(input: { readonly spec: RoleSpec; readonly resource: Resource; readonly session: Session }): string {
  const { spec, resource, session } = input;
  switch (session.status) {
    case "out-of-sync":
      return "planned, not applied";
    case "failed":
      return `the last ${session.kind} failed`;
    case "refused":
      return "the last apply was refused as stale";
    case "in-sync":
    case "success":
    case "skipped":
      if (session.target.host !== resource.host || session.target.port !== resource.port) return "applied to another host or port";
      return hasConfigOf(withoutOneRotation(session, spec), spec) ? "" : "the declaration has changed since the last apply";
  }
}

/** A new password that was asked for once, by a flag, is no other declaration. */
function withoutOneRotation({ config }: Session, { rotatePassword }: RoleSpec): Pick<Session, "config"> {
  return { config: { ...config, rotate_password: config.rotate_password && rotatePassword } };
}

function hasConfigOf(session: Pick<Session, "config">, spec: RoleSpec): boolean {
  return canonicalJson(session.config) === canonicalJson(configOf(spec, false));
}
