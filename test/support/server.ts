// How a test gets a real PostgreSQL. Embedded binaries from npm unless SERVERS=containers; the major version is PG_VERSION (14 to 18).
// Start one in beforeAll of a file, and call resetCluster before each test: roles are cluster-global.
import { spawn } from "node:child_process";
import { Client } from "pg";
import type { Cluster, ClusterOptions } from "../../src/io/cluster.ts";
import { startEmbeddedCluster } from "../../src/io/embedded-cluster.ts";

/** True where servers are containers, which take no files and no pg_hba.conf lines. */
export const suppliesContainers = process.env["SERVERS"] === "containers";

/** The major version under test. */
export const serverMajor = readMajor(process.env["PG_VERSION"]);

export type ServerOptions = Partial<ClusterOptions>;

export type Server = {
  /** Major version. */
  readonly version: number;
  readonly host: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  readonly logFile: string;
  /** `null` for containers. */
  readonly dataDirectory: string | null;
  /** A superuser's connection, ended with the server. */
  readonly connect: (database?: string) => Promise<Client>;
  /** Connects, runs one text, ends the connection. */
  readonly run: (database: string, sql: string) => Promise<readonly Record<string, unknown>[]>;
  /** Runs a script in psql as the superuser, stopping at the first error. psql comes from the machine: no npm package has one. */
  readonly psql: (database: string, script: string, env?: Readonly<Record<string, string>>) => Promise<PsqlResult>;
  readonly stop: (options?: { readonly mode: "immediate" | "fast" }) => Promise<void>;
  readonly start: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type PsqlResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Durability on disk costs time and proves nothing here. Commits stay synchronous: a killed server must know what it has committed. */
const fastSettings = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "200",
  shared_buffers: "32MB",
  password_encryption: "scram-sha-256",
  log_line_prefix: "%m:%p:%u@%d:",
};

/** Starts a server that nobody else uses. It ends with this process at the latest. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const clusterOptions: ClusterOptions = {
    version: options.version ?? serverMajor,
    settings: { ...fastSettings, ...options.settings },
    files: options.files ?? {},
    hba: options.hba ?? [],
  };
  const cluster = await startCluster(clusterOptions);
  const clients = new Set<Client>();
  const connect = async (database = "postgres"): Promise<Client> => {
    const client = new Client({ host: cluster.host, port: cluster.port(), user: "postgres", password: cluster.password, database });
    // A test that stops the server breaks its connections on purpose.
    client.on("error", () => {});
    await client.connect();
    clients.add(client);
    client.once("end", () => clients.delete(client));
    return client;
  };
  return {
    version: clusterOptions.version,
    host: cluster.host,
    get port() {
      return cluster.port();
    },
    user: "postgres",
    password: cluster.password,
    logFile: cluster.logFile,
    dataDirectory: cluster.dataDirectory,
    connect,
    run: async (database, sql) => {
      const client = await connect(database);
      try {
        const result = await client.query<Record<string, unknown>>(sql);
        return result.rows ?? [];
      } finally {
        await client.end();
      }
    },
    psql: (database, script, env = {}) => runPsql({ cluster, database, script, env }),
    stop: (stopOptions = { mode: "fast" }) => cluster.stop(stopOptions.mode),
    start: cluster.start,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([...clients].map((client) => client.end()));
      await cluster.dispose();
    },
  };
}

/**
 * Brings a server back to what initdb made: drops every database but `postgres` and the templates, every role but the superuser and
 * `pg_*`, and their settings, grants and tablespaces. Ends the sessions on them; connections of the superuser to `postgres` live on
 * unless the database `postgres` itself was changed and has to be made anew.
 */
