// Connections to the resources of a run: with which login, over which TLS, within which bounds. One for a whole run.
import { resolve } from "node:path";
import { resolveLogin, type LoginSources, type ResolvedLogin } from "../credentials/reference.ts";
import { createConnectionBudget, type LeaseKind } from "../io/connection-budget.ts";
import { connect, type Connection } from "../io/postgres.ts";
import { isInWorkTree, readSecretFile } from "../io/secret-files.ts";
import { defaultSslMode, type TlsChoice } from "../io/tls.ts";
import type { Resource, SslMode } from "../model/resource.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import type { CommandContext } from "./context.ts";
import type { Workspace } from "./workspace.ts";

export type Connector = {
  /** Waits for a place within the bounds. @throws ConnectionError, or an Error that says what is wrong with the login. */
  readonly open: (resource: Resource, database: string) => Promise<Connection>;
  /** For a connection that is kept while others are opened: the lock's. */
  readonly openHeld: (resource: Resource, database: string) => Promise<Connection>;
  /** Logs in as one of the roles that were made, to try its credential. */
  readonly openAs: (resource: Resource, login: { readonly user: string; readonly password: string; readonly database: string }) => Promise<Connection>;
  /** The TLS mode that connections to the resource have. */
  readonly sslModeOf: (resource: Resource) => Promise<SslMode>;
};

/** @param purpose plans use the planner's login where there is one and only read; applies use the admin's. */
export function createConnector(context: CommandContext, workspace: Workspace, purpose: "plan" | "apply"): Connector {
  const { settings } = workspace.desired;
  const { timeouts } = settings;
  const budget = createConnectionBudget({ ...settings.concurrency, ...(context.concurrency === undefined ? {} : { total: context.concurrency }) });
  const logins = new Map<string, Promise<ResolvedLogin>>();

  function loginOf(resource: Resource): Promise<ResolvedLogin> {
    const known = logins.get(resource.name) ?? findLogin(context, workspace, { resource, purpose });
    logins.set(resource.name, known);
    return known;
  }

  async function open(
    resource: Resource,
    login: { readonly user: string; readonly password: string; readonly database: string },
    options: { readonly kind: LeaseKind; readonly readOnly: boolean },
  ): Promise<Connection> {
    const lease = await budget.acquire(resource.name, options.kind, context.signal);
    try {
      const connection = await connect({
        ...login,
        resource: resource.name,
        host: resource.host,
        port: resource.port,
        tls: await tlsOf(resource),
        connectSeconds: timeouts.connectSeconds,
        lockSeconds: timeouts.lockSeconds,
        statementSeconds: timeouts.statementSeconds,
        readOnly: options.readOnly,
        applicationName: `rolewright ${purpose}`,
        signal: context.signal,
      });
      return releasing(connection, lease.release);
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async function sslModeOf(resource: Resource): Promise<SslMode> {
    return resource.sslmode ?? (await loginOf(resource)).sslmode ?? defaultSslMode(resource.host);
  }

  async function tlsOf(resource: Resource): Promise<TlsChoice> {
    const path = resource.sslrootcert ?? settings.sslrootcert;
    if (path === null) return { mode: await sslModeOf(resource) };
    const file = await readSecretFile(resolve(workspace.directory, path));
    if ("problem" in file) throw new Error(`the certificate authorities in ${path} cannot be read (${file.problem}); correct sslrootcert`);
    return { mode: await sslModeOf(resource), ca: file.text };
  }

  const isPlan = purpose === "plan";
  return {
    open: async (resource, database) => open(resource, { ...(await loginOf(resource)), database }, { kind: "work", readOnly: isPlan }),
    openHeld: async (resource, database) => open(resource, { ...(await loginOf(resource)), database }, { kind: "held", readOnly: isPlan }),
    openAs: (resource, login) => open(resource, login, { kind: "work", readOnly: true }),
    sslModeOf,
  };
}

async function findLogin(
  context: CommandContext,
  workspace: Workspace,
  { resource, purpose }: { readonly resource: Resource; readonly purpose: "plan" | "apply" },
): Promise<ResolvedLogin> {
  const sources: LoginSources = {
    env: context.env,
    readFile: readSecretFile,
    isInRepository: (path) => isInWorkTree(path, workspace.directory),
    repositoryDirectory: workspace.directory,
  };
  const { login, diagnostics } = await resolveLogin({
    resource,
    role: purpose === "plan" ? "planner" : "admin",
    resources: workspace.desired.resources,
    fallBackToAdmin: true,
    sources,
  });
  if (login === null) throw new Error(diagnostics.map(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`)).join("; "));
  context.addSecret(login.password);
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  return login;
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
    backendPid: connection.backendPid,
    cancel: () => connection.cancel(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
