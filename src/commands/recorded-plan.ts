// The plan that a session remembers: for showing it again, and for the record of an apply that never came to plan again.
import type { PlanStatus, RolePlan } from "../model/plan.ts";
import type { Session } from "../model/session.ts";

/** Without its statements one by one, its warnings and its blockers, which stand in the session's texts alone. */
export function recordedPlan(session: Session, { status, message }: { readonly status: PlanStatus; readonly message: string }): RolePlan {
  return {
    resource: session.resource_name,
    label: session.label,
    roleName: session.config.role_name,
    status,
    message,
    config: session.config,
    target: session.target,
    currentState: session.current_state,
    observed: session.observed,
    statements: [],
    sqlPlan: session.sql_plan,
    checksum: session.sql_plan_checksum,
    effective: session.effective,
    hazards: session.hazards,
    warnings: [],
    blockers: [],
    origin: null,
  };
}
