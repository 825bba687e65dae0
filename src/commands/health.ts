// health: logs in to every resource as plans do, and says what answers.
import type { Connection } from "../io/postgres.ts";
import { withTransaction } from "../io/transaction.ts";
import type { Resource } from "../model/resource.ts";
import { messageOf } from "../model/error-message.ts";
import { renderHealth, type ResourceHealth } from "../review/health-text.ts";
import { createConnector, type Connector } from "./connector.ts";
import { UsageError, type CommandContext, type ExitCode } from "./context.ts";
import { openWorkspace } from "./workspace.ts";

/** @returns 1 where any resource fails. */
export async function runHealth(context: CommandContext, options: { readonly resources: readonly string[] }): Promise<ExitCode> {
  const workspace = await openWorkspace(context);
  if (workspace === null) return 1;
  const resources = selectResources(workspace.desired.resources, options.resources);
  const connector = createConnector(context, workspace, "plan");
  const progress = context.output.progress();
  const found = await Promise.all(
    resources.map(async (resource) => {
      progress.set(resource.name, "connecting");
      const health = await examine(context, connector, resource);
      progress.done(resource.name, health.result.isHealthy ? "ok" : "failed");
      return health;
    }),
  );
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
    const known = resources.map((resource) => resource.name).join(", ");
    throw new UsageError(`there is no resource ${JSON.stringify(unknown)} in the inventory`, `It has: ${known}`);
  }
  return names.length === 0 ? resources : resources.filter((resource) => names.includes(resource.name));
}

async function examine(context: CommandContext, connector: Connector, resource: Resource): Promise<ResourceHealth> {
  const named = { resource: resource.name, endpoint: `${resource.host}:${resource.port}` };
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

function asDocument({ resource, endpoint, result }: ResourceHealth): object {
  if (!result.isHealthy) return { resource, endpoint, healthy: false, message: result.message };
  const { serverVersion, isPrimary, isEncrypted, isPooled, login, latencyMilliseconds } = result;
  return {
    resource,
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
