// A pull request with something of everything: what the goldens show.
import type { Change } from "../../../../src/model/change.ts";
import type { RoleAttributes } from "../../../../src/model/observed.ts";
import type { RolePlan } from "../../../../src/model/plan.ts";
import { planChecksum } from "../../../../src/model/combined-checksum.ts";
import type { RoleDiff } from "../../../../src/model/role-diff.ts";
import { planRole } from "../../../../src/plan/plan.ts";
import type { CommentInput, CommentResource } from "../../../../src/review/comment-input.ts";

export const head = "9f3c2e1b7a604d51c8e2f0934b6d7a1e5c3f2084";

const loginRole: RoleAttributes = {
  login: true,
  inherit: true,
  superuser: false,
  createDb: false,
  createRole: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
};

export type PlanParts = {
  readonly resource?: string;
  readonly label?: string;
  readonly roleName?: string;
  readonly scopes?: readonly { readonly database: string; readonly schema: string | null }[];
  readonly file?: string;
  readonly line?: number;
  readonly isOrphan?: boolean;
} & Partial<Pick<RoleDiff, "changes" | "failures" | "blocked" | "warnings" | "effective" | "observedEntries">>;

/** A real plan, as plan/ makes it of these changes. */
export function planOf(parts: PlanParts = {}): RolePlan {
  const { resource = "analytics", label = "ro", isOrphan = false } = parts;
  const roleName = parts.roleName ?? `hoopdev_${resource}_${label}_6075a443`;
  const spec = {
    resource,
    label: isOrphan ? "" : label,
    roleName,
    type: "managed",
    scopes: parts.scopes ?? [{ database: resource, schema: "public" }],
    privileges: ["SELECT"],
    sourceRole: null,
    rotatePassword: false,
    connectionLimit: null,
    expiresAt: null,
    futureObjects: false,
    acknowledgeHazards: [],
    origin: { file: parts.file ?? "roles.yaml", line: isOrphan ? 0 : (parts.line ?? 14), column: 5 },
  } as const;
  const currentState = { role: roleName, requires_migration: true, exists: true, attributes: {}, memberships: [], scope_states: {} };
  return planRole(
    {
      spec,
      isOrphan,
      changes: parts.changes ?? [],
      failures: parts.failures ?? [],
      blocked: parts.blocked ?? [],
      warnings: parts.warnings ?? [],
      effective: parts.effective ?? [],
      observedEntries: parts.observedEntries ?? [`role ${roleName}`],
      currentState,
    },
    { resource, host: "192.168.18.54", port: 5432, system_identifier: "7423" },
    "postgres",
  );
}

export function creation(role: string, database: string): readonly Change[] {
  return [
    { kind: "createRole", role, attributes: { ...loginRole, connectionLimit: 20 } },
    { kind: "commentRole", role, comment: "Managed in Git, do not change by hand [rolewright acme/access]" },
    { kind: "grant", privileges: ["CONNECT"], on: { kind: "database", database }, grantee: role },
    { kind: "grant", privileges: ["USAGE"], on: { kind: "schema", database, schema: "public" }, grantee: role },
    { kind: "grant", privileges: ["SELECT"], on: { kind: "allTables", database, schema: "public" }, grantee: role },
  ];
}

export function revocation(role: string, database = "app"): Change {
  return {
    kind: "revoke",
    privileges: ["INSERT", "UPDATE"],
    on: { kind: "objects", database, objects: [{ kind: "table", schema: "public", name: "orders" }] },
    grantee: role,
    grantor: null,
    grantOptionOnly: false,
  };
}

export function disabling(role: string): Change {
  return { kind: "alterRole", role, from: loginRole, to: { ...loginRole, login: false } };
}

export function resourceOf(name: string, parts: Partial<CommentResource> = {}): CommentResource {
  return {
    name,
    serverVersion: 170_006,
    origin: { file: "inventory.csv", line: 2, column: 1 },
    connection: "used",
    declaredRoles: 1,
    ...parts,
  };
}

