// One question to one database: which roles the admin may act for, and which objects of the plans it may not grant on.
import type { Connection } from "../../io/postgres.ts";
import type { ObjectNeed, TransferNeed } from "./needs.ts";
import { inquiryQuery } from "./inquiry-query.ts";

export type AdminFacts = {
  readonly name: string;
  /** `server_version_num`. */
  readonly version: number;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly createDb: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly inherit: boolean;
  /** What createrole_self_grant gives the admin on a role that it makes: from 16 on. */
  readonly selfGrant: string | null;
};

/** What the admin is to one role. */
export type RoleFacts = {
  readonly name: string;
  readonly superuser: boolean;
  readonly replication: boolean;
  /** Has its rights without SET ROLE. */
  readonly usage: boolean;
  readonly member: boolean;
  /** May become it; before 16 every member may. */
  readonly set: boolean;
  readonly admin: boolean;
  /** Has ADMIN in its own name or in that of a role whose rights it has: from 16 on only that can be the grantor. */
  readonly grantsAs: boolean;
  /** Is itself a member of the admin, so that the admin cannot become one of it. */
  readonly isMemberOfAdmin: boolean;
  /** The admin's own memberships in it, their options joined; `null`: none. Before 16 options are false. */
  readonly direct: { readonly inherit: boolean; readonly set: boolean } | null;
};

/** Objects of one owner that a need covers and that the admin may not grant on, or revoke from. */
export type Lacking = {
  readonly need: number;
  /** Of pg_database_owner, the database's owner: nobody can be made a member of the former (F57). */
  readonly owner: string;
  /** PostgreSQL would take another role than the owner for the grantor, and leave what the owner granted. */
  readonly rival: boolean;
  readonly count: number;
  /** Sorted by bytes; at most `maximumNames` of them. */
  readonly names: readonly string[];
};

export type Answer = {
  readonly admin: AdminFacts;
  readonly roles: readonly RoleFacts[];
  readonly lacking: readonly Lacking[];
  /** Schemas of needs in which the admin, or the grantor to become, may not name any object. */
  readonly closed: readonly { readonly need: number; readonly usableBy: readonly string[] }[];
  readonly transfers: readonly {
    readonly number: number;
    /** It owns something whose new owner the admin has to be able to become. */
    readonly needsSet: boolean;
    /** It owns a schema, and neither of the three has CREATE on the database. */
    readonly needsCreate: boolean;
    /** Schemas in which the new owner may not create, and so not own, what it would get. */
    readonly closed: readonly string[];
  }[];
};

/** More objects than this of one owner, and the remedy says ON ALL … instead. */
export const maximumNames = 100;

export async function inquire(
  connection: Connection,
  input: { readonly roles: readonly string[]; readonly needs: readonly ObjectNeed[]; readonly transfers: readonly TransferNeed[] },
): Promise<Answer> {
  const needs = input.needs.map((need, id) => ({
    id,
    ...objectsOf(need),
    privileges: need.privileges,
    mustOwn: need.mustOwn,
    grantor: need.grantor,
  }));
  const transfers = input.transfers.map(({ role, to }, number) => ({ number, role, to }));
  const { rows } = await connection.query<Answer>(inquiryQuery, [
    input.roles,
    JSON.stringify(needs),
    maximumNames,
    JSON.stringify(transfers),
  ]);
  const [answer] = rows;
  if (!answer) throw new Error("the login that is in use does not exist any more");
  return answer;
}

type Objects = { readonly kind: string; readonly schema: string | null; readonly names: readonly string[] };

function objectsOf({ on }: ObjectNeed): Objects {
  switch (on.kind) {
    case "database":
      return { kind: on.kind, schema: null, names: [on.database] };
    case "tablespace":
    case "parameter":
      return { kind: on.kind, schema: null, names: [on.name] };
    case "schema":
      return { kind: on.kind, schema: null, names: [on.schema] };
    case "allTables":
    case "allSequences":
    case "allRoutines":
      return { kind: on.kind, schema: on.schema, names: [] };
    case "objects":
      return namedObjects(on.objects);
  }
}

/** A statement names objects of one kind and schema only. */
function namedObjects(objects: Extract<ObjectNeed["on"], { kind: "objects" }>["objects"]): Objects {
  const [first] = objects;
  if (!first) throw new Error("a grant names no object");
  if (first.kind === "column") return { kind: "table", schema: first.schema, names: [first.table] };
  const names = objects.map((object) => ("signature" in object ? object.signature : "oid" in object ? object.oid : object.name));
  return { kind: first.kind, schema: "schema" in first ? first.schema : null, names };
}