export async function resetCluster(server: Server): Promise<void> {
  const client = await server.connect("postgres");
  let isPostgresChanged: boolean;
  try {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where datname not in ('postgres', 'template0', 'template1')",
    );
    for (const { name } of rows) {
      await client.query(`alter database ${client.escapeIdentifier(name)} is_template false`);
      await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
    }
    const changed = await client.query<{ changed: boolean }>(isPostgresChangedQuery);
    isPostgresChanged = changed.rows[0]?.changed ?? true;
    if (!isPostgresChanged) await dropRoles(client);
  } finally {
    await client.end();
  }
  if (!isPostgresChanged) return;
  const other = await server.connect("template1");
  try {
    await other.query("drop database if exists postgres with (force)");
    await other.query("create database postgres template template0");
    await dropRoles(other);
  } finally {
    await other.end();
  }
}

/** Whether someone made, granted or set something in the database `postgres`. Objects of initdb have OIDs below 16384. */
const isPostgresChangedQuery = `
select d.datacl is not null or d.datconnlimit <> -1
    or pg_catalog.pg_get_userbyid(d.datdba) <> 'postgres'
    or exists (select from pg_db_role_setting s where s.setdatabase = d.oid)
    or exists (select from pg_shdepend s where s.dbid = d.oid and s.refclassid = 'pg_authid'::regclass and s.refobjid >= 16384)
    or exists (select from pg_namespace where oid >= 16384 and nspname !~ '^pg_')
    or exists (select from pg_class where oid >= 16384 and relnamespace = 'public'::regnamespace)
    or exists (select from pg_proc where oid >= 16384)
    or exists (select from pg_type where oid >= 16384)
    or exists (select from pg_default_acl) or exists (select from pg_event_trigger) or exists (select from pg_largeobject_metadata)
    or exists (select from pg_extension where oid >= 16384) or exists (select from pg_foreign_data_wrapper) as changed
  from pg_database d where d.datname = 'postgres'`;

async function dropRoles(client: Client): Promise<void> {
  const settings = await client.query<{ role: string | null }>(
    "select r.rolname as role from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole where s.setdatabase = 0",
  );
  for (const { role } of settings.rows) await client.query(`alter role ${role === null ? "all" : client.escapeIdentifier(role)} reset all`);
  const tablespaces = await client.query<{ name: string }>("select spcname as name from pg_tablespace where spcname !~ '^pg_'");
  for (const { name } of tablespaces.rows) await client.query(`drop tablespace ${client.escapeIdentifier(name)}`);
  const roles = await client.query<{ name: string }>(
    "select rolname as name from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres'",
  );
  if (roles.rows.length === 0) return;
  const names = roles.rows.map(({ name }) => client.escapeIdentifier(name)).join(", ");
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
      where r.rolname !~ '^pg_' and r.rolname <> 'postgres'`,
  );
  await client.query(`drop owned by ${names} cascade`);
  await client.query(`drop role ${names}`);
}

function startCluster(options: ClusterOptions): Promise<Cluster> {
  return suppliesContainers
    ? import("./container-cluster.ts").then(({ startContainerCluster }) => startContainerCluster(options))
    : startEmbeddedCluster(options);
}

function readMajor(text: string | undefined): number {
  const major = Number(text ?? 18);
  if (![14, 15, 16, 17, 18].includes(major)) throw new Error(`PG_VERSION is ${JSON.stringify(text)}; it must be one of 14, 15, 16, 17, 18`);
  return major;
}

function runPsql(input: {
  readonly cluster: Cluster;
  readonly database: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<PsqlResult> {
  // The database goes by the environment: unlike `--dbname`, it is never read as a connection string.
  const connection = {
    PGHOST: input.cluster.host,
    PGPORT: String(input.cluster.port()),
    PGUSER: "postgres",
    PGPASSWORD: input.cluster.password,
    PGDATABASE: input.database,
  };
  const child = spawn("psql", ["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file=-"], {
    env: { PATH: process.env["PATH"], PGCLIENTENCODING: "UTF8", ...connection, ...input.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => {}); // psql may stop reading at the first error
  child.stdin.end(input.script);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Error("psql cannot be run: install the PostgreSQL client", { cause })));
    child.once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
