// The order in which a session is written: the hub's keys first and in its order, then ours, the chain last.
import type { ScopeState, PlanConfig, CurrentState } from "../model/plan.ts";
import type { Session } from "../model/session.ts";

/** Keys whose text is a script: block literals in YAML. */
export const literalSessionKeys = ["sql_plan", "command_output"] as const;

/** The same session with every key in its written place; unset optional keys are left out. Lists and names keep their order. */
export function inWrittenOrder(session: Session): Session {
  return {
    sid: session.sid,
    config: orderConfig(session.config),
    current_state: orderState(session.current_state),
    sql_plan: session.sql_plan,
    sql_plan_checksum: session.sql_plan_checksum,
    command_output: session.command_output,
    kind: session.kind,
    status: session.status,
    message: session.message,
    resource_name: session.resource_name,
    label: session.label,
    started_at: session.started_at,
    ended_at: session.ended_at,
    actor: session.actor,
    ...(session.approved_by === undefined ? {} : { approved_by: session.approved_by }),
    commit: session.commit,
    pull_request: session.pull_request,
    run_url: session.run_url,
    tool_version: session.tool_version,
    ...(session.checksum_version === undefined ? {} : { checksum_version: session.checksum_version }),
    source: session.source,
    target: orderTarget(session.target),
    ...(session.plan_sid === undefined ? {} : { plan_sid: session.plan_sid }),
    ...(session.statements === undefined
      ? {}
      : { statements: session.statements.map(({ sql, database, outcome, duration_ms }) => ({ sql, database, outcome, duration_ms })) }),
    ...(session.databases === undefined ? {} : { databases: session.databases }),
    effective: session.effective,
    hazards: session.hazards.map(({ code, message }) => ({ code, message })),
    observed: session.observed,
    previous: session.previous,
  };
}

function orderTarget({ resource, host, port, system_identifier }: Session["target"]): Session["target"] {
  return { resource, host, port, system_identifier };
}

function orderConfig(config: PlanConfig): PlanConfig {
  const { type, role_name, source_role, scopes, privileges, rotate_password } = config;
  const { connection_limit, expires_at, future_objects, acknowledge_hazards } = config;
  return {
    type,
    role_name,
    source_role,
    scopes,
    privileges,
    rotate_password,
    ...(connection_limit === undefined ? {} : { connection_limit }),
    ...(expires_at === undefined ? {} : { expires_at }),
    ...(future_objects === undefined ? {} : { future_objects }),
    ...(acknowledge_hazards === undefined ? {} : { acknowledge_hazards }),
  };
}

function orderState({ role, requires_migration, exists, attributes, memberships, scope_states }: CurrentState): CurrentState {
  const states = Object.entries(scope_states).map(([scope, state]) => [scope, orderScope(state)] as const);
  return { role, requires_migration, exists, attributes, memberships, scope_states: Object.fromEntries(states) };
}

function orderScope({ bulk_privileges, table_count, status, exceptions }: ScopeState): ScopeState {
  return { bulk_privileges, table_count, status, exceptions: { missing: exceptions.missing, extra: exceptions.extra } };
}
