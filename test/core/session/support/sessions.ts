// A complete session for tests to change.
import type { Session } from "../../../../src/model/session.ts";

/** A UUID that says its number. */
export function sidOf(number: number): string {
  return `986e35ce-f3fc-4f79-b136-${number.toString(16).padStart(12, "0")}`;
}

export function sessionOf(changes: Partial<Session> = {}): Session {
  return {
    sid: sidOf(1),
    config: {
      type: "managed",
      role_name: "hoopdev_analytics_ro_6075a443",
      source_role: "",
      scopes: ["analytics.public"],
      privileges: ["SELECT"],
      rotate_password: false,
    },
    current_state: {
      role: "hoopdev_analytics_ro_6075a443",
      requires_migration: true,
      exists: false,
      attributes: {},
      memberships: [],
      scope_states: {
        "analytics.public": {
          bulk_privileges: [],
          table_count: 1,
          status: "out-of-sync/unprovisioned",
          exceptions: { missing: {}, extra: {} },
        },
      },
    },
    sql_plan:
      '-- Role: hoopdev_analytics_ro_6075a443\n\\connect "analytics"\nBEGIN;\nGRANT CONNECT ON DATABASE "analytics" TO "x";\nCOMMIT;\n',
    sql_plan_checksum: "ab".repeat(32),
    command_output: "",
    kind: "plan",
    status: "out-of-sync",
    message: "1 statement in 1 database",
    resource_name: "analytics",
    label: "ro",
    started_at: "2026-11-21T10:00:00.000Z",
    ended_at: "2026-11-21T10:00:01.500Z",
    actor: "maria",
    commit: "0123abc",
    pull_request: 12,
    run_url: "",
    tool_version: "0.1.0",
    source: "repository",
    target: { resource: "analytics", host: "192.168.18.54", port: 5432, system_identifier: "7301234567890123456" },
    checksum_version: 1,
    effective: [],
    hazards: [],
    observed: ["database analytics"],
    previous: "",
    ...changes,
  };
}

export function applyOf(changes: Partial<Session> = {}): Session {
  return sessionOf({
    kind: "apply",
    status: "success",
    plan_sid: sidOf(0xabc),
    statements: [{ sql: "CREATE ROLE x", database: null, outcome: "applied", duration_ms: 1.25 }],
    databases: { "": "applied", analytics: "applied" },
    ...changes,
  });
}
