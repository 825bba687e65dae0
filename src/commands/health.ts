// health: logs in to every resource as plans do and as applies do, and says what answers.
import { choices } from "../model/count.ts";
import type { Connection } from "../io/postgres.ts";
import { withTransaction } from "../io/transaction.ts";
import type { Resource } from "../model/resource.ts";
import { messageOf } from "../model/error-message.ts";
import { renderHealth, type ResourceHealth } from "../review/health-text.ts";
import { createConnector, type Connector } from "./connector.ts";
import type { LoginRole } from "../credentials/reference.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { MissingLoginError } from "./resource-logins.ts";
import { openWorkspace } from "./workspace.ts";

/** @returns 1 where any resource fails. */
export async function runHealth(context: CommandContext, options: { readonly resources: readonly string[] }): Promise<ExitCode> {
  const workspace = await openWorkspace(context);
  if (workspace === null) return 1;
  const resources = selectResources(workspace.desired.resources, options.resources);
  const connectors = { planner: createConnector(context, workspace, "plan"), admin: createConnector(context, workspace, "apply") };
  const progress = context.output.progress();
  const found = (
    await Promise.all(
      resources.map(async (resource) => {
        progress.set(resource.name, "connecting");
        const health = await examineLogins(context, connectors, resource);
        progress.done(resource.name, health.every(({ result }) => result.isHealthy) ? "ok" : "failed");
        return health;
      }),
    )
  ).flat();
  progress.end();
  context.signal.throwIfAborted();
  if (context.json) context.output.json({ resources: found.map(asDocument) });
  else context.output.lines(renderHealth(found, context.output.width));
  return found.every(({ result }) => result.isHealthy) ? 0 : 1;
}

/** @throws UsageError for a name that the inventory does not have. */
function selectResources(resources: readonly Resource[], names: readonly string[]): readonly Resource[] {
  const unknown = names.find((name) => !resources.some((resource) => resource.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no resource ${JSON.stringify(unknown)} in the inventory`, choices(resources.map(({ name }) => name)));
  }
  return names.length === 0 ? resources : resources.filter((resource) => names.includes(resource.name));
}

/** One login after the other, so that no more connections are open than are allowed. An admin that nobody has set up is not asked for. */
async function examineLogins(
  context: CommandContext,
  { planner, admin }: Readonly<Record<LoginRole, Connector>>,
  resource: Resource,
): Promise<readonly ResourceHealth[]> {
  const isAdmin = await planner.isAdmin(resource).catch(() => false);
  if (isAdmin) return [await examine(context, admin, { resource, as: "admin" })];
  const asPlanner = await examine(context, planner, { resource, as: "planner" });
  const hasAdmin = await admin.isAdmin(resource).catch((error: unknown) => !(error instanceof MissingLoginError));
  if (!hasAdmin) return [asPlanner];
  return [asPlanner, await examine(context, admin, { resource, as: "admin" })];
}

async function examine(
  context: CommandContext,
  connector: Connector,
  { resource, as }: { readonly resource: Resource; readonly as: LoginRole },
): Promise<ResourceHealth> {
  const named = { resource: resource.name, as, endpoint: `${resource.host}:${resource.port}` };
  try {
    await using connection = await connector.open(resource, resource.maintenanceDatabase);
    return { ...named, result: { isHealthy: true, ...(await ask(context, connection)) } };
  } catch (error) {
    return { ...named, result: { isHealthy: false, message: messageOf(error) } };
  }
}

type Facts = { readonly serverVersion: string; readonly isPrimary: boolean; readonly isEncrypted: boolean; readonly login: string };

type Answer = Facts & { readonly isPooled: boolean; readonly latencyMilliseconds: number };

async function ask(context: CommandContext, connection: Connection): Promise<Answer> {
  // Behind a pooler the settings that the names below rely on hold in a transaction only.
  const { rows } = await withTransaction(connection, { readOnly: true }, (transaction) => transaction.query<Facts>(factsQuery));
  const [answer] = rows;
  if (answer === undefined) throw new Error("the server answered with nothing");
  const asked = context.now().getTime();
  await connection.query("SELECT 1");
  return { ...answer, isPooled: connection.isPooled, latencyMilliseconds: context.now().getTime() - asked };
}

const factsQuery = `
SELECT current_setting('server_version') AS "serverVersion", NOT pg_is_in_recovery() AS "isPrimary", current_user::text AS "login",
       COALESCE((SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS "isEncrypted"`;

function asDocument({ resource, as, endpoint, result }: ResourceHealth): object {
  if (!result.isHealthy) return { resource, as, endpoint, healthy: false, message: result.message };
  const { serverVersion, isPrimary, isEncrypted, isPooled, login, latencyMilliseconds } = result;
  return {
    resource,
    as,
    endpoint,
    healthy: true,
    server_version: serverVersion,
    primary: isPrimary,
    tls: isEncrypted,
    pooler: isPooled,
    login,
    latency_ms: latencyMilliseconds,
  };
}
