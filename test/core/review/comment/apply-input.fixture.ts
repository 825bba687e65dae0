// Applies that went well, in part, or not at all.
import type { Session } from "../../../../src/model/session.ts";
import type { ApplyCommentInput } from "../../../../src/review/apply-comment.ts";
import type { Refusal } from "../../../../src/review/apply-refusal.ts";
import { head } from "./comment-input.fixture.ts";

export function applySession(parts: Partial<Session> = {}): Session {
  const { resource_name = "orders", label = "api" } = parts;
  const role = `hoopdev_${resource_name}_${label}_2c764c3a`;
  return {
    sid: "986e35ce-f3fc-4f79-b136-512eada7b850",
    config: { type: "managed", role_name: role, source_role: "", scopes: ["orders"], privileges: ["SELECT"], rotate_password: false },
    current_state: { role, requires_migration: false, exists: true, attributes: {}, memberships: [], scope_states: {} },
    sql_plan: `GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "${role}";\n`,
    sql_plan_checksum: "c".repeat(64),
    command_output: "",
    kind: "apply",
    status: "success",
    message: "2 statements applied",
    resource_name,
    label,
    started_at: "2026-11-21T23:10:00Z",
    ended_at: "2026-11-21T23:10:01Z",
    actor: "ada",
    commit: head,
    pull_request: 42,
    run_url: "https://github.com/acme/access/actions/runs/9",
    tool_version: "0.1.0",
    source: "repository",
    target: { resource: resource_name, host: "192.168.18.54", port: 5432, system_identifier: "7423" },
    statements: [
      { sql: `CREATE ROLE "${role}"`, database: null, outcome: "applied", duration_ms: 12 },
      { sql: `GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "${role}"`, database: "orders", outcome: "applied", duration_ms: 31.4 },
    ],
    databases: { "": "applied", orders: "applied" },
    effective: [],
    hazards: [],
    observed: [],
    previous: "",
    ...parts,
  };
}

export function applyInput(parts: Partial<ApplyCommentInput> = {}): ApplyCommentInput {
  return {
    environment: "prod",
    pullRequest: 42,
    commit: "77f0aa1c10b5e8f3392b1d47c6a89e0f5d2b7c16",
    places: { files: `https://github.com/acme/access/blob/${head}`, commits: "https://github.com/acme/access/commit" },
    sessions: [applySession(), applySession({ resource_name: "billing", label: "bi", status: "skipped", statements: [], databases: {} })],
    refusal: null,
    unseen: [],
    isRepeatable: true,
    hasBlockers: false,
    approvers: [],
    sessionLog: { label: "branch pg-audit", url: "https://github.com/acme/access/tree/pg-audit" },
    whole: [{ label: "job summary", url: "https://github.com/acme/access/actions/runs/9" }],
    runUrl: "https://github.com/acme/access/actions/runs/9",
    ...parts,
  };
}

export const partly = applyInput({
  sessions: [
    applySession(),
    applySession({
      label: "etl",
      status: "failed",
      message: "statement 2 of 3 failed in database legacy: permission denied for schema public",
      command_output: 'NOTICE: 01007 no privileges were granted for "orders"\nERROR: 42501 permission denied for schema public',
      statements: [
        { sql: "REVOKE INSERT", database: "orders", outcome: "applied", duration_ms: 4 },
        { sql: "GRANT USAGE", database: "legacy", outcome: "rolled-back", duration_ms: 2 },
        { sql: "GRANT SELECT", database: "legacy", outcome: "not-run", duration_ms: null },
      ],
      databases: { "": "applied", orders: "applied", legacy: "rolled-back" },
    }),
    applySession({ resource_name: "billing", label: "bi" }),
  ],
});

/** What is recorded of a process that was killed. */
export const interrupted = applyInput({
  sessions: [
    applySession({
      status: "failed",
      message: "interrupted: the process that ran this apply died; plan again, and apply that",
      statements: [],
      databases: { "": "in-doubt", orders: "in-doubt" },
    }),
  ],
});

const config = applySession().config;
const target = applySession().target;

export const refusal: Refusal = {
  reason: "catalog",
  message: "the catalog of orders has changed since the plan",
  approved: { checksum: "4be1".repeat(16), catalog: "91aa".repeat(16), declared: "77c0".repeat(16) },
  now: { checksum: "a90c".repeat(16), catalog: "e2d7".repeat(16), declared: "77c0".repeat(16) },
  differences: [
    {
      resource: "orders",
      role: "etl",
      reviewed: {
        config,
        target,
        observed: ['database "orders": role holds INSERT, UPDATE'],
        sqlPlan: 'REVOKE INSERT, UPDATE ON TABLE "public"."orders" FROM "etl";',
      },
      now: {
        config,
        target,
        observed: ['database "orders": role holds INSERT, UPDATE, DELETE'],
        sqlPlan: 'REVOKE INSERT, UPDATE, DELETE ON TABLE "public"."orders" FROM "etl";',
      },
    },
  ],
};
