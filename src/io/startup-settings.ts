// The settings of every session of ours. ALTER DATABASE and ALTER ROLE let others set any of them for us, so each that could change
// what a statement means, or what a value looks like as text, is set at the start of the session, which overrides both.

export type SessionLimits = {
  readonly lockSeconds: number;
  readonly statementSeconds: number;
  readonly readOnly: boolean;
};

export type Setting = readonly [name: string, value: string];

/** A transaction of ours waits for nothing but our own process between two statements. */
const minimumIdleInTransactionSeconds = 60;

/** In the order to set them. Only what any role may set, on every version from 14 on. */
export function startupSettings(limits: SessionLimits): readonly Setting[] {
  const idleSeconds = Math.max(minimumIdleInTransactionSeconds, limits.statementSeconds);
  return [
    ["statement_timeout", milliseconds(limits.statementSeconds)],
    ["lock_timeout", milliseconds(limits.lockSeconds)],
    ["idle_in_transaction_session_timeout", milliseconds(idleSeconds)],
    // The connection that holds the lock is idle for long.
    ["idle_session_timeout", "0"],
    // A statement must not outlive us by more than this: it may hold, or wait for, the lock.
    ["client_connection_check_interval", "2000"],
    ["role", "none"],
    ["search_path", "pg_catalog"],
    ["standard_conforming_strings", "on"],
    ["default_transaction_read_only", limits.readOnly ? "on" : "off"],
    ["default_transaction_isolation", "read committed"],
    ["default_transaction_deferrable", "off"],
    ["client_min_messages", "notice"],
    ["jit", "off"],
    ["transform_null_equals", "off"],
    ["array_nulls", "on"],
    ["quote_all_identifiers", "off"],
    ["DateStyle", "ISO,YMD"],
    ["IntervalStyle", "postgres"],
    ["TimeZone", "UTC"],
    ["extra_float_digits", "1"],
    ["bytea_output", "hex"],
  ];
}

/** For the `options` parameter of the startup message. */
export function asStartupOptions(settings: readonly Setting[]): string {
  return settings.map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/gu, "\\$&")}`).join(" ");
}

/** Those that a server knows from some version on, and that older ones would refuse. */
export function sinceMajor(major: number): readonly Setting[] {
  return major >= 17 ? [["transaction_timeout", "0"]] : [];
}

/**
 * For a pooler, where a session's settings would be lost, and would stay with whoever is given its backend next: two texts for the
 * start of each transaction, one after the other, since a hostile statement_timeout counts for a whole text.
 */
export function asLocalSettings(settings: readonly Setting[]): readonly string[] {
  const statements = settings.map(([name, value]) => `SET LOCAL ${name} = '${value}'`);
  return [statements.slice(0, 1).join("; "), statements.slice(1).join("; ")];
}

function milliseconds(seconds: number): string {
  return String(Math.round(seconds * 1000));
}
