// Servers for benchmarks: no durability, room for large catalogs, and nothing that runs by itself in the middle of a measurement.
import { startServer, type Server } from "../test/support/server.ts";

const settings = {
  autovacuum: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "8GB",
  max_locks_per_transaction: "1024",
  maintenance_work_mem: "256MB",
};

/** @param sharedBuffers large enough for the catalogs that the benchmark makes. */
export function startBenchServer(sharedBuffers: string): Promise<Server> {
  return startServer({ settings: { ...settings, shared_buffers: sharedBuffers } });
}

/** The catalogs as autovacuum would leave them. The tables themselves are empty. */
export async function vacuumCatalogs(server: Server, database: string): Promise<void> {
  const rows = await server.run(
    database,
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  const client = await server.connect(database);
  for (const { name } of rows) await client.query(`VACUUM ANALYZE ${String(name)}`);
  await client.query("CHECKPOINT");
  await client.end();
}
