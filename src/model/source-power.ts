// What a source role gives its members beyond what it looks like. Each has a code: the one of the hazard, and the one by which a role
// spec acknowledges it.

/** Refused unless acknowledged, each by itself. */
export const sourcePowers = [
  "superuser",
  "createrole",
  "replication",
  "bypassrls",
  "pg_execute_server_program",
  "pg_server_files",
] as const;

export type SourcePower = (typeof sourcePowers)[number];

/** What `acknowledge_hazards` may say. Reading password verifiers is told of, but not refused. */
export const acknowledgeableHazards = [...sourcePowers, "reads-password-verifiers"] as const;
