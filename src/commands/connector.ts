// Connections to the resources of a run, within its bounds. One connector for a whole run.
import { createConnectionBudget, type LeaseKind } from "../io/connection-budget.ts";
import { connect, type Connection } from "../io/postgres.ts";
import type { Resource, SslMode } from "../model/resource.ts";
import type { Authorities } from "./authorities.ts";
import type { CommandContext } from "./context.ts";
import { createResourceLogins } from "./resource-logins.ts";
import type { Workspace } from "./workspace.ts";

export type Connector = {
  /** Waits for a place within the bounds. @throws ConnectionError, or an Error that says what is wrong with the login. */
  readonly open: (resource: Resource, database: string) => Promise<Connection>;
  /** For a connection that is kept while others are opened: the lock's. */
  readonly openHeld: (resource: Resource, database: string) => Promise<Connection>;
  /** Logs in as one of the roles that were made, to try its credential. */
  readonly openAs: (resource: Resource, login: Login) => Promise<Connection>;
  /** Why there is no login for the resource, `null` where there is one. Connects to nothing. */
  readonly loginProblem: (resource: Resource) => Promise<string | null>;
  /** Whether `open` logs in as the admin, or would: always for applies, and for plans where there is no planner. */
  readonly isAdmin: (resource: Resource) => Promise<boolean>;
  /** The TLS mode that connections to the resource have. */
  readonly sslModeOf: (resource: Resource) => Promise<SslMode>;
};

type Verb = "plan" | "apply";

type Purpose = { readonly kind: LeaseKind; readonly readOnly: boolean };

type Login = { readonly user: string; readonly password: string; readonly database: string };

/**
 * @param purpose plans use the planner's login where there is one and only read; applies use the admin's.
 * @param authorities whom connections trust; those of the workspace's own files, unless said.
 */
export function createConnector(context: CommandContext, workspace: Workspace, purpose: Verb, authorities?: Authorities): Connector {
  const { concurrency, timeouts } = workspace.desired.settings;
  const budget = createConnectionBudget({ ...concurrency, ...(context.concurrency === undefined ? {} : { total: context.concurrency }) });
  const logins = createResourceLogins(context, workspace, purpose, authorities);

  async function open(resource: Resource, login: Login, { kind, readOnly }: Purpose): Promise<Connection> {
    const tls = await logins.tlsOf(resource);
    const lease = await budget.acquire(resource.name, kind, context.signal);
    try {
      const connection = await connect({
        ...login,
        ...timeouts,
        resource: resource.name,
        host: resource.host,
        port: resource.port,
        tls,
        readOnly,
        applicationName: `rolewright ${purpose}`,
        signal: context.signal,
      });
      return releasing(connection, lease.release);
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  const readOnly = purpose === "plan";
  const openAsLogin = async (resource: Resource, database: string, kind: LeaseKind): Promise<Connection> => {
    const { user, password } = await logins.loginOf(resource);
    return open(resource, { user, password, database }, { kind, readOnly });
  };
  return {
    open: (resource, database) => openAsLogin(resource, database, "work"),
    openHeld: (resource, database) => openAsLogin(resource, database, "held"),
    openAs: (resource, login) => open(resource, login, { kind: "work", readOnly: true }),
    loginProblem: logins.problemOf,
    isAdmin: logins.isAdmin,
    sslModeOf: logins.sslModeOf,
  };
}

/** Gives the place back when the connection closes. */
function releasing(connection: Connection, release: () => void): Connection {
  const close = async (): Promise<void> => {
    await connection.close();
    release();
  };
  return {
    query: (sql, parameters) => connection.query(sql, parameters),
    takeNotices: () => connection.takeNotices(),
    isPooled: connection.isPooled,
    localSettings: connection.localSettings,
    cancel: () => connection.cancel(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
