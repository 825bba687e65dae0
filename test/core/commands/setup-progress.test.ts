import { describe, expect, test } from "vitest";
import { isDecisive, setupProgress } from "../../../src/commands/setup-progress.ts";
import { defaultSettings } from "../../../src/model/settings.ts";
import type { Desired } from "../../../src/model/desired.ts";
import { textOf } from "../../../src/model/display.ts";
import type { Resource } from "../../../src/model/resource.ts";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import type { Session } from "../../../src/model/session.ts";
import { configOf } from "../../../src/plan/config.ts";
import { renderStatus } from "../../../src/review/status-text.ts";

const origin = { file: "inventory.csv", line: 2, column: 1 };
const resource: Resource = {
  name: "analytics",
  type: "PostgreSQL",
  host: "db",
  port: 5432,
  maintenanceDatabase: "postgres",
  tags: [],
  origin,
};
const spec: RoleSpec = {
  resource: "analytics",
  label: "ro",
  roleName: "hoopdev_analytics_ro_6075a443",
  type: "managed",
  scopes: [{ database: "app", schema: null }],
  privileges: ["SELECT"],
  sourceRole: null,
  rotatePassword: false,
  connectionLimit: null,
  expiresAt: null,
  futureObjects: false,
  acknowledgeHazards: [],
  origin,
};
const desired: Desired = { settings: defaultSettings, resources: [resource], roles: [spec], groups: [] };

function session(parts: Partial<Session>): Session {
  return {
    sid: "986e35ce-f3fc-4f79-b136-512eada7b850",
    config: configOf(spec, false),
    current_state: { role: spec.roleName, requires_migration: false, exists: true, attributes: {}, memberships: [], scope_states: {} },
    sql_plan: "",
    sql_plan_checksum: "",
    command_output: "",
    kind: "apply",
    status: "success",
    message: "",
    resource_name: "analytics",
    label: "ro",
    started_at: "2026-11-21T10:00:00Z",
    ended_at: "2026-11-21T10:00:01Z",
    actor: "",
    commit: "",
    pull_request: null,
    run_url: "",
    tool_version: "",
    source: "repository",
    target: { resource: "analytics", host: "db", port: 5432, system_identifier: "1" },
    effective: [],
    hazards: [],
    observed: [],
    previous: "",
    ...parts,
  };
}

function pendingWith(parts: Partial<Session> | null): readonly [number, string] {
  const [progress] = setupProgress(desired, new Map(parts === null ? [] : [["analytics/ro", session(parts)]]));
  return [progress?.steps ?? 0, progress?.roles[0]?.pending ?? ""];
}

describe("the setup of a resource", () => {
  test("is not undone by a new password that was asked for once", () => {
    expect(pendingWith({ config: configOf({ ...spec, rotatePassword: true }, false) })).toEqual([3, ""]);
    const [progress] = setupProgress({ ...desired, roles: [{ ...spec, rotatePassword: true }] }, new Map([["analytics/ro", session({})]]));
    expect(progress?.roles[0]?.pending).toBe("the declaration has changed since the last apply");
  });

  test("is at step 1 without a role, 2 until all its roles are applied, 3 then", () => {
    expect(setupProgress({ ...desired, roles: [] }, new Map())[0]?.steps).toBe(1);
    expect(pendingWith(null)).toEqual([2, "never planned or applied"]);
    expect(pendingWith({})).toEqual([3, ""]);
    const second = { ...spec, label: "rw" };
    expect(setupProgress({ ...desired, roles: [spec, second] }, new Map([["analytics/ro", session({})]]))[0]?.steps).toBe(2);
  });

  test.each([
    [{ status: "skipped" }, 3, ""],
    [{ kind: "plan", status: "in-sync" }, 3, ""],
    [{ kind: "plan", status: "out-of-sync" }, 2, "planned, not applied"],
    [{ status: "failed" }, 2, "the last apply failed"],
    [{ status: "refused" }, 2, "the last apply was refused as stale"],
    [{ config: { ...configOf(spec, false), privileges: [] } }, 2, "the declaration has changed since the last apply"],
    [{ target: { resource: "analytics", host: "other", port: 5432, system_identifier: "1" } }, 2, "applied to another host or port"],
  ] as const)("after %j is at step %i", (parts, steps, pending) => {
    expect(pendingWith(parts)).toEqual([steps, pending]);
  });

  test("is not moved by the plan of another declaration, such as that of an open pull request", () => {
    const other = { ...configOf(spec, false), privileges: ["INSERT"] };
    expect(isDecisive(session({ kind: "plan", config: other }), spec)).toBe(false);
    expect(isDecisive(session({ kind: "apply", config: other }), spec)).toBe(true);
    expect(isDecisive(session({ kind: "plan" }), spec)).toBe(true);
  });
});

test("the table shows n/3, what is pending, and the counts", () => {
  const resources = setupProgress(
    { ...desired, resources: [resource, { ...resource, name: "empty" }], roles: [spec, { ...spec, label: "rw" }] },
    new Map([["analytics/ro", session({})]]),
  );
  expect(renderStatus(resources, null).map(textOf)).toEqual([
    "resource   setup  done                roles  pending",
    "analytics  2/3    Inventory → Manage    1/2  Provision: rw: never planned or applied",
    "empty      1/3    Inventory             0/0  Manage: declare a role for it",
    "",
    "2 resources: 0 set up, 1 to manage, 1 to provision (1 role pending)",
  ]);
});
