// Every connection of an apply has to be to one and the same primary: behind a failing over or load-balanced name may be others (F48).
import type { Connection } from "../io/postgres.ts";

/** The server behind an address is not the one to apply to. Nothing was sent to it. */
export class WrongServerError extends Error {
  override readonly name = "WrongServerError";
}

/** Closes the connection and throws WrongServerError unless it is to a primary, and to the cluster that the first call has seen. */
export type IdentityCheck = (connection: Connection) => Promise<Connection>;

/** @param address for the messages: `analytics at db.example:5432`. */
export function identityCheck(address: string): IdentityCheck {
  let known: string | null = null;
  return async (connection) => {
    try {
      const { rows } = await connection.query<{ identifier: string; isStandby: boolean }>(
        `SELECT c.system_identifier::text AS identifier, pg_catalog.pg_is_in_recovery() AS "isStandby" FROM pg_catalog.pg_control_system() c`,
      );
      const identifier = rows[0]?.identifier ?? "";
      known ??= identifier;
      if (rows[0]?.isStandby !== false) throw standby(address);
      if (identifier !== known) throw otherCluster(address, known, identifier);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
}

function standby(address: string): WrongServerError {
  return new WrongServerError(`${address} is a standby, and only a primary can be changed; give the resource the address of the primary`);
}

function otherCluster(address: string, known: string, found: string): WrongServerError {
  return new WrongServerError(
    `${address} led to the cluster ${known} and then to the cluster ${found}; give the resource an address that leads to one server only`,
  );
}
