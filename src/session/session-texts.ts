// Every text in a session that people or servers wrote, in one place, so that nothing is written without being masked.
import type { CurrentState, PlanConfig } from "../model/plan.ts";
import type { Session } from "../model/session.ts";

type MapText = (text: string) => string;

/**
 * The session with each such text mapped, names in records among them.
 * Words from closed lists, ids, hashes and clock values stay: masking a word in them would break the file and hide nothing.
 */
export function mapSessionTexts(session: Session, map: MapText): Session {
  return {
    ...session,
    config: mapConfig(session.config, map),
    current_state: mapState(session.current_state, map),
    sql_plan: map(session.sql_plan),
    command_output: map(session.command_output),
    message: map(session.message),
    resource_name: map(session.resource_name),
    label: map(session.label),
    actor: map(session.actor),
    ...(session.approved_by === undefined ? {} : { approved_by: session.approved_by.map(map) }),
    commit: map(session.commit),
    run_url: map(session.run_url),
    tool_version: map(session.tool_version),
    target: {
      resource: map(session.target.resource),
      host: map(session.target.host),
      port: session.target.port,
      system_identifier: map(session.target.system_identifier),
    },
    ...(session.statements === undefined ? {} : { statements: mapStatements(session.statements, map) }),
    ...(session.databases === undefined ? {} : { databases: mapRecord(session.databases, map, (outcome) => outcome) }),
    effective: session.effective.map(map),
    hazards: session.hazards.map(({ code, message }) => ({ code, message: map(message) })),
    observed: session.observed.map(map),
  };
}

function mapStatements(statements: NonNullable<Session["statements"]>, map: MapText): NonNullable<Session["statements"]> {
  return statements.map((record) => ({
    ...record,
    sql: map(record.sql),
    database: record.database === null ? null : map(record.database),
  }));
}

function mapConfig(config: PlanConfig, map: MapText): PlanConfig {
  return {
    ...config,
    role_name: map(config.role_name),
    source_role: map(config.source_role),
    scopes: config.scopes.map(map),
    privileges: config.privileges.map(map),
    ...(config.expires_at === undefined ? {} : { expires_at: map(config.expires_at) }),
    ...(config.acknowledge_hazards === undefined ? {} : { acknowledge_hazards: config.acknowledge_hazards.map(map) }),
  };
}

function mapState(state: CurrentState, map: MapText): CurrentState {
  const lists = (record: Readonly<Record<string, readonly string[]>>) => mapRecord(record, map, (list) => list.map(map));
  return {
    ...state,
    role: map(state.role),
    attributes: mapRecord(state.attributes, map, (value) => (typeof value === "string" ? map(value) : value)),
    memberships: state.memberships.map(map),
    scope_states: mapRecord(state.scope_states, map, (scope) => ({
      ...scope,
      bulk_privileges: scope.bulk_privileges.map(map),
      exceptions: { missing: lists(scope.exceptions.missing), extra: lists(scope.exceptions.extra) },
    })),
  };
}

/** `Object.fromEntries` and not assignment: a table may be called `__proto__`. */
function mapRecord<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  name: MapText,
  map: (value: Value) => Mapped,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), map(value)]));
}
