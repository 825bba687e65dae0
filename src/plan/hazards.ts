// What a statement may do to people, as data on the statement.
import type { Change } from "../model/change.ts";
import type { Hazard } from "../model/plan.ts";

export function hazardsOf(change: Change): readonly Hazard[] {
  switch (change.kind) {
    case "createRole":
      return [{ code: "widens-access", message: "a new login" }];
    case "alterRole":
      return change.to.login ? [] : [{ code: "disables-login", message: `${change.role} can no longer log in; open sessions go on` }];
    case "setPassword":
      return [{ code: "rotates-password", message: "everybody who uses the old password is locked out until they have the new one" }];
    case "clearPassword":
      return [{ code: "disables-login", message: "the password is taken away" }];
    case "commentRole":
      return [];
    case "grantMembership":
      return [
        { code: "widens-access", message: `everything that ${change.role} may do` },
        ...(change.role === "pg_read_all_data"
          ? [
              {
                code: "reads-password-verifiers",
                message: "pg_read_all_data also reads pg_authid, the password verifiers of all roles",
              } as const,
            ]
          : []),
      ];
    case "grant":
    case "grantDefault":
      return [{ code: "widens-access", message: change.privileges.join(", ") }];
    case "revokeMembership":
      return [
        {
          code: "revokes-access",
          message: change.adminOptionOnly ? `the admin option on ${change.role}` : `everything that ${change.role} may do`,
        },
      ];
    case "revoke":
      return revokeHazards(change);
    case "revokeDefault":
      return [{ code: "revokes-access", message: `${change.privileges.join(", ")} on objects made from now on` }];
    case "reassignOwned":
      return [{ code: "reassigns-ownership", message: `objects of ${change.role} will belong to ${change.to}` }];
    case "terminateSessions":
      return [{ code: "revokes-access", message: "open sessions are ended" }];
    case "dropRole":
      return [{ code: "drops-role", message: `${change.role} is dropped for good` }];
  }
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
