// What a statement may do to people, as data on the statement.
import type { Change } from "../model/change.ts";
import type { Hazard } from "../model/plan.ts";
import { attributeHazards } from "./attribute-hazards.ts";

export function hazardsOf(change: Change): readonly Hazard[] {
  switch (change.kind) {
    case "commentRole":
      return [];
    case "createRole":
      return [{ code: "widens-access", message: "a new login" }];
    case "grantMembership":
      return [{ code: "widens-access", message: reachOf(change.role) }, ...change.dangers];
    case "grant":
    case "grantDefault":
      return [{ code: "widens-access", message: change.privileges.join(", ") }];
    case "revokeMembership":
      return [{ code: "revokes-access", message: change.adminOptionOnly ? `the admin option on ${change.role}` : reachOf(change.role) }];
    case "revoke":
      return revokeHazards(change);
    case "revokeDefault":
      return [{ code: "revokes-access", message: `${change.privileges.join(", ")} on objects made from now on` }];
    case "alterRole":
    case "setPassword":
    case "clearPassword":
    case "reassignOwned":
    case "terminateSessions":
    case "dropRole":
      return loginHazards(change);
  }
}

type LoginChange = Extract<
  Change,
  { kind: "alterRole" | "setPassword" | "clearPassword" | "reassignOwned" | "terminateSessions" | "dropRole" }
>;

/** What happens to the login itself. */
function loginHazards(change: LoginChange): readonly Hazard[] {
  switch (change.kind) {
    case "alterRole":
      return attributeHazards(change.role, change.from, change.to);
    case "setPassword":
      return [{ code: "rotates-password", message: "everybody who uses the old password is locked out until they have the new one" }];
    case "clearPassword":
      return [{ code: "disables-login", message: "the password is taken away" }];
    case "reassignOwned":
      return [{ code: "reassigns-ownership", message: `objects of ${change.role} will belong to ${change.to}` }, ...change.dangers];
    case "terminateSessions":
      return [{ code: "revokes-access", message: "open sessions are ended" }];
    case "dropRole":
      return [{ code: "drops-role", message: `${change.role} is dropped for good` }];
  }
}

function reachOf(role: string): string {
  return `everything that ${role} may do`;
}

function revokeHazards(change: Extract<Change, { kind: "revoke" }>): readonly Hazard[] {
  const what = change.grantOptionOnly ? `the grant option of ${change.privileges.join(", ")}` : change.privileges.join(", ");
  return [
    { code: "revokes-access", message: what },
    ...(change.grantor === null
      ? []
      : [{ code: "acts-as-another-role", message: `granted by ${change.grantor}, and only that role can take it back` } as const]),
  ];
}
