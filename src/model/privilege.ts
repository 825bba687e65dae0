// Privileges as the files name them, and the kinds of object on which each exists.
// https://www.postgresql.org/docs/current/ddl-priv.html
import type { BulkKind } from "./object-ref.ts";

/** What GRANT accepts on tables, views, materialized views and foreign tables; MAINTAIN from PostgreSQL 17. */
export const tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"] as const;

export type TablePrivilege = (typeof tablePrivileges)[number];

/** What a role spec may say. ALL is every table privilege of the server's version; CREATE and EXECUTE are never part of it. */
export const declarablePrivileges = [...tablePrivileges, "CREATE", "EXECUTE", "ALL"] as const;

export type Privilege = (typeof declarablePrivileges)[number];

/** First `server_version_num` that knows MAINTAIN. */
const maintainSince = 170_000;

/** The privileges of one role spec, each on the kind of object that it exists for. Sorted in PostgreSQL's own order. */
export type PrivilegesByKind = {
  readonly tables: readonly TablePrivilege[];
  readonly schemas: readonly ("USAGE" | "CREATE")[];
  readonly routines: readonly "EXECUTE"[];
};

/** Whether a privilege is wanted on every object of a kind in the schemas in scope. Sequences are wanted one by one. */
export function isOnAll(wanted: PrivilegesByKind, { kind, privilege }: { readonly kind: BulkKind; readonly privilege: string }): boolean {
  const privileges: readonly string[] = kind === "sequences" ? [] : wanted[kind];
  return privileges.includes(privilege);
}

/**
 * Spreads declared privileges over the kinds of object, for one server version.
 * USAGE on the schemas in scope is always part of it: without it no object in them can be reached.
 * @returns also the declared privileges that this server does not know.
 */
export function expandPrivileges(
  declared: readonly Privilege[],
  serverVersion: number,
): { readonly byKind: PrivilegesByKind; readonly unknown: readonly Privilege[] } {
  const known = tablePrivileges.filter((privilege) => privilege !== "MAINTAIN" || serverVersion >= maintainSince);
  const all = declared.includes("ALL");
  return {
    byKind: {
      tables: known.filter((privilege) => all || declared.includes(privilege)),
      schemas: declared.includes("CREATE") ? ["USAGE", "CREATE"] : ["USAGE"],
      routines: declared.includes("EXECUTE") ? ["EXECUTE"] : [],
    },
    unknown: serverVersion < maintainSince && declared.includes("MAINTAIN") ? ["MAINTAIN"] : [],
  };
}
