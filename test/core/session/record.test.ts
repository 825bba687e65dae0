import { describe, expect, it } from "vitest";
import type { RolePlan } from "../../../src/model/plan.ts";
import { applySession, planSession, type SessionInput } from "../../../src/session/record.ts";
import { formatSession, parseSession } from "../../../src/session/session-file.ts";
import { sessionOf, sidOf } from "./support/sessions.ts";

const template = sessionOf();

const plan: RolePlan = {
  resource: "analytics",
  label: "ro",
  roleName: template.config.role_name,
  status: "out-of-sync",
  message: "1 statement in 1 database",
  config: template.config,
  target: template.target,
  currentState: template.current_state,
  observed: ["database analytics"],
  statements: [],
  sqlPlan: template.sql_plan,
  checksum: template.sql_plan_checksum,
  effective: ["via PUBLIC: CONNECT on analytics"],
  hazards: [{ code: "widens-access", message: "reads one table" }],
  warnings: ["the ACL of t is near its limit"],
  blockers: [{ message: "only dba can revoke it", sql: ["SET ROLE dba;", "REVOKE x;"], by: "dba" }],
  origin: null,
};

const input: SessionInput = {
  sid: sidOf(1),
  startedAt: new Date("2026-11-21T10:00:00Z"),
  endedAt: new Date("2026-11-21T10:00:01.5Z"),
  run: { actor: "maria", commit: "0123abc", pullRequest: 12, runUrl: "", toolVersion: "0.1.0" },
  plan,
  source: "repository",
};

describe("a session made of a plan", () => {
  it("has what was planned, who planned it, and the warnings and blockers as its output", () => {
    expect(planSession(input)).toEqual({
      ...template,
      effective: plan.effective,
      hazards: plan.hazards,
      command_output:
        "warning: the ACL of t is near its limit\nblocked: only dba can revoke it; to be run by dba:\nSET ROLE dba;\nREVOKE x;\n",
    });
  });

  it("can be written and read back", () => {
    const session = planSession({ ...input, plan: { ...plan, status: "failed", checksum: "", sqlPlan: "" } });
    expect(parseSession(formatSession(session), "f")).toEqual({ value: session });
  });
});

describe("a session made of an apply", () => {
  it("has the outcome of each statement and database, and the reviewed plan", () => {
    const session = applySession({
      ...input,
      outcome: {
        status: "failed",
        message: "1 of 2 databases applied",
        output: "the connection was lost\n",
        planSid: sidOf(7),
        statements: [{ sql: "GRANT x", database: "app", outcome: "in-doubt", duration_ms: 3 }],
        databases: { "": "applied", app: "in-doubt" },
      },
    });
    expect(session).toMatchObject({
      kind: "apply",
      status: "failed",
      message: "1 of 2 databases applied",
      command_output: "the connection was lost\n",
      plan_sid: sidOf(7),
      databases: { "": "applied", app: "in-doubt" },
      sql_plan_checksum: plan.checksum,
    });
    expect(parseSession(formatSession(session), "f")).toEqual({ value: session });
  });
});
