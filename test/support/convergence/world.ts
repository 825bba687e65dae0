// One drawn catalog on a real server, with connections that are kept: a case takes hundreds of queries and few handshakes.
import type { Client } from "pg";
import { connect, type Connection } from "../../../src/io/postgres.ts";
import { resetCluster, type Server } from "../server.ts";
import type { CatalogScript } from "./catalog-sql.ts";
import { readFacts, type Facts } from "./facts.ts";
import { ident } from "./quoting.ts";

export type Login = { readonly user: string; readonly password: string };

export type World = {
  readonly server: Server;
  readonly admin: Login;
  /** A login with nothing but CONNECT. */
  readonly planner: Login;
  /** People's databases. */
  readonly databases: readonly string[];
  /** Statements that PostgreSQL refused while the catalog was made. */
  readonly refused: readonly string[];
  readonly facts: () => Promise<Facts>;
  readonly run: (database: string, sql: string) => Promise<void>;
  /** A connection that lives on when it is closed. */
  readonly open: (login: Login, database: string) => Promise<Connection>;
  /** A new connection that ends when it is closed, since a lock ends with its session. */
  readonly openForLock: () => Promise<Connection>;
  /** What all connections together were asked since the last call. */
  readonly takeQueries: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** DROP OWNED leaves what another than the owner granted; REVOKE leaves what somebody granted who has come to be a superuser since. */
const forgetShared = (version: number): string => `
SET allow_system_table_mods = on;
DELETE FROM pg_shdepend WHERE classid = 'pg_tablespace'::regclass AND deptype = 'a';
UPDATE pg_tablespace SET spcacl = NULL;
${version >= 15 ? "DELETE FROM pg_shdepend WHERE classid = 'pg_parameter_acl'::regclass; DELETE FROM pg_parameter_acl;" : ""}
RESET allow_system_table_mods`;

const plannerName = "unprivileged planner";

/** Every statement on its own: what is refused is told and left out. */
const runner = `CREATE FUNCTION pg_temp.run(statements text[]) RETURNS text[] LANGUAGE plpgsql AS $run$
DECLARE statement text; refused text[] := '{}';
BEGIN
  FOREACH statement IN ARRAY statements LOOP
    BEGIN EXECUTE statement; EXCEPTION WHEN OTHERS THEN refused := refused || (SQLSTATE || ' ' || SQLERRM || ' at ' || statement); END;
  END LOOP;
  RETURN refused;
END $run$`;

export async function buildWorld(server: Server, script: CatalogScript): Promise<World> {
  await resetCluster(server);
  const refused: string[] = [];
  const clients = new Map<string, Client>();
  const pool = new Map<string, Connection[]>();
  let queries: string[] = [];
  const run = async (client: Client, statements: readonly string[]): Promise<void> => {
    await client.query(runner);
    const { rows } = await client.query<{ refused: string[] }>("SELECT pg_temp.run($1) AS refused", [statements]);
    refused.push(...(rows[0]?.refused ?? []));
    await client.query("DROP FUNCTION pg_temp.run");
  };
  const maintenance = await server.connect("postgres");
  const password = "planner";
  for (const { name } of script.databases) await maintenance.query(`CREATE DATABASE ${ident(name)} TEMPLATE template0`);
  await run(maintenance, [...script.roles, `CREATE ROLE ${ident(plannerName)} LOGIN PASSWORD '${password}'`]);
  for (const { name, statements } of script.databases) {
    const client = await server.connect(name);
    clients.set(name, client);
    await run(client, statements);
  }
  const mayConnect = script.databases.map(({ name }) => `GRANT CONNECT ON DATABASE ${ident(name)} TO ${ident(plannerName)}`);
  await run(maintenance, [...script.shared, ...mayConnect]);
  clients.set("postgres", maintenance);

  async function open(login: Login, database: string): Promise<Connection> {
    const key = JSON.stringify([login.user, database]);
    const idle = pool.get(key) ?? [];
    pool.set(key, idle);
    const connection = idle.pop() ?? (await openNew(server, login, database));
    return counted(connection, async () => void idle.push(connection));
  }

  function counted(connection: Connection, close: () => Promise<void>): Connection {
    return {
      query: (sql, parameters) => {
        queries.push(sql);
        return connection.query(sql, parameters);
      },
      takeNotices: () => connection.takeNotices(),
      isPooled: connection.isPooled,
      localSettings: connection.localSettings,
      cancel: () => connection.cancel(),
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  const admin: Login = { user: server.user, password: server.password };
  return {
    server,
    admin,
    planner: { user: plannerName, password },
    databases: script.databases.map(({ name }) => name),
    refused,
    facts: () =>
      readFacts(
        maintenance,
        script.databases.flatMap(({ name }) => clients.get(name) ?? []),
        server.version,
      ),
    run: async (database, sql) => void (await clients.get(database)?.query(sql)),
    open,
    openForLock: async () => {
      const connection = await openNew(server, admin, "postgres");
      return counted(connection, () => connection.close());
    },
    takeQueries: () => {
      const taken = queries;
      queries = [];
      return taken;
    },
    close: async () => {
      await maintenance.query(forgetShared(server.version));
      await Promise.allSettled([
        ...[...pool.values()].flat().map((connection) => connection.close()),
        ...[...clients.values()].map((client) => client.end()),
      ]);
    },
  };
}

function openNew(server: Server, login: Login, database: string): Promise<Connection> {
  return connect({
    ...login,
    resource: "convergence",
    host: server.host,
    port: server.port,
    database,
    tls: { mode: "disable" },
    connectSeconds: 20,
    lockSeconds: 20,
    statementSeconds: 60,
    applicationName: "rolewright convergence",
  });
}
