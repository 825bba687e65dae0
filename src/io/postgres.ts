// Connections to PostgreSQL. The only place, with the client beside it, that knows node-postgres.
import { DatabaseError, type QueryResult } from "pg";
import { messageOf } from "../model/error-message.ts";
import type { Queryable } from "../model/queryable.ts";
import { QueryError } from "../model/query-error.ts";
import { sendCancelRequest } from "./cancel-request.ts";
import { ConnectionError, type ConnectionTarget, explainConnectionError } from "./connection-error.ts";
import { ScramOnlyClient } from "./scram-only-client.ts";
import { asLocalSettings, asStartupOptions, type Setting, sinceMajor, startupSettings } from "./startup-settings.ts";
import { type TlsChoice, tlsOptions } from "./tls.ts";

export type ConnectOptions = ConnectionTarget & {
  /** Never empty: a missing secret is an error, not a wish for no password. */
  readonly password: string;
  readonly tls: TlsChoice;
  /** For the whole way to the first query, and for a cancel request. */
  readonly connectSeconds: number;
  readonly lockSeconds: number;
  readonly statementSeconds: number;
  /** Makes read-only transactions the default of the session. */
  readonly readOnly?: boolean;
  readonly applicationName: string;
  /** Ends the attempt to connect; later, cancels the running statement and leaves the connection usable for a ROLLBACK. */
  readonly signal?: AbortSignal;
};

export type Notice = { readonly code: string; readonly severity: string; readonly message: string };

export interface Connection extends Queryable {
  /** As the port, with the command tag of the last statement: `COMMIT`, `ROLLBACK`, `GRANT`. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[]; readonly command: string }>;
  /** The notices and warnings of the last query, and those since; each is given once. */
  takeNotices(): readonly Notice[];
  /**
   * True where a pooler stands in between: what a session sets, or holds, may be lost with the next transaction and stay for somebody
   * else, so that nothing may be set outside of a transaction.
   */
  readonly isPooled: boolean;
  /** To be run at the start of each transaction; empty where the session has the pinned settings itself. */
  readonly localSettings: readonly string[];
  /** Asks the server to cancel the running statement, which then ends with 57014. Does nothing where none runs. */
  cancel(): Promise<void>;
  /** Says goodbye, or drops the connection where a statement still runs. Never throws, may be called twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const openConnections = new Set<Connection>();

/** Cancels what runs and closes every open connection, for the end of the process (F72). */
export async function closeAllConnections(): Promise<void> {
  const connections = [...openConnections];
  await Promise.allSettled(connections.map((connection) => connection.cancel()));
  await Promise.allSettled(connections.map((connection) => connection.close()));
}

/**
 * Connects with pinned session settings, by SCRAM only.
 * @throws ConnectionError, whatever went wrong.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  checkFields(options);
  const settings = startupSettings({ ...options, readOnly: options.readOnly ?? false });
  try {
    return await connectOnce(options, settings, asStartupOptions(settings));
  } catch (error) {
    // PgBouncer refuses `options` (up to 1.19), or the settings in it that it does not track.
    if (!(error instanceof ConnectionError) || error.code !== "08P01" || !/startup parameter/u.test(error.reason)) throw error;
  }
  return connectOnce(options, settings, null);
}

async function connectOnce(options: ConnectOptions, settings: readonly Setting[], startupOptions: string | null): Promise<Connection> {
  const { user, database, applicationName } = options;
  const tls = tlsOptions(options.tls);
  const client = new ScramOnlyClient(
    {
      host: options.host,
      port: options.port,
      user,
      database,
      password: options.password,
      ssl: tls,
      sslnegotiation: "postgres",
      enableChannelBinding: tls !== false,
      connectionTimeoutMillis: options.connectSeconds * 1000,
      keepAlive: true,
    },
    { user, database, applicationName, options: startupOptions },
  );
  const abort = () => client.connection.stream.destroy(Object.assign(new Error("aborted"), { code: "ABORT_ERR" }));
  client.on("error", () => {}); // The query that runs, or the next one, says it.
  try {
    options.signal?.throwIfAborted();
    options.signal?.addEventListener("abort", abort);
    await client.connect();
    const isPooled = startupOptions === null || !(await isItsBackend(client, options.connectSeconds));
    return new ClientConnection(client, options, isPooled ? asLocalSettings([...settings, ...sinceMajor(client.serverMajor())]) : null);
  } catch (error) {
    client.connection.stream.destroy();
    const known = options.signal?.aborted === true ? Object.assign(new Error("aborted"), { code: "ABORT_ERR" }) : error;
    throw explainConnectionError({ target: options, error: known, password: options.password, connectSeconds: options.connectSeconds });
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

/**
 * False where the session is not that of the backend which answers: a pooler makes up what it calls the backend, and may have taken the
 * startup options without passing them on. Sets, in the same round trip, what older servers would refuse among the startup options;
 * behind a pooler only for this statement, since it would stay for whoever is given that backend next.
 */
async function isItsBackend(client: ScramOnlyClient, seconds: number): Promise<boolean> {
  const { processId } = client.backendKey();
  const settings = sinceMajor(client.serverMajor()).map(
    ([name, value]) => `, pg_catalog.set_config('${name}', '${value}', pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.<>) ${processId})`,
  );
  // A pooler that cannot reach its server keeps those who ask waiting.
  const patience = setTimeout(() => client.connection.stream.destroy(new Error("timeout expired")), seconds * 1000);
  try {
    const { rows } = await client.query<{ pid: number }>(`SELECT pg_catalog.pg_backend_pid() AS pid${settings.join("")}`);
    return rows[0]?.pid === processId;
  } finally {
    clearTimeout(patience);
  }
}

class ClientConnection implements Connection {
  readonly isPooled: boolean;
  readonly localSettings: readonly string[];
  readonly #client: ScramOnlyClient;
  readonly #options: ConnectOptions;
  #notices: Notice[] = [];
  #running = 0;
  #closed: Promise<void> | undefined;
  readonly #onAbort = () => void this.cancel().catch(() => {}); // Where it fails, statement_timeout ends the statement.

