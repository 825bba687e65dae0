// A session as plans open it: pinned, in one repeatable-read read-only transaction; and it counts its queries.
import { connect } from "../../../src/io/postgres.ts";
import { withTransaction } from "../../../src/io/transaction.ts";
import type { Queryable } from "../../../src/model/queryable.ts";
import type { Server } from "../../support/server.ts";

/** A login that may CONNECT and nothing else: promise 8. */
export const planner = "planner";

export const createPlanner = `CREATE ROLE ${planner} LOGIN PASSWORD '${planner}'`;

export type CountingQueryable = Queryable & { readonly count: () => number };

export async function inSession<Result>(
  server: Server,
  options: { readonly database: string; readonly user?: string },
  read: (db: CountingQueryable) => Promise<Result>,
): Promise<Result> {
  const user = options.user ?? server.user;
  await using connection = await connect({
    host: server.host,
    port: server.port,
    user,
    password: user === server.user ? server.password : user,
    database: options.database,
    tls: { mode: "disable" },
    connectSeconds: 10,
    lockSeconds: 3,
    statementSeconds: 60,
    applicationName: "test",
  });
  return await withTransaction(connection, { isolation: "repeatable read", readOnly: true }, (transaction) => {
    let count = 0;
    return read({
      query: (sql, parameters) => {
        count += 1;
        return transaction.query(sql, parameters);
      },
      count: () => count,
    });
  });
}
