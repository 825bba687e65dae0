// The login and the TLS choice of each resource, looked up once in a run.
import { resolve } from "node:path";
import { resolveLogin, type LoginSources, type ResolvedLogin } from "../credentials/reference.ts";
import { isInWorkTree, readSecretFile } from "../io/secret-files.ts";
import { defaultSslMode, type TlsChoice } from "../io/tls.ts";
import { checksCertificate, type Resource, type SslMode } from "../model/resource.ts";
import { messageOf } from "../model/error-message.ts";
import { formatScope } from "../model/scope.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { createAuthorities, type Authorities } from "./authorities.ts";
import type { CommandContext } from "./context.ts";
import type { Workspace } from "./workspace.ts";

export type ResourceLogins = {
  /** @throws MissingLoginError, or an Error that says what is wrong, without a secret. */
  readonly loginOf: (resource: Resource) => Promise<ResolvedLogin>;
  /** Whether {@link loginOf} is the admin's, also where it would throw because of what that login says. */
  readonly isAdmin: (resource: Resource) => Promise<boolean>;
  /** What {@link loginOf} would throw, as words; `null` for nothing. */
  readonly problemOf: (resource: Resource) => Promise<string | null>;
  readonly sslModeOf: (resource: Resource) => Promise<SslMode>;
  readonly tlsOf: (resource: Resource) => Promise<TlsChoice>;
};

/** Something is wrong with the login that somebody has set up. */
class LoginError extends Error {
  override readonly name = "LoginError";
  /** It is the admin's. */
  readonly isAdmin: boolean;

  constructor(message: string, isAdmin: boolean) {
    super(message);
    this.isAdmin = isAdmin;
  }
}

/** Nobody has set up a login for the resource. */
export class MissingLoginError extends Error {
  override readonly name = "MissingLoginError";
}

/**
 * @param purpose plans use the planner's login where there is one, applies the admin's.
 * @param authorities whom connections trust; those of the workspace's own files, unless said.
 */
export function createResourceLogins(
  context: CommandContext,
  workspace: Workspace,
  purpose: "plan" | "apply",
  authorities: Authorities = createAuthorities(workspace.desired.settings, (path) => resolve(workspace.directory, path)),
): ResourceLogins {
  const logins = new Map<string, Promise<ResolvedLogin>>();
  const loginOf = (resource: Resource): Promise<ResolvedLogin> => {
    const login = logins.get(resource.name) ?? findLogin(context, workspace, { resource, purpose });
    logins.set(resource.name, login);
    return login;
  };
  const sslModeOf = async (resource: Resource): Promise<SslMode> =>
    resource.sslmode ?? (await loginOf(resource)).sslmode ?? defaultSslMode(resource.host);
  return {
    loginOf,
    isAdmin: (resource) =>
      loginOf(resource).then(
        (login) => login.isAdmin,
        (error: unknown) => {
          if (error instanceof LoginError) return error.isAdmin;
          throw error;
        },
      ),
    problemOf: (resource) => loginOf(resource).then(() => null, messageOf),
    sslModeOf,
    tlsOf: async (resource) => {
      const mode = await sslModeOf(resource);
      refuseUnused(resource, mode);
      const ca = await authorities.textOf(resource);
      return ca === null ? { mode } : { mode, ca };
    },
  };
}

/** Who names a certificate authority for a resource wants its certificate checked, whatever decides the mode (F41). */
function refuseUnused({ name, sslrootcert, sslmode }: Resource, mode: SslMode): void {
  if (sslrootcert === undefined || checksCertificate(mode)) return;
  const why = sslmode === undefined ? " (from its login, or since the host is this machine)" : "";
  throw new Error(
    `${name} has a sslrootcert, and sslmode ${mode}${why} checks no certificate; set sslmode to verify-full or verify-ca, or take sslrootcert away`,
  );
}

/**
 * A password that stands in the repository's own names would be masked in them, so that no recorded plan could be compared any more;
 * and anybody who reads the repository could guess it.
 */
function refuseGuessable(
  login: ResolvedLogin,
  { resource, workspace }: { readonly resource: Resource; readonly workspace: Workspace },
): void {
  const { resources, roles } = workspace.desired;
  const names = [
    ...resources.flatMap(({ name, host }) => [name, host]),
    ...roles.flatMap((spec) => [spec.label, spec.roleName, spec.sourceRole ?? "", ...spec.scopes.map(formatScope)]),
  ];
  if (!names.some((name) => name.includes(login.password))) return;
  throw new LoginError(
    `the password from ${login.source} for ${resource.name} is part of a name in the access repository; give that login another password`,
    login.isAdmin,
  );
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
  const role = purpose === "plan" ? "planner" : "admin";
  const {
    login,
    diagnostics,
    isAdmin = role === "admin",
  } = await resolveLogin({
    resource,
    role,
    resources: workspace.desired.resources,
    fallBackToAdmin: true,
    sources,
  });
  if (login === null) {
    const message = diagnostics.map(({ message: what, hint }) => (hint === undefined ? what : `${what}; ${hint}`)).join("; ");
    throw diagnostics.every(({ code }) => code === "missing-credential")
      ? new MissingLoginError(message)
      : new LoginError(message, isAdmin);
  }
  refuseGuessable(login, { resource, workspace });
  context.addSecret(login.password);
  for (const line of renderDiagnostics(diagnostics)) context.output.error(line);
  return login;
}