  /** @param localSettings `null` where the session has them. */
  constructor(client: ScramOnlyClient, options: ConnectOptions, localSettings: readonly string[] | null) {
    this.#client = client;
    this.#options = options;
    this.isPooled = localSettings !== null;
    this.localSettings = localSettings ?? [];
    client.on("notice", (notice) => {
      this.#notices.push({ code: notice.code ?? "", severity: notice.severity ?? "", message: notice.message ?? "" });
    });
    client.once("end", () => this.#forget());
    options.signal?.addEventListener("abort", this.#onAbort);
    openConnections.add(this);
  }

  async query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[]; readonly command: string }> {
    // Nobody has asked for those of the query before, and a server may send as many as it likes.
    if (this.#running === 0) this.#notices = [];
    this.#running += 1;
    try {
      // Without parameters the simple protocol is used, where several statements give several results.
      const result: QueryResult | QueryResult[] = await this.#client.query(
        sql,
        parameters === undefined || parameters.length === 0 ? undefined : [...parameters],
      );
      const last = Array.isArray(result) ? result.at(-1) : result;
      return { rows: last?.rows ?? [], command: last?.command ?? "" };
    } catch (error) {
      throw queryError(error);
    } finally {
      this.#running -= 1;
    }
  }

  takeNotices(): readonly Notice[] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  async cancel(): Promise<void> {
    if (this.#running === 0) return;
    const { host, port, tls, connectSeconds } = this.#options;
    const address = this.#client.remoteAddress() ?? host;
    await sendCancelRequest({ address, host, port, tls: tlsOptions(tls), ...this.#client.backendKey(), seconds: connectSeconds });
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#forget();
    // A server that does not answer the goodbye must not keep us.
    const patience = setTimeout(() => this.#client.connection.stream.destroy(), 2000);
    await this.#client.end().catch(() => {});
    clearTimeout(patience);
  }

  #forget(): void {
    openConnections.delete(this);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }
}

/** SQLSTATEs with which the server ends the session, too. */
const fatalCodes = new Set(["25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05"]);

function queryError(error: unknown): QueryError {
  if (error instanceof DatabaseError && error.code !== undefined) {
    const { code } = error;
    const [message = "", detail, hint, where] = [error.message, error.detail, error.hint, error.where].map(bounded);
    return new QueryError({ message, code, detail, hint, where, isConnectionLost: fatalCodes.has(code) || code.startsWith("08") });
  }
  return new QueryError({ message: `the connection was lost: ${messageOf(error)}`, code: "08006", isConnectionLost: true, cause: error });
}

/** Characters of one text of an error: a function in a database may raise one of any length. */
const maximumErrorText = 4_000;

function bounded(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= maximumErrorText) return text;
  return `${text.slice(0, maximumErrorText).toWellFormed()}… (${text.length - maximumErrorText} more characters)`;
}

function checkFields(options: ConnectOptions): void {
  const { host, port, user, database, applicationName, password } = options;
  const fail = (reason: string, hint: string) => {
    throw new ConnectionError(options, { reason, hint, code: "" });
  };
  if (password === "") fail("the password is empty", "give this login a password: a missing secret never means that none is needed");
  // The startup message ends each value with a zero byte, so that one inside would start another parameter.
  for (const [name, value] of Object.entries({ host, user, database, applicationName, password })) {
    if (value === "" || value.includes("\0")) fail(`the ${name} is empty or holds a zero byte`, "correct it");
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`${port} is not a port`, "correct it in the inventory");
}
