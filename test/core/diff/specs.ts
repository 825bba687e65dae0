// Role specs by their labels, which are their role names as well.
import type { RoleSpec } from "../../../src/model/role-spec.ts";

export function managedSpec(label: string, wish: Partial<RoleSpec> = {}): RoleSpec {
  return {
    resource: "main",
    label,
    roleName: label,
    type: "managed",
    scopes: [{ database: "app", schema: null }],
    privileges: ["SELECT"],
    sourceRole: null,
    rotatePassword: false,
    connectionLimit: null,
    expiresAt: null,
    futureObjects: false,
    acknowledgeHazards: [],
    origin: { file: "roles.yaml", line: 1, column: 1 },
    ...wish,
  };
}

export function externalSpec(label: string, sourceRole: string): RoleSpec {
  return managedSpec(label, { type: "external", scopes: [], privileges: [], sourceRole });
}
