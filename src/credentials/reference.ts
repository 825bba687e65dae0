// Finds the login of a resource: by the reference in the inventory, else by a variable named after the resource, else in a table of many.
import { isAbsolute, resolve } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Resource, SslMode } from "../model/resource.ts";
import { readLoginTable } from "./login-table.ts";
import { emptyValue, type Login, type LoginProblem, type LoginText, readLoginText } from "./login-text.ts";

/** admin: applies. planner: unprivileged, plans. */
export type LoginRole = "admin" | "planner";

export type ResolvedLogin = Login & {
  /** Of a DSN; counts where the inventory says none. */
  readonly sslmode: SslMode | null;
  /** Where it came from, for messages: `env:ANALYTICS_ADMIN`. */
  readonly source: string;
  /** The planner's login is the admin's, for want of another. */
  readonly isAdmin: boolean;
};

/** The world that references point into. */
export type LoginSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<{ readonly text: string; readonly isExposed: boolean } | { readonly problem: string }>;
  /** Whether a path would be committed with the access repository. */
  readonly isInRepository: (path: string) => Promise<boolean>;
  /** Absolute; relative paths start here. */
  readonly repositoryDirectory: string;
};

export type LoginRequest = {
  readonly resource: Resource;
  readonly role: LoginRole;
  /** All of the inventory: two names can lead to one variable. */
  readonly resources: readonly Resource[];
  /** For the planner where none is set up: plans may use the admin account. */
  readonly fallBackToAdmin: boolean;
  readonly sources: LoginSources;
};

export type LoginResult = {
  readonly login: ResolvedLogin | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The planner's was looked for where the admin's is, for want of another, whether or not there is one. */
  readonly isAdmin?: true;
};

type Found = { readonly value: string | Login; readonly source: string; readonly warnings: readonly Diagnostic[] };
type Outcome = Found | { readonly error: Diagnostic };

/**
 * @returns the login, or errors that say what is missing or wrong and never repeat a secret; warnings with either. A reference that
 * leads nowhere is an error, never a reason to look elsewhere (F75).
 */
export async function resolveLogin(request: LoginRequest): Promise<LoginResult> {
  const found = await findLogin(request);
  if (found === null) {
    const empty = isEmptyTable(request) ? [emptyTable(request)] : [];
    if (request.role !== "planner" || !request.fallBackToAdmin)
      return { login: null, diagnostics: empty.length > 0 ? empty : [missing(request)] };
    const admin = await resolveLogin({ ...request, role: "admin" });
    return admin.login === null && empty.length > 0 ? { login: null, diagnostics: empty } : asPlanner(admin);
  }
  if ("error" in found) return { login: null, diagnostics: [found.error] };
  const login = readFound(request, found);
  if ("severity" in login) return { login: null, diagnostics: [...found.warnings, login] };
  return { login, diagnostics: found.warnings };
}

/** The variable that holds the login of a resource without a reference; names that differ only in signs share one. */
export function defaultVariable(role: LoginRole, resource: string): string {
  return `ROLEWRIGHT_${role.toUpperCase()}_${resource.toUpperCase().replaceAll(/[^A-Z0-9]/gu, "_")}`;
}

/** The variable that holds the logins of many resources. */
function tableVariable(role: LoginRole): string {
  return `ROLEWRIGHT_${role.toUpperCase()}_CSV`;
}

function asPlanner(result: LoginResult): LoginResult {
  return { ...result, isAdmin: true, login: result.login === null ? null : { ...result.login, isAdmin: true } };
}

async function findLogin(request: LoginRequest): Promise<Outcome | null> {
  const reference = request.resource[request.role];
  if (reference === undefined) return findDefault(request);
  const [scheme, ...rest] = reference.split(":");
  const target = rest.join(":");
  if (scheme === "env" && target !== "") {
    const value = request.sources.env[target];
    if (value !== undefined) return { value, source: reference, warnings: [] };
    return {
      error: problem(
        request,
        "missing-credential",
        `the environment variable ${target} is not set`,
        "set it, for example from a secret of the workflow",
      ),
    };
  }
  if (scheme === "file" && target !== "") return readFile(request, { path: target, source: reference, shown: JSON.stringify(target) });
  // The reference itself is not shown: someone may have written a password there.
  return {
    error: problem(
      request,
      "unknown-credential-scheme",
      `its ${request.role} is not a reference that rolewright knows`,
      "write env:NAME or file:PATH",
    ),
  };
}

async function findDefault(request: LoginRequest): Promise<Outcome | null> {
  const { resource, role, sources } = request;
  const variable = defaultVariable(role, resource.name);
  const table = tableVariable(role);
  const value = variable === table ? undefined : sources.env[variable];
  if (value === undefined) return findInTable(request, table);
  const rivals = request.resources.filter(
    (other) => other[role] === undefined && other.name !== resource.name && defaultVariable(role, other.name) === variable,
  );
  if (rivals.length === 0) return { value, source: `env:${variable}`, warnings: [] };
  const names = [resource, ...rivals]
    .map((other) => JSON.stringify(other.name))
    .toSorted()
    .join(" and ");
  return {
    error: problem(
      request,
      "ambiguous-credential",
      `${variable} would be the login of ${names}`,
      `give each its own reference in the inventory: ${role}: env:NAME`,
    ),
  };
}

