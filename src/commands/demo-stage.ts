// What the demo plays on: two clusters, an access repository in a Git repository of its own, and the commands, run as in a shell.
import { join } from "node:path";
import { startEmbeddedCluster } from "../io/embedded-cluster.ts";
import type { Cluster } from "../io/cluster.ts";
import { makeTemporaryFolder, readExample, removeFolder, writeAtomically } from "../io/files.ts";
import { commitAll } from "../io/git.ts";
import { connect, type Connection } from "../io/postgres.ts";
import { QueryError } from "../model/query-error.ts";
import { openFileStore } from "../credentials/file-store.ts";
import type { CommandContext, ExitCode } from "./context.ts";
import type { ApplyOptions, PlanOptions } from "./selection.ts";

type Run = (context: CommandContext) => Promise<ExitCode>;

export type DemoStage = {
  readonly repository: string;
  /** Says what comes, shows the command line, runs the command. @throws Error where it does not end as the story has it. */
  readonly tell: (text: string, command: string, run: Run, expected?: ExitCode) => Promise<void>;
  readonly heading: (text: string) => void;
  readonly planOnly: () => PlanOptions;
  readonly planInto: (file: string, only?: { readonly resource: string; readonly label: string }) => PlanOptions;
  readonly applyFrom: (file: string) => ApplyOptions;
  readonly declareRoles: () => Promise<void>;
  /** Adds DELETE to analytics/ro. */
  readonly widenRole: () => Promise<void>;
  readonly grantByHand: () => Promise<void>;
  /** Runs a statement with the delivered credential of analytics/ro and says what became of it. */
  readonly tryAs: (sql: string) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const role = "hoopdev_analytics_ro_6075a443";

export async function prepareDemo(context: CommandContext): Promise<DemoStage> {
  const root = await makeTemporaryFolder("rolewright-demo-");
  const repository = join(root, "access");
  const clusters: Cluster[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.allSettled(clusters.map((cluster) => cluster.dispose()));
    await removeFolder(root);
  };
  try {
    const start = async (): Promise<Cluster> => {
      const cluster = await startEmbeddedCluster({ version: 18, settings: { fsync: "off" }, files: {}, hba: [] });
      clusters.push(cluster);
      return cluster;
    };
    // Where one fails, the other is stopped only once it is there.
    const started = await Promise.allSettled([start(), start()]);
    const [analytics, marketplace] = started.map(clusterOf);
    if (analytics === undefined || marketplace === undefined) throw new Error("two clusters are needed");
    context.signal.throwIfAborted();
    await Promise.all([fillAnalytics(analytics), fillMarketplace(marketplace)]);
    await writeRepository(repository, { analytics, marketplace });
    return { ...createStage(context, { root, repository, analytics, marketplace }), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function clusterOf(started: PromiseSettledResult<Cluster>): Cluster {
  if (started.status === "rejected") throw started.reason;
  return started.value;
}

type Scene = { readonly root: string; readonly repository: string; readonly analytics: Cluster; readonly marketplace: Cluster };

function createStage(outer: CommandContext, scene: Scene): Omit<DemoStage, typeof Symbol.asyncDispose> {
  const { repository, root } = scene;
  const context: CommandContext = {
    ...outer,
    repositoryDirectory: repository,
    json: false,
    // Next steps would name a repository that is gone in a minute.
    output: { ...outer.output, note: () => {} },
    env: { ...outer.env, ROLEWRIGHT_ADMIN_CSV: loginTable(scene) },
  };
  const heading = (text: string): void => outer.output.lines(["", [{ text: `── ${text}`, style: "bold" }]]);
  return {
    repository,
    heading,
    async tell(text, command, run, expected = 0) {
      heading(text);
      outer.output.line([{ text: `$ rolewright ${command}`, style: "dim" }]);
      const code = await run(context);
      outer.signal.throwIfAborted();
      if (code !== expected) throw new Error(`rolewright ${command} ended with ${code}, and the demo expects ${expected}`);
    },
    planOnly: () => ({ source: { from: "repository", resource: null, label: null }, resultFile: null, detailedExitCode: false }),
    planInto: (file, only) => ({
      source: { from: "repository", resource: only?.resource ?? null, label: only?.label ?? null },
      resultFile: join(root, file),
      detailedExitCode: false,
    }),
    applyFrom: (file) => ({ source: { from: "result", path: join(root, file) } }),
    ...storyteller(outer, scene, context),
  };
}

/** The steps that happen beside rolewright. */
function storyteller(
  outer: CommandContext,
  { repository, root, analytics }: Scene,
  context: CommandContext,
): Pick<DemoStage, "declareRoles" | "widenRole" | "grantByHand" | "tryAs"> {
  const writeRoles = async (text: string, message: string): Promise<void> => {
    await writeAtomically({ path: join(repository, "roles.csv"), text, mode: 0o644 });
    await commitAll(repository, message);
  };
  return {
    declareRoles: async () => writeRoles(await readExample("quickstart/roles.csv"), "Declare the first roles"),
    widenRole: async () =>
      writeRoles((await readExample("quickstart/roles.csv")).replace("app,SELECT,", "app,SELECT;DELETE,"), "Let ro delete"),
    async grantByHand() {
      outer.output.line("");
      outer.output.line([{ text: `── Meanwhile, by hand: GRANT INSERT ON public.events TO ${role}`, style: "yellow" }]);
      await using connection = await connectTo(analytics, { database: "analytics", user: "postgres", password: analytics.password });
      await connection.query(`GRANT INSERT ON public.events TO ${role}`);
    },
    async tryAs(sql) {
      const store = await openFileStore({ directory: join(root, "credentials"), repositoryDirectory: repository });
      const credential = await store.current({ resource: "analytics", label: "ro" });
      if (credential === null) throw new Error("no credential was delivered for analytics/ro");
      context.addSecret(credential.password);
      await using connection = await connectTo(analytics, { database: "analytics", user: credential.user, password: credential.password });
      outer.output.line([{ text: `${role}=> ${sql}`, style: "dim" }, "  ", await attempt(connection, sql)]);
    },
  };
}

async function attempt(connection: Connection, sql: string): Promise<string> {
  try {
    const { rows } = await connection.query<Readonly<Record<string, unknown>>>(sql);
    return `→ ${JSON.stringify(rows[0] ?? {})}`;
  } catch (error) {
    if (error instanceof QueryError) return `→ ${error.code} ${error.message}`;
    throw error;
  }
}

async function writeRepository(
  repository: string,
  clusters: { readonly analytics: Cluster; readonly marketplace: Cluster },
): Promise<void> {
  const { analytics, marketplace } = clusters;
  const inventory = (await readExample("quickstart/inventory.csv"))
    .replace(/^(analytics,PostgreSQL),.*$/mu, `$1,${analytics.host},${analytics.port()}`)
    .replace(/^(marketplace,PostgreSQL),.*$/mu, `$1,${marketplace.host},${marketplace.port()}`);
  const [header] = (await readExample("quickstart/roles.csv")).split("\n");
  const files = {
    "inventory.csv": inventory,
    "roles.csv": `${header}\n`,
    "rolewright.yaml": await readExample("quickstart/rolewright.yaml"),
  };
  for (const [name, text] of Object.entries(files)) await writeAtomically({ path: join(repository, name), text, mode: 0o644 });
  await commitAll(repository, "Begin the access repository");
}

function loginTable({ analytics, marketplace }: Scene): string {
  return `resource_name,username,password\nanalytics,postgres,${analytics.password}\nmarketplace,postgres,${marketplace.password}\n`;
}

async function fillAnalytics(cluster: Cluster): Promise<void> {
  await fill(cluster, {
    analytics: "CREATE TABLE public.events (id serial PRIMARY KEY, name text); INSERT INTO public.events (name) VALUES ('a'), ('b'), ('c')",
    legacy: "CREATE TABLE public.invoices (id int PRIMARY KEY)",
    app: ["users", "carts", "orders", "payments"].map((table) => `CREATE TABLE public.${table} (id int PRIMARY KEY)`).join("; "),
  });
}

async function fillMarketplace(cluster: Cluster): Promise<void> {
  await fill(cluster, { marketplace: "CREATE TABLE public.offers (id int PRIMARY KEY)" });
}

async function fill(cluster: Cluster, databases: Readonly<Record<string, string>>): Promise<void> {
  const superuser = { user: "postgres", password: cluster.password };
  await using maintenance = await connectTo(cluster, { ...superuser, database: "postgres" });
  for (const [database, sql] of Object.entries(databases)) {
    await maintenance.query(`CREATE DATABASE ${database}`);
    await using connection = await connectTo(cluster, { ...superuser, database });
    await connection.query(sql);
  }
}

function connectTo(
  cluster: Cluster,
  login: { readonly database: string; readonly user: string; readonly password: string },
): Promise<Connection> {
  return connect({
    ...login,
    host: cluster.host,
    port: cluster.port(),
    tls: { mode: "disable" },
    connectSeconds: 10,
    lockSeconds: 10,
    statementSeconds: 60,
    applicationName: "rolewright demo",
  });
}
