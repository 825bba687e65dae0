// Reasons to leave a role spec alone altogether: a wrong declaration is an error, never a narrower or wider grant,
// and roles that are not ours are never touched. All reasons are told at once.
import { markedRepository, unnamedRepository } from "../model/marker.ts";
import { compareNames, isSystemSchema, isUndecoded } from "../model/name.ts";
import { expandPrivileges } from "../model/privilege.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { formatScope, type Scope } from "../model/scope.ts";
import type { Settings } from "../model/settings.ts";
import type { DatabaseContext } from "./database-context.ts";
import { checkNamed } from "./bulk.ts";
import { isDeclared } from "./declarations.ts";
import { isDisposable } from "./orphans.ts";
import { isRead, observedRole, serverVersion, type RoleContext } from "./role-context.ts";
import { sourceReach, type Power } from "./source-role.ts";

/** Names that PostgreSQL or a provider keeps for itself. */
const reservedNames = /^(?:pg_|rds|cloudsql|azure_|aws_|public$|none$)/u;

/** @returns every reason to refuse, as sentences; none where the changes may be planned. */
export function checkRole(context: RoleContext, databases: readonly DatabaseContext[]): readonly string[] {
  return [
    ...checkIdentity(context),
    ...checkPrivileges(context),
    ...checkScopes(context),
    ...checkSource(context),
    ...unreached(context).flatMap(({ message, isInTheWay }) => (isInTheWay ? [] : [message])),
    ...(context.spec.type === "managed" ? databases.flatMap(checkNamed) : []),
  ];
}

function checkIdentity(context: RoleContext): readonly string[] {
  const { spec, settings, observed } = context;
  const role = observedRole(context);
  const marked = markedRepository(role?.comment ?? null);
  return [
    ...(reservedNames.test(spec.roleName) ? [`role name ${spec.roleName} is reserved; set another prefix`] : []),
    ...(spec.roleName === observed.cluster.server.currentUser.name
      ? [`${spec.roleName} is the login that rolewright itself uses; it is never touched`]
      : []),
    ...(role?.attributes.superuser && marked !== settings.repository
      ? [`${spec.roleName} exists as a superuser without this repository's marker; superusers are never touched`]
      : []),
    ...(marked !== null && marked !== settings.repository && marked !== unnamedRepository
      ? [`${spec.roleName} belongs to the access repository ${JSON.stringify(marked)}, as its comment says; ${thisOne(settings)}`]
      : []),
  ];
}

function thisOne({ repository }: Settings): string {
  if (repository !== unnamedRepository) return `this one is ${JSON.stringify(repository)}`;
  return "this one has no name; where it is the same, set repository in rolewright.yaml";
}

function checkPrivileges(context: RoleContext): readonly string[] {
  const version = serverVersion(context);
  return expandPrivileges(context.spec.privileges, version).unknown.map(
    (privilege) => `${privilege} exists from PostgreSQL 17 on, and this server is ${Math.floor(version / 10_000)}`,
  );
}

function checkScopes(context: RoleContext): readonly string[] {
  return context.spec.scopes.flatMap((scope) => {
    const problem = checkScope(context, scope);
    return problem === null ? [] : [`scope ${formatScope(scope)}: ${problem}`];
  });
}

function checkScope(context: RoleContext, scope: Scope): string | null {
  const info = context.observed.cluster.databases.find((database) => database.name === scope.database);
  if (!info) return `database ${JSON.stringify(scope.database)} does not exist`;
  if (!info.allowsConnections) return `database ${JSON.stringify(scope.database)} does not allow connections`;
  if (scope.schema !== null && isSystemSchema(scope.schema)) return `${scope.schema} is a system schema`;
  const catalog = context.observed.databases.get(scope.database);
  if (!catalog || !isRead(catalog)) return null;
  if (scope.schema !== null && !catalog.schemas.some((schema) => schema.name === scope.schema)) {
    return `schema ${JSON.stringify(scope.schema)} does not exist in database ${JSON.stringify(scope.database)}`;
  }
  return null;
}

function checkSource(context: RoleContext): readonly string[] {
  if (context.spec.sourceRole === null) return [];
  const { problem, powers } = sourceReach(context);
  return [...(problem === null ? [] : [problem]), ...departing(context), ...unacknowledged(context.spec, powers)];
}

/** With all that has to be written, since a second list would not count. */
function unacknowledged({ sourceRole, acknowledgeHazards }: RoleSpec, powers: readonly Power[]): readonly string[] {
  const open = powers.filter(({ code }) => !acknowledgeHazards.includes(code));
  if (open.length === 0) return [];
  const codes = [...new Set([...acknowledgeHazards, ...open.map(({ code }) => code)])].toSorted(compareNames);
  const what = open.map(({ message }) => message).join(", ");
  return [`source role ${sourceRole}: ${what}; if that is meant, write acknowledge_hazards: [${codes.join(", ")}]`];
}

/** A source role that the same settings drop, since it is no longer declared. */
function departing({ spec, declarations, settings, observed }: RoleContext): readonly string[] {
  const source = spec.sourceRole ?? "";
  const role = observed.cluster.roles.get(source);
  if (settings.orphans.action !== "drop" || isDeclared(declarations, source) || role === undefined || !isDisposable(role, settings))
    return [];
  return [`source role ${JSON.stringify(source)} is no longer declared and would be dropped (orphans: drop); declare it, or name another`];
}

/**
 * Databases of the role that could not be read: its own specs fail, not the run (F47).
 * `isInTheWay`: it is an obstacle, and everything else is done. Whoever owns a database may close it, and whoever may create may choose names that
 * nobody can read: no orphan keeps its login by the one, and no role what it holds elsewhere by the other.
 */
export function unreached(context: RoleContext): readonly { readonly message: string; readonly isInTheWay: boolean }[] {
  const { spec, observed, isOrphan } = context;
  if (spec.type === "external") return [];
  const found = (message: string, isByName = false) => ({ message, isInTheWay: isOrphan || isByName });
  const footprints = observed.cluster.footprints.map((row) => row.database);
  const databases = new Set([...spec.scopes.map((scope) => scope.database), ...footprints]);
  const closed = new Set(observed.cluster.databases.filter(({ allowsConnections }) => !allowsConnections).map(({ name }) => name));
  return [
    ...[...databases].flatMap((name) => {
      const catalog = observed.databases.get(name);
      return catalog && !isRead(catalog)
        ? [found(`database ${JSON.stringify(name)} could not be read: ${catalog.unreachable}`, catalog.isByName)]
        : [];
    }),
    ...footprints
      .filter((name) => closed.has(name))
      .map((name) =>
        found(
          `${spec.roleName} holds or owns something in database ${JSON.stringify(name)}, which allows no connections: nobody can see or revoke it; set ALLOW_CONNECTIONS on that database and plan again, or drop it`,
          isUndecoded(name),
        ),
      ),
  ];
}
