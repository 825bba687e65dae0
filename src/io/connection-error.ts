// Why a connection could not be made, in words for people. It never holds the password, not even in its cause.
import { AuthenticationRefusedError } from "./scram-only-client.ts";

export type ConnectionTarget = {
  readonly resource?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
};

export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly resource: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** What failed, one sentence without a full stop. */
  readonly reason: string;
  /** What to do about it, likewise. */
  readonly hint: string;
  /** SQLSTATE, or what Node calls the error, or "". */
  readonly code: string;
  /** The server took the password, and then had another reason. */
  readonly isAuthenticated: boolean;

  constructor(
    target: ConnectionTarget,
    explained: Explanation & { readonly code: string; readonly cause?: unknown; readonly isAuthenticated?: boolean },
  ) {
    const resource = target.resource === undefined ? "" : ` of resource ${JSON.stringify(target.resource)}`;
    const where = `database ${JSON.stringify(target.database)}${resource} at ${target.host}:${target.port} as ${JSON.stringify(target.user)}`;
    super(`cannot connect to ${where}: ${explained.reason}; ${explained.hint}`, { cause: explained.cause });
    this.resource = target.resource;
    this.host = target.host;
    this.port = target.port;
    this.user = target.user;
    this.database = target.database;
    this.reason = explained.reason;
    this.hint = explained.hint;
    this.code = explained.code;
    this.isAuthenticated = explained.isAuthenticated ?? false;
  }
}

type Explanation = { readonly reason: string; readonly hint: string };

/**
 * @param error whatever node-postgres, TLS or the network threw.
 * @param password taken out of every text, should a server have sent it back.
 */
export function explainConnectionError(input: {
  readonly target: ConnectionTarget;
  readonly error: unknown;
  readonly password: string;
  readonly connectSeconds: number;
}): ConnectionError {
  const { target, error } = input;
  const code = codeOf(error);
  const said = clean(error instanceof Error ? error.message : String(error), input.password);
  const explained = (error instanceof AuthenticationRefusedError ? refused(said) : undefined) ??
    bySqlState({ code, said, target }) ??
    byTls(code, said) ??
    byNetwork({ code, said, target, connectSeconds: input.connectSeconds }) ?? {
      reason: said === "" ? "the connection failed" : said,
      hint: "check that a PostgreSQL server listens there",
    };
  const cause = Object.assign(new Error(said), { code });
  return new ConnectionError(target, { ...explained, code, cause, isAuthenticated: isAfterAuthentication(code, error) });
}

/**
 * PostgreSQL looks at the right to connect and at the limits of a role and of a database after the password, and at its own limit before
 * (src/backend/utils/init/postinit.c, src/backend/storage/lmgr/proc.c). Its messages may be translated; its functions' names are not.
 */
function isAfterAuthentication(code: string, error: unknown): boolean {
  if (code === "42501") return true;
  return code === "53300" && typeof error === "object" && error !== null && "routine" in error && error.routine !== "InitProcess";
}

function refused(said: string): Explanation {
  return {
    reason: `${said}; the login was refused and the password was not sent`,
    hint:
      "make sure that this is the right server, set `scram-sha-256` for this login in its pg_hba.conf, and set the password again " +
      "while password_encryption is scram-sha-256",
  };
}