/** As GitHub passes a secret that does not exist: no login is there, and somebody meant one to be. */
function isEmptyTable({ role, sources }: LoginRequest): boolean {
  return sources.env[tableVariable(role)]?.trim() === "";
}

function emptyTable(request: LoginRequest): Diagnostic {
  return problem(request, "bad-credential", `${tableVariable(request.role)}: ${emptyValue.problem}`, emptyValue.tableHint);
}

/** The table is the variable's text, or the file that a one-line text without a comma names. */
async function findInTable(request: LoginRequest, variable: string): Promise<Outcome | null> {
  const value = request.sources.env[variable];
  if (value === undefined || value.trim() === "") return null;
  let text = value;
  let warnings: readonly Diagnostic[] = [];
  if (!/[,\n]/u.test(value.trim())) {
    // Not shown: someone may have put a login into the variable.
    const file = await readFile(request, { path: value.trim(), source: variable, shown: `that ${variable} names` });
    if ("error" in file) return file;
    text = typeof file.value === "string" ? file.value : "";
    warnings = file.warnings;
  }
  const table = readLoginTable(text);
  if ("problem" in table) return { error: problem(request, "bad-credential", `${variable}: ${table.problem}`, table.hint) };
  const login = table.logins.get(request.resource.name);
  return login === undefined ? null : { value: login, source: variable, warnings };
}

/** @param file.shown what messages say after "the file". */
async function readFile(
  request: LoginRequest,
  { path, source, shown }: { readonly path: string; readonly source: string; readonly shown: string },
): Promise<Outcome> {
  const { sources } = request;
  const absolute = isAbsolute(path) ? path : resolve(sources.repositoryDirectory, path);
  if (await sources.isInRepository(absolute)) {
    return {
      error: problem(
        request,
        "credential-in-repository",
        `the file ${shown} is in the access repository, where it would be committed`,
        "move it out of the work tree",
      ),
    };
  }
  const file = await sources.readFile(absolute);
  if ("problem" in file) {
    return {
      error: problem(
        request,
        "missing-credential",
        `the file ${shown} cannot be read (${file.problem})`,
        "check its path, which starts at the access repository unless it is absolute, and its permissions",
      ),
    };
  }
  if (!file.isExposed) return { value: file.text, source, warnings: [] };
  const warning = problem(
    request,
    "exposed-credential",
    `the file ${shown} can be read by other users of this machine`,
    "run chmod 600 on it",
  );
  return { value: file.text, source, warnings: [{ ...warning, severity: "warning" }] };
}

function readFound(request: LoginRequest, found: Found): ResolvedLogin | Diagnostic {
  const { resource, role } = request;
  const text: LoginText | LoginProblem =
    typeof found.value === "string" ? readLoginText(found.value) : { ...found.value, endpoint: null, sslmode: null };
  if ("problem" in text) return problem(request, "bad-credential", `${found.source}: ${text.problem}`, text.hint);
  const { endpoint, sslmode } = text;
  if (endpoint !== null && (endpoint.host.toLowerCase() !== resource.host.toLowerCase() || endpoint.port !== resource.port)) {
    const message = `the ${role} login of ${found.source} is for ${endpoint.host}:${endpoint.port}, and the inventory says ${resource.host}:${resource.port}`;
    return problem(
      request,
      "credential-endpoint",
      message,
      "correct the one that is wrong; a login is never sent to another endpoint than its own",
    );
  }
  if (sslmode !== null && resource.sslmode !== undefined && sslmode !== resource.sslmode) {
    return problem(
      request,
      "credential-endpoint",
      `the ${role} login of ${found.source} says sslmode ${sslmode}, and the inventory says ${resource.sslmode}`,
      "take it out of one of them",
    );
  }
  return { user: text.user, password: text.password, sslmode, source: found.source, isAdmin: role === "admin" };
}

function missing(request: LoginRequest): Diagnostic {
  const { resource, role } = request;
  const table = tableVariable(role);
  const variable = defaultVariable(role, resource.name);
  const ways = [
    ...(variable === table ? [] : [`set ${variable} to user:password or a DSN`]),
    `add a row to ${table}`,
    `name another secret in the inventory with ${role}: env:NAME`,
  ];
  return problem(request, "missing-credential", `there is no ${role} login for it`, ways.join(", or "));
}

function problem(request: LoginRequest, code: string, message: string, hint: string): Diagnostic {
  return {
    severity: "error",
    code,
    message: `resource ${JSON.stringify(request.resource.name)}: ${message}`,
    hint,
    at: request.resource.origin,
  };
}
