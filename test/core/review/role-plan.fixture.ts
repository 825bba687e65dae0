// A role plan for the renderers' tests: the hub's sample, changed where a test needs it.
import type { Hazard, RolePlan, Statement } from "../../../src/model/plan.ts";

const roleName = "hoopdev_analytics_ro_6075a443";

export function statement(sql: string, hazards: readonly Hazard[] = []): Statement {
  return { sql, part: { phase: "cluster" }, change: { kind: "setPassword", role: roleName }, hazards };
}

export function rolePlan(parts: Partial<RolePlan> = {}): RolePlan {
  return {
    resource: "analytics",
    label: "ro",
    roleName,
    status: "out-of-sync",
    message: "2 statements in 1 database",
    config: { type: "managed", role_name: roleName, source_role: "", scopes: ["app"], privileges: ["SELECT"], rotate_password: false },
    target: { resource: "analytics", host: "192.168.18.54", port: 5432, system_identifier: "7423" },
    currentState: { role: roleName, requires_migration: true, exists: false, attributes: {}, memberships: [], scope_states: {} },
    observed: ["role missing"],
    statements: [
      statement(`GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO ${roleName}`, [{ code: "widens-access", message: "SELECT" }]),
      statement(`REVOKE INSERT ON "t" FROM ${roleName}`, [{ code: "revokes-access", message: "INSERT" }]),
    ],
    sqlPlan: `-- Role: ${roleName}\n\\connect "app"\nBEGIN;\nREVOKE INSERT ON "t" FROM ${roleName};\nGRANT SELECT ON ALL TABLES IN SCHEMA "public" TO ${roleName};\nCOMMIT;\n`,
    checksum: "c".repeat(64),
    effective: ["via PUBLIC: CONNECT on app"],
    hazards: [
      { code: "widens-access", message: "SELECT" },
      { code: "revokes-access", message: "INSERT" },
    ],
    warnings: [],
    blockers: [],
    origin: { file: "roles.csv", line: 2, column: 1 },
    ...parts,
  };
}

export function inSync(label: string): RolePlan {
  return rolePlan({ label, status: "in-sync", message: "in sync", statements: [], sqlPlan: "", hazards: [] });
}
