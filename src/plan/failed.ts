// A plan that could not be made, so that its role spec still has its line, its session and its reason.
import type { RolePlan } from "../model/plan.ts";
import type { Resource } from "../model/resource.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { configOf } from "./config.ts";

export function failedPlan(resource: Resource, spec: RoleSpec, message: string): RolePlan {
  return {
    resource: resource.name,
    label: spec.label,
    roleName: spec.roleName,
    status: "failed",
    message,
    config: configOf(spec, false),
    target: { resource: resource.name, host: resource.host, port: resource.port, system_identifier: "" },
    currentState: { role: spec.roleName, requires_migration: false, exists: false, attributes: {}, memberships: [], scope_states: {} },
    observed: [],
    statements: [],
    sqlPlan: "",
    checksum: "",
    effective: [],
    hazards: [],
    warnings: [],
    blockers: [],
    origin: spec.origin.line > 0 ? spec.origin : null,
  };
}
