// A change: one typed difference between desired and observed, for one role. A closed union; plan/render.ts turns it into SQL.
import type { ObjectRef } from "./object-ref.ts";
import type { DefaultPrivilege, RoleAttributes } from "./observed.ts";
import type { SourcePower } from "./source-power.ts";

/** What one GRANT or REVOKE names. Objects inside a database carry its name, because the statement runs there. */
export type Target =
  | { readonly kind: "database"; readonly database: string }
  | { readonly kind: "tablespace" | "parameter"; readonly name: string }
  | { readonly kind: "schema"; readonly database: string; readonly schema: string }
  | { readonly kind: "allTables" | "allSequences" | "allRoutines"; readonly database: string; readonly schema: string }
  | { readonly kind: "objects"; readonly database: string; readonly objects: readonly ObjectRef[] };

/**
 * What a member of a source role can do and that is more than it looks, or what happens to what an orphan leaves; a {@link Change} cannot tell it
 * from the name alone.
 */
export type Danger = {
  readonly code: "reads-password-verifiers" | "drops-policies" | "runs-as-new-owner" | SourcePower;
  readonly message: string;
};

export type Change =
  | { readonly kind: "createRole"; readonly role: string; readonly attributes: RoleAttributes }
  | { readonly kind: "alterRole"; readonly role: string; readonly from: RoleAttributes; readonly to: RoleAttributes }
  | { readonly kind: "setPassword"; readonly role: string }
  /** Takes the password away: part of disabling and dropping only. */
  | { readonly kind: "clearPassword"; readonly role: string }
  | { readonly kind: "commentRole"; readonly role: string; readonly comment: string }
  | {
      readonly kind: "grantMembership";
      readonly role: string;
      readonly member: string;
      readonly withInherit: boolean;
      readonly dangers: readonly Danger[];
    }
  | {
      readonly kind: "revokeMembership";
      readonly role: string;
      readonly member: string;
      /** Named from 16 on; `null` before, where any authorised REVOKE removes the one row. */
      readonly grantor: string | null;
      readonly adminOptionOnly: boolean;
    }
  | { readonly kind: "grant"; readonly privileges: readonly string[]; readonly on: Target; readonly grantee: string }
  | {
      readonly kind: "revoke";
      readonly privileges: readonly string[];
      readonly on: Target;
      readonly grantee: string;
      /** The role to become for it; `null`: the owner's side granted it and a plain REVOKE removes it. */
      readonly grantor: string | null;
      readonly grantOptionOnly: boolean;
    }
  | {
      readonly kind: "grantDefault" | "revokeDefault";
      readonly database: string;
      readonly forRole: string;
      readonly schema: string | null;
      readonly objects: DefaultPrivilege["objects"];
      readonly privileges: readonly string[];
      readonly grantee: string;
    }
  | {
      readonly kind: "reassignOwned";
      readonly database: string;
      readonly role: string;
      readonly to: string;
      readonly dangers: readonly Danger[];
    }
  /** Ends the open sessions of a role that may no longer log in: REVOKE and NOLOGIN leave them running. */
  | { readonly kind: "terminateSessions"; readonly role: string }
  | { readonly kind: "dropRole"; readonly role: string };

/**
 * Where and when a change runs. `cluster` comes first, on the maintenance database; then each database; `retire` last. `terminate` has to
 * follow the COMMIT of NOLOGIN, or who was logged out would be back at once, and to come before the databases, where REASSIGN OWNED
 * would wait for what those sessions have locked. One part is one transaction.
 */
export type Part =
  | { readonly phase: "cluster" }
  | { readonly phase: "terminate" }
  | { readonly phase: "database"; readonly database: string }
  | { readonly phase: "retire" };

/** The part that a change belongs to. Shared-catalog revocations run first, so that a half-applied plan leaves less access, not more. */
export function partOf(change: Change): Part {
  switch (change.kind) {
    case "createRole":
    case "alterRole":
    case "setPassword":
    case "clearPassword":
    case "commentRole":
    case "grantMembership":
    case "revokeMembership":
      return { phase: "cluster" };
    case "grant":
      return partOfTarget(change.on);
    case "revoke":
      return change.on.kind === "database" ? { phase: "cluster" } : partOfTarget(change.on);
    case "grantDefault":
    case "revokeDefault":
    case "reassignOwned":
      return { phase: "database", database: change.database };
    case "terminateSessions":
      return { phase: "terminate" };
    case "dropRole":
      return { phase: "retire" };
  }
}

function partOfTarget(target: Target): Part {
  return "database" in target ? { phase: "database", database: target.database } : { phase: "cluster" };
}

/** Identity of a part, for maps. */
export function partKey(part: Part): string {
  return part.phase === "database" ? `database:${part.database}` : part.phase;
}

/** False for what no catalog shows: whether sessions were ended. That is planned for as long as anything else is left of an orphan. */
export function leavesTrace(change: Change): boolean {
  return change.kind !== "terminateSessions";
}

/** The one schema whose objects a grant or revocation is about, by name or all at once; `null` for everything else. */
export function schemaOf(change: Change): string | null {
  if (change.kind !== "grant" && change.kind !== "revoke") return null;
  if ("schema" in change.on) return change.on.schema;
  const object = change.on.kind === "objects" ? change.on.objects[0] : undefined;
  return object !== undefined && "schema" in object ? object.schema : null;
}