function bySqlState(input: { readonly code: string; readonly said: string; readonly target: ConnectionTarget }): Explanation | undefined {
  const { said, target } = input;
  const database = JSON.stringify(target.database);
  switch (input.code) {
    case "28P01":
      return {
        reason: `the password was not accepted (${said})`,
        hint: "check the credential of this login; a login past its VALID UNTIL is refused in the same words",
      };
    case "28000":
      if (/channel binding/iu.test(said)) return intercepted(said);
      return {
        reason: `the server does not let this login in (${said})`,
        hint: "add a line for it to pg_hba.conf, allow it to LOGIN, or set the sslmode that the server asks for",
      };
    case "3D000":
      return {
        reason: `the database ${database} does not exist`,
        hint: "correct its name in the scopes, or the maintenance_database in the inventory",
      };
    case "42501":
      return { reason: `this login may not connect to it (${said})`, hint: `run GRANT CONNECT ON DATABASE ${database} for it` };
    case "55000":
      return {
        reason: `the database does not accept connections (${said})`,
        hint: "take it out of the scopes, or set ALLOW_CONNECTIONS on it",
      };
    case "53300":
      return {
        reason: `the server has no connection left (${said})`,
        hint: "lower `concurrency` in rolewright.yaml, or raise the limit of the server, the database or the login",
      };
    case "08P01":
      return poolerRefused(said);
    case "57P03":
      return { reason: `the server does not accept connections now (${said})`, hint: "run again when it has started" };
    default:
      return undefined;
  }
}

/** What PgBouncer says of everything; PostgreSQL itself has a code of its own for each of these. */
function poolerRefused(said: string): Explanation {
  if (/authentication failed|no such user/iu.test(said)) {
    return {
      reason: `the password was not accepted (${said})`,
      hint: "check the credential of this login, also in the pooler's own list of users; or give the resource the address of the server itself",
    };
  }
  return {
    reason: `what answers there is a connection pooler, or no PostgreSQL at all (${said})`,
    hint: "give the resource the address of the server itself",
  };
}

function intercepted(said: string): Explanation {
  return {
    reason: `the server sees another TLS connection than we do (${said})`,
    hint: "something between us ends the TLS connection: connect to the server itself, and check that nobody is listening in",
  };
}

const tlsCodes = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO|HOSTNAME_MISMATCH)/u;

function byTls(code: string, said: string): Explanation | undefined {
  if (/does not support SSL/u.test(said)) {
    return {
      reason: "the server does not support TLS",
      hint: "turn `ssl` on in the server, or set sslmode to disable in the inventory where the way to it is safe",
    };
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      reason: `the server's certificate is for another host name (${said})`,
      hint: "use a host name of the certificate in the inventory, or sslmode verify-ca",
    };
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return { reason: `the server's certificate is not valid today (${said})`, hint: "renew it, and check the clock of this machine" };
  }
  if (!tlsCodes.test(code)) return undefined;
  return {
    reason: `the server's certificate or its TLS was not accepted (${said})`,
    hint: "set sslrootcert in the inventory to the certificate authority that signed it",
  };
}

function byNetwork(input: {
  readonly code: string;
  readonly said: string;
  readonly target: ConnectionTarget;
  readonly connectSeconds: number;
}): Explanation | undefined {
  const network = "check the host and port in the inventory, and that this machine reaches them (firewall, private network, VPN)";
  if (input.said === "timeout expired" || input.code === "ETIMEDOUT") {
    return { reason: `no answer within ${input.connectSeconds} s`, hint: network };
  }
  switch (input.code) {
    case "ECONNREFUSED":
      return {
        reason: "the connection was refused: nothing listens there",
        hint: "check that the server runs, and the host and port in the inventory",
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return { reason: "the host name is not known", hint: "check the host in the inventory, and the name resolution of this machine" };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return { reason: "the host cannot be reached", hint: network };
    case "ABORT_ERR":
      return { reason: "the run was cancelled", hint: "run again" };
    case "ECONNRESET":
      return { reason: "the server closed the connection", hint: "look into the server's log" };
    default:
      return /terminated unexpectedly/u.test(input.said)
        ? { reason: "the server closed the connection", hint: "look into the server's log" }
        : undefined;
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** One line of bounded length, without control characters: the text may come from a hostile server. */
function clean(text: string, password: string): string {
  const withoutPassword = password === "" ? text : text.replaceAll(password, "[password]");
  return withoutPassword.replace(/\p{Cc}+/gu, " ").slice(0, 300);
}
