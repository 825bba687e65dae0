// The hub's way, in our own words: for each role one psql process for the cluster, then one for each database, which asks for each
// table and each of seven privileges whether the role has it. It runs as many at a time as we do, and without JIT, to its favour.
import { defaultSettings } from "../src/model/settings.ts";
import { inParallel, runPsql, type PsqlRun } from "./psql.ts";
import type { HubWay } from "./workload.ts";

const options = "-c jit=off";

export type HubTimes = { readonly clusterMs: number; readonly databaseMs: number; readonly processes: number };

/** Runs one role of the sample. @returns the time for each process, already divided by how many ran at a time. */
export async function sampleHub(way: HubWay, round: number): Promise<HubTimes> {
  const sample = way.sample[round % way.sample.length];
  if (!sample) throw new Error("there is no role to sample");
  const { resource, role, databases } = sample;
  const width = Math.min(defaultSettings.concurrency.perResource, way.roles);
  const repeated = (runs: readonly PsqlRun[]): readonly PsqlRun[] => Array.from({ length: width }, () => runs).flat();
  const cluster = repeated([{ resource, database: "postgres", script: clusterQuery(role), options }]);
  const clusterMs = await timed(() => inParallel(cluster, width, runPsql));
  // Fewer databases than places: other roles would ask the same of the same database beside this one.
  const inDatabases = databases.map((database): PsqlRun => ({ resource, database, script: databaseQuery(role), options }));
  const runs = inDatabases.length < width ? repeated(inDatabases).slice(0, 2) : inDatabases;
  const databaseMs = await timed(() => inParallel(runs, width, runPsql));
  return { clusterMs: clusterMs / cluster.length, databaseMs: databaseMs / runs.length, processes: cluster.length + runs.length };
}

/** 1 + D for each role. */
export function processesOf({ roles, databases }: HubWay): number {
  return roles * (1 + databases);
}

export function extrapolated({ roles, databases }: HubWay, times: Pick<HubTimes, "clusterMs" | "databaseMs">): number {
  return roles * (times.clusterMs + databases * times.databaseMs);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function clusterQuery(role: string): string {
  return `
SELECT r.rolname, r.rolcanlogin, r.rolinherit, r.rolsuper, r.rolcreatedb, r.rolcreaterole,
  ARRAY(SELECT pg_get_userbyid(m.roleid) FROM pg_auth_members m WHERE m.member = r.oid) AS memberships,
  ARRAY(SELECT d.datname FROM pg_database d WHERE d.datallowconn AND has_database_privilege(r.oid, d.oid, 'CONNECT')) AS databases
FROM pg_roles r WHERE r.rolname = '${role}';`;
}

function databaseQuery(role: string): string {
  return `
WITH tables AS (
  SELECT n.nspname AS schema, c.relname AS name, c.oid
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
checked AS MATERIALIZED (
  SELECT t.schema, t.name, p.privilege, has_table_privilege('${role}', t.oid, p.privilege) AS held
  FROM tables t CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
),
rolled AS (
  SELECT schema, privilege, count(*) AS total, count(*) FILTER (WHERE held) AS held FROM checked GROUP BY 1, 2
)
SELECT r.schema, has_schema_privilege('${role}', r.schema, 'USAGE') AS usage, r.privilege, r.total, r.held,
  (SELECT array_agg(c.name) FROM checked c
   WHERE r.held BETWEEN 1 AND r.total - 1 AND c.schema = r.schema AND c.privilege = r.privilege AND c.held) AS exceptions
FROM rolled r ORDER BY 1, 3;`;
}