/** @param parts what differs; `plan` may be given as its role plans. */
export function commentInput(parts: Partial<CommentInput> & { readonly roles?: readonly RolePlan[] } = {}): CommentInput {
  const { roles = [], ...rest } = parts;
  return {
    environment: "prod",
    pullRequest: 42,
    head,
    base: { branch: "main", commit: "41d07aac10b5e8f3392b1d47c6a89e0f5d2b7c16" },
    places: { files: `https://github.com/acme/access/blob/${head}`, commits: "https://github.com/acme/access/commit" },
    plan: { roles, checksum: planChecksum(roles.map((role) => role.checksum)) },
    resources: [...new Set(roles.map((role) => role.resource))].map((name) => resourceOf(name)),
    inventory: { added: [], updated: [], unchanged: 3, removed: [] },
    diagnostics: [],
    state: { kind: "planned" },
    readAt: "2026-11-21T22:58:07Z",
    evidence: [
      { label: "check", url: "https://github.com/acme/access/runs/1" },
      { label: "log", url: "https://github.com/acme/access/actions/runs/2" },
      { label: "plan.yaml", url: "https://github.com/acme/access/actions/runs/2/artifacts/3" },
    ],
    whole: [{ label: "job summary", url: "https://github.com/acme/access/actions/runs/2" }],
    runUrl: "https://github.com/acme/access/actions/runs/2",
    ...rest,
  };
}

const api = "hoopdev_orders_api_2c764c3a";
const etl = "hoopdev_orders_etl_9b1f0c22";

/** Revocations, a creation, an orphan, in sync, a new resource, an updated and a removed one. */
export function everything(): CommentInput {
  const roles = [
    planOf({
      resource: "orders",
      label: "api",
      roleName: api,
      changes: creation(api, "orders"),
      effective: ["via PUBLIC: CONNECT, TEMPORARY on orders"],
    }),
    planOf({
      resource: "orders",
      label: "etl",
      roleName: etl,
      line: 30,
      changes: [
        revocation(etl, "orders"),
        { kind: "revokeMembership", role: "reporting", member: etl, grantor: "dba", adminOptionOnly: false },
      ],
      effective: ["via PUBLIC: CONNECT, TEMPORARY on orders", "via ownership: 3 objects in orders"],
      warnings: ['orders: policy "tenant" on "public.orders" names this role'],
    }),
    planOf({
      resource: "orders",
      roleName: "hoopdev_orders_old_1d2c3b4a",
      isOrphan: true,
      scopes: [],
      warnings: ["hoopdev_orders_old_1d2c3b4a carries this repository's marker and is no longer declared"],
    }),
    planOf({
      resource: "billing",
      label: "bi",
      line: 8,
      file: "roles/billing.yaml",
      changes: creation("hoopdev_billing_bi_6075a443", "billing"),
    }),
    ...["crm", "erp", "hr", "search"].map((resource) => planOf({ resource })),
  ];
  const input = commentInput({ roles });
  return {
    ...input,
    resources: [...input.resources, resourceOf("warehouse", { serverVersion: null, connection: "added", declaredRoles: 2 })],
    inventory: {
      added: [{ name: "warehouse", at: { file: "inventory.csv", line: 9, column: 1 } }],
      updated: [{ name: "hr", at: { file: "inventory.csv", line: 5, column: 1 }, changes: [{ column: "tags", from: "", to: "people" }] }],
      unchanged: 5,
      removed: [{ name: "legacy" }],
    },
  };
}

/** One resource that could not be read, one that others have to unblock first. */
export function troubled(): CommentInput {
  const rw = "hoopdev_ledger_rw_77aa10c2";
  const roles = [
    planOf({
      resource: "analytics",
      label: "ro",
      failures: ["could not connect to analytics at 192.168.18.54:5432: the server did not answer within 10 s"],
    }),
    planOf({ resource: "analytics", label: "rw", failures: ['schema "sales" does not exist in database "app"'] }),
    planOf({
      resource: "ledger",
      label: "rw",
      roleName: rw,
      changes: [revocation(rw, "ledger"), disabling(rw)],
      blocked: [
        {
          message: `${rw} granted SELECT to "intern" in database "ledger"; that has to be revoked first`,
          by: rw,
          database: "ledger",
          change: {
            kind: "revoke",
            privileges: ["SELECT"],
            on: { kind: "objects", database: "ledger", objects: [{ kind: "table", schema: "public", name: "entries" }] },
            grantee: "intern",
            grantor: rw,
            grantOptionOnly: false,
          },
        },
      ],
    }),
  ];
  return commentInput({ roles });
}
