// What the statements of a plan need of the admin, from their typed changes. Pure.
import type { Change, Target } from "../../model/change.ts";
import type { RolePlan, Statement } from "../../model/plan.ts";
import type { RoleAttributes } from "../../model/observed.ts";

/** Needs that the shared catalogs answer. */
export type RoleNeed =
  | { readonly kind: "createRoles" }
  /** Change, comment on or drop a role that exists. */
  | { readonly kind: "manage"; readonly role: string }
  | { readonly kind: "alter"; readonly role: string; readonly from: RoleAttributes; readonly to: RoleAttributes; readonly sql: string }
  | {
      readonly kind: "membership";
      readonly group: string;
      readonly member: string;
      readonly isGrant: boolean;
      /** Whose grant is revoked: from 16 on. */
      readonly grantor: string | null;
      readonly isGroupNew: boolean;
      readonly sql: string;
    }
  | { readonly kind: "become"; readonly role: string; readonly database: string | null }
  /** Act with the rights of a role. */
  | {
      readonly kind: "rightsOf";
      readonly role: string;
      readonly purpose: Purpose;
      readonly database: string | null;
      /** For a superuser to run where nothing else helps; `null`: it names a role that is not there yet. */
      readonly sql: string | null;
    };

export type Purpose = "default-privileges" | "reassign" | "receive" | "terminate";

/** What one GRANT or REVOKE needs on the objects that it covers; equal ones are asked once for all roles. */
export type ObjectNeed = {
  readonly privileges: readonly string[];
  readonly on: Target;
  /** A plain REVOKE has to act as the owner; for a GRANT a grant option will do. */
  readonly mustOwn: boolean;
  /** The role that the statement becomes first. */
  readonly grantor: string | null;
};

/** What handing over the objects of a role needs depends on what it owns. */
export type TransferNeed = { readonly database: string; readonly role: string; readonly to: string };

export type PlanNeeds = {
  readonly plan: RolePlan;
  readonly roles: readonly RoleNeed[];
  readonly objects: readonly { readonly need: ObjectNeed; readonly sql: string }[];
  readonly transfers: readonly TransferNeed[];
};

/** @param created roles that these plans make: from 16 on their maker administers them (F60), before CREATEROLE is enough. */
export function needsOf(plan: RolePlan, created: ReadonlySet<string>): PlanNeeds {
  const { statements } = plan;
  return {
    plan,
    roles: statements.flatMap((statement) => roleNeeds(statement, created)),
    objects: statements.flatMap(objectNeeds),
    transfers: statements.flatMap(({ change }) =>
      change.kind === "reassignOwned" ? [{ database: change.database, role: change.role, to: change.to }] : [],
    ),
  };
}

function roleNeeds({ change, sql }: Statement, created: ReadonlySet<string>): readonly RoleNeed[] {
  switch (change.kind) {
    case "createRole":
      return [{ kind: "createRoles" }];
    case "alterRole":
      return [
        { kind: "manage", role: change.role },
        { kind: "alter", role: change.role, from: change.from, to: change.to, sql },
      ];
    case "setPassword":
    case "clearPassword":
    case "commentRole":
    case "dropRole":
      return created.has(change.role) ? [] : [{ kind: "manage", role: change.role }];
    case "grantMembership":
    case "revokeMembership":
      return [membershipNeed(change, sql, created)];
    case "revoke":
      return change.grantor === null ? [] : [{ kind: "become", role: change.grantor, database: databaseOf(change.on) }];
    case "grantDefault":
    case "revokeDefault":
      return [
        {
          kind: "rightsOf",
          role: change.forRole,
          purpose: "default-privileges",
          database: change.database,
          sql: created.has(change.grantee) ? null : sql,
        },
      ];
    case "reassignOwned":
      return reassignNeeds(change, sql);
    case "terminateSessions":
      return [{ kind: "rightsOf", role: change.role, purpose: "terminate", database: null, sql }];
    case "grant":
      return [];
  }
}

function reassignNeeds({ role, to, database }: Extract<Change, { kind: "reassignOwned" }>, sql: string): readonly RoleNeed[] {
  return [
    { kind: "rightsOf", role, purpose: "reassign", database, sql },
    { kind: "rightsOf", role: to, purpose: "receive", database, sql },
  ];
}

function membershipNeed(
  change: Extract<Change, { kind: "grantMembership" | "revokeMembership" }>,
  sql: string,
  created: ReadonlySet<string>,
): RoleNeed {
  const isGrant = change.kind === "grantMembership";
  const { role: group, member } = change;
  return { kind: "membership", group, member, isGrant, grantor: isGrant ? null : change.grantor, isGroupNew: created.has(group), sql };
}

function objectNeeds({ change, sql }: Statement): PlanNeeds["objects"] {
  if (change.kind !== "grant" && change.kind !== "revoke") return [];
  const { privileges, on } = change;
  const isRevoke = change.kind === "revoke";
  const grantor = isRevoke ? change.grantor : null;
  return [{ need: { privileges, on, mustOwn: isRevoke && grantor === null, grantor }, sql }];
}

/** The database where a statement on the target runs; `null`: any. */
export function databaseOf(target: Target): string | null {
  return "schema" in target || target.kind === "objects" ? target.database : null;
}
