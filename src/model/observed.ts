// Observed: what the live catalogs say of one resource. Direct ACL entries only; what a role gets through PUBLIC,
// membership or ownership is kept beside them, for the report.
import type { BulkKind, ObjectRef } from "./object-ref.ts";
import type { RoleSetting } from "./role-setting.ts";

export type ServerInfo = {
  /** `server_version_num`: 160014. */
  readonly version: number;
  /** `pg_control_system().system_identifier`, as text: it does not fit a double. */
  readonly systemIdentifier: string;
  readonly isInRecovery: boolean;
  /** The login that looked; never part of a checksum. */
  readonly currentUser: { readonly name: string; readonly superuser: boolean; readonly createRole: boolean };
};

export type RoleAttributes = {
  readonly login: boolean;
  readonly inherit: boolean;
  readonly superuser: boolean;
  readonly createDb: boolean;
  readonly createRole: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** RFC 3339 instant in UTC, or `null` for none and for `infinity`. */
  readonly validUntil: string | null;
};

/** A member of a role, whoever made it one. */
export type RoleMember = {
  readonly name: string;
  /** It inherits what the role may, or can become the role. */
  readonly isUser: boolean;
  /** It may make others, and itself, such members. */
  readonly isAdmin: boolean;
};

export type ObservedRole = {
  readonly name: string;
  readonly attributes: RoleAttributes;
  readonly comment: string | null;
  /** Direct ones, sorted by name; left out where there are none. */
  readonly members?: readonly RoleMember[];
  /** What ALTER ROLE … SET has left on it, sorted by name; left out where there is nothing. */
  readonly settings?: readonly RoleSetting[];
};

/** First `server_version_num` where a membership has options, and one row for each grantor. */
export const membershipOptionsSince = 160_000;

/** One row of pg_auth_members: from PostgreSQL 16 there is one per grantor. */
export type Membership = {
  readonly role: string;
  readonly member: string;
  readonly grantor: string;
  readonly admin: boolean;
  /** `null` before 16, where the member's INHERIT attribute decides. */
  readonly inherit: boolean | null;
  readonly set: boolean | null;
};

/** A role that a spec names as `source_role`, and what a member of it can reach. */
export type SourceRole = {
  readonly name: string;
  /** Itself and every role that it is directly or transitively a member of, sorted by name. */
  readonly reaches: readonly {
    readonly name: string;
    readonly superuser: boolean;
    readonly createDb: boolean;
    readonly createRole: boolean;
    readonly replication: boolean;
    readonly bypassRls: boolean;
  }[];
};

/** One direct ACL entry on one object. */
export type ObjectGrant = {
  readonly role: string;
  readonly object: ObjectRef;
  readonly privilege: string;
  readonly grantable: boolean;
  readonly grantor: string;
  /** False: a plain REVOKE does not remove it; only the grantor can. */
  readonly byOwner: boolean;
  /** The owner of the object, where it is not the grantor. */
  readonly owner?: string;
  /** Of a grant to a target on a sequence: whether the role may hold USAGE on it, since a default in scope draws from it. */
  readonly isNeeded?: boolean;
  /** Of a grant to a target with the grant option: it has granted the privilege on the object to others. */
  readonly isUsed?: true;
};

/** Grants that a target made to others are shown, not counted: this many are enough. Of each, since every role has blockers of its own. */
export const maximumGrantsByTarget = 100;

export type DatabaseInfo = {
  readonly name: string;
  readonly owner: string;
  readonly allowsConnections: boolean;
  readonly isTemplate: boolean;
  /** What PUBLIC holds on it, built-in defaults included. */
  readonly publicPrivileges: readonly string[];
  /** It has no encoding (SQL_ASCII): whatever is beyond ASCII can be written in it only as it is. */
  readonly isAscii?: true;
};

/** The shared catalogs, seen from one connection. */
export type ClusterCatalog = {
  readonly server: ServerInfo;
  /** Target roles that exist, by name: declared ones and those that carry our marker. */
  readonly roles: ReadonlyMap<string, ObservedRole>;
  /** Memberships of the target roles in others. */
  readonly memberships: readonly Membership[];
  /** Memberships of others that a target granted: revoking the target's own would need CASCADE. */
  readonly membershipsGrantedByTargets: readonly Membership[];
  readonly sources: ReadonlyMap<string, SourceRole>;
  readonly databases: readonly DatabaseInfo[];
  /** Direct grants of the targets on databases, tablespaces and parameters. */
  readonly grants: readonly ObjectGrant[];
  /** Grants on them that a target made to others (`public` is PUBLIC): they would have to go first. At most 100 of each target. */
  readonly grantsByTargets: readonly ObjectGrant[];
  /** Tablespaces that a target owns; left out where there are none. */
  readonly ownedTablespaces?: readonly { readonly role: string; readonly name: string }[];
  /** Databases, beyond the declared ones, in which a target holds or owns something, by role. */
  readonly footprints: readonly { readonly role: string; readonly database: string }[];
};

