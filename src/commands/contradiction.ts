// Role specs from flags or from a file of their own, beside what the files of the repository declare. What was reviewed and merged there is
// the desire: another declaration of the same role may be looked at, but is not applied.
import type { Desired } from "../model/desired.ts";
import { formatLocation, type Diagnostic } from "../model/diagnostic.ts";
import type { PlanConfig } from "../model/plan.ts";
import { roleSpecKey, type RoleSpec } from "../model/role-spec.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { configOf } from "../plan/config.ts";

/**
 * The declared role spec of the same resource and label that says something else; `null` where there is none.
 * A new password is an act, not a state: it contradicts nothing.
 */
export function contradictedSpec(
  desired: Desired,
  key: { readonly resource: string; readonly label: string },
  config: PlanConfig,
): RoleSpec | null {
  const declared = desired.roles.find((spec) => roleSpecKey(spec) === roleSpecKey(key));
  if (declared === undefined || stateOf(configOf(declared, false)) === stateOf(config)) return null;
  return declared;
}

function stateOf(config: PlanConfig): string {
  return canonicalJson({ ...config, rotate_password: false });
}

/** For a plan. */
export function contradictionWarning(declared: RoleSpec): Diagnostic {
  return {
    severity: "warning",
    code: "declared-otherwise",
    message: `the repository declares ${declared.label} of ${declared.resource} otherwise: this plan shows what would be, and apply refuses it`,
    hint: "to change the role, change what is declared here",
    at: declared.origin,
  };
}

/** For an apply. */
export function contradictionRefusal(declared: RoleSpec): string {
  const where = formatLocation(declared.origin);
  return `${declared.roleName} is declared in ${where}, otherwise than this plan says; change the declaration there, and plan the repository`;
}