export type SchemaInfo = {
  readonly name: string;
  readonly owner: string;
  /** Counts of what ON ALL TABLES, SEQUENCES and ROUTINES cover; partitions are counted apart and never in `tables`. */
  readonly tables: number;
  readonly partitions: number;
  readonly sequences: number;
  readonly routines: number;
  /** SHA-256 (hex) over the sorted names and kinds, for schemas in scope; "" elsewhere. */
  readonly digests: Readonly<Record<BulkKind, string>>;
  readonly publicPrivileges: readonly string[];
  /** Table privileges that PUBLIC holds on at least one table. */
  readonly publicTablePrivileges: readonly string[];
  /** Entries of the longest ACL among its relations. */
  readonly maximumGrantees: number;
  /** Bytes of its largest ACL as it is stored, where one has many entries: it has to fit a page (F70). */
  readonly aclBytes?: number;
  /** Owners of tables, sequences or routines here, the schema's owner (pg_database_owner resolved), holders of CREATE by a
   *  direct grant or a declaration, and inheriting members of those; superusers only where they own something. Sorted. Declared roles
   *  count as declared, also those that do not exist yet; an orphan that the plan drops counts as its heir. */
  readonly creators: readonly string[];
};

/** The roll-up of one role's direct grants of one privilege on the objects of one schema. */
export type BulkGrant = {
  readonly role: string;
  readonly schema: string;
  readonly kind: BulkKind;
  readonly privilege: string;
  /** Objects on which it is held, whoever granted it; without partitions. */
  readonly held: number;
  /** Of those, the ones that the owner's side granted, which a plain REVOKE removes. */
  readonly heldByOwner: number;
  readonly heldPartitions: number;
  readonly heldPartitionsByOwner: number;
};

/** Names behind a roll-up that is neither all nor nothing. */
export type BulkException = {
  readonly role: string;
  readonly schema: string;
  readonly kind: BulkKind;
  readonly privilege: string;
  /** `missing`: wanted, not held. `extra`: held through the owner's side, not wanted (partitions included). */
  readonly which: "missing" | "extra";
  /**
   * Table or sequence names, or routine signatures; sorted by bytes; at most `maximumExceptionNames` of them, or many more where ON ALL …
   * would hit objects that it must not.
   */
  readonly names: readonly string[];
  readonly total: number;
  /** SHA-256 (hex) over all the names, listed or not. */
  readonly digest: string;
};

/** More names than this, and the plan says ON ALL … instead where it may: on 18 each named table takes a lock. No statement names more. */
export const maximumExceptionNames = 1000;

export type DefaultPrivilege = {
  readonly role: string;
  /** The role whose new objects get the grant. */
  readonly forRole: string;
  /** `null`: the global entry. */
  readonly schema: string | null;
  readonly objects: "TABLES" | "SEQUENCES" | "FUNCTIONS" | "TYPES" | "SCHEMAS" | "LARGE OBJECTS";
  readonly privilege: string;
  readonly grantable: boolean;
};

/** Of more routines, views, rules or triggers that change hands, the first ones are named. */
export const maximumHandoverNames = 20;

/** Code that an orphan leaves to its heir. */
export type Handover = {
  readonly role: string;
  /** `view`: a view or materialized view that runs with its owner's rights; `invokerView`: one that does not. */
  readonly kind: "securityDefiner" | "routine" | "view" | "invokerView" | "rule" | "trigger";
  readonly total: number;
  /** As SQL writes them, sorted by bytes; at most `maximumHandoverNames`. */
  readonly names: readonly string[];
  /** SHA-256 (hex) over all names and definitions. */
  readonly digest: string;
};

/** One database's own catalogs, for all target roles. */
export type DatabaseCatalog = {
  readonly name: string;
  readonly schemas: readonly SchemaInfo[];
  readonly bulkGrants: readonly BulkGrant[];
  readonly exceptions: readonly BulkException[];
  /** Entries that roll-ups cannot stand for: on schemas, columns, types, languages, wrappers, servers, large objects, system
   *  objects; and on tables, sequences, routines where the grantor is not the owner or the grant option is held. */
  readonly grants: readonly ObjectGrant[];
  /** Sequences that column defaults of tables in scope draw from, per role that is to INSERT: how many, and how many it lacks. */
  readonly neededSequences: readonly {
    readonly role: string;
    readonly schema: string;
    readonly needed: number;
    readonly missing: number;
  }[];
  readonly defaultPrivileges: readonly DefaultPrivilege[];
  /** What targets own here, counted. */
  readonly owns: readonly { readonly role: string; readonly count: number }[];
  /** Grants that a target made to others: they would have to go first. At most 100 of each target. */
  readonly grantsByTargets: readonly ObjectGrant[];
  /** Row-level security policies that name a target. */
  readonly policies: readonly Policy[];
  /** What orphans that are to be dropped leave to their heir; left out where there is nothing. */
  readonly handover?: readonly Handover[];
};

/** Of more roles that a policy names, the first ones are listed. */
export const maximumPolicyRoles = 20;

/** One row-level security policy, and one role that it names. */
export type Policy = {
  readonly role: string;
  readonly schema: string;
  readonly table: string;
  readonly policy: string;
  /** The other roles that it names, first those that stay. Once it names none, DROP OWNED of the last one has dropped it. */
  readonly others: readonly string[];
  /** Without it more rows are seen. */
  readonly isRestrictive: boolean;
};

export type Unreachable = {
  readonly name: string;
  readonly unreachable: string /** A name in its catalogs is the reason, which whoever may create there has chosen. */;
  readonly isByName?: true;
};

export type Observed = {
  readonly cluster: ClusterCatalog;
  /** Declared databases that exist, and others that hold something of a target, by name. */
  readonly databases: ReadonlyMap<string, DatabaseCatalog | Unreachable>;
  /** A connection pooler stands between here and the server: nothing can be applied through it. */
  readonly isPooled?: boolean;
};
