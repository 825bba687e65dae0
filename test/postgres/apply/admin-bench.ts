// Runs of a non-superuser admin in this process, through the code of real runs: plan, preflight, apply; and a superuser who gives
// exactly what the message asks for, with psql.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { applyResource } from "../../../src/apply/apply.ts";
import { preflight } from "../../../src/apply/preflight.ts";
import { createApplyPort } from "../../../src/commands/apply-port.ts";
import { createConnector } from "../../../src/commands/connector.ts";
import type { Workspace } from "../../../src/commands/workspace.ts";
import { openLogFiles } from "../../../src/io/log-files.ts";
import type { Connection } from "../../../src/io/postgres.ts";
import type { ApplyOutcome } from "../../../src/model/apply-outcome.ts";
import { checksumVersion, type RolePlan } from "../../../src/model/plan.ts";
import type { Privilege } from "../../../src/model/privilege.ts";
import type { Resource } from "../../../src/model/resource.ts";
import { generateRoleName } from "../../../src/model/role-name.ts";
import type { RoleSpec } from "../../../src/model/role-spec.ts";
import { parseScope } from "../../../src/model/scope.ts";
import { defaultSettings, type Settings } from "../../../src/model/settings.ts";
import { planResource, type Goal } from "../../../src/reconcile.ts";
import { commandContext, outputTo } from "../../support/command-context.ts";
import type { Server } from "../../support/server.ts";

export const admin = "rw_admin";

export const createAdmin = `CREATE ROLE ${admin} LOGIN CREATEROLE PASSWORD '${admin}'`;

const origin = { file: "roles.yaml", line: 1, column: 1 };

export function roleName(label: string): string {
  const name = generateRoleName({ prefix: "hoopdev", resource: "cluster", label });
  if ("problem" in name) throw new Error(name.problem);
  return name.roleName;
}

type Wish = Partial<Omit<RoleSpec, "label" | "scopes" | "privileges">>;

export function managed(label: string, scopes: readonly string[], privileges: readonly Privilege[], wish: Wish = {}): RoleSpec {
  const parsed = scopes.map((scope) => {
    const result = parseScope(scope);
    if ("problem" in result) throw new Error(result.problem);
    return result;
  });
  return {
    resource: "cluster",
    label,
    roleName: roleName(label),
    type: "managed",
    scopes: parsed,
    privileges,
    sourceRole: null,
    rotatePassword: false,
    connectionLimit: null,
    expiresAt: null,
    futureObjects: false,
    acknowledgeHazards: [],
    origin,
    ...wish,
  };
}

export function external(label: string, sourceRole: string, wish: Wish = {}): RoleSpec {
  return managed(label, [], [], { type: "external", sourceRole, ...wish });
}

export type AdminBench = {
  readonly plan: () => Promise<readonly RolePlan[]>;
  /** What preflight says of the plans as they would be made now. */
  readonly preflight: () => Promise<ReadonlyMap<string, string>>;
  /** The databases that the last preflight asked, one entry for each query; "" is the maintenance connection. */
  readonly asked: () => readonly string[];
  readonly apply: (plans?: readonly RolePlan[]) => Promise<readonly ApplyOutcome[]>;
  readonly [Symbol.dispose]: () => void;
};

/** @param options.withSuperuser runs as the superuser instead. */
export function openAdminBench(
  server: Server,
  specs: readonly RoleSpec[],
  options: { readonly settings?: Partial<Settings>; readonly withSuperuser?: boolean } = {},
): AdminBench {
  const root = mkdtempSync(join(tmpdir(), "rolewright-admin-"));
  const resource: Resource = {
    name: "cluster",
    type: "PostgreSQL",
    host: server.host,
    port: server.port,
    maintenanceDatabase: "postgres",
    tags: [],
    origin,
  };
  const settings: Settings = { ...defaultSettings, credentials: { store: "file:../credentials" }, ...options.settings };
  const goal: Goal = { resource, specs, planned: new Set(specs.map((spec) => spec.roleName)), withOrphans: true, settings };
  const login = options.withSuperuser === true ? `${server.user}:${server.password}` : `${admin}:${admin}`;
  const context = commandContext({
    repositoryDirectory: join(root, "access"),
    env: { ROLEWRIGHT_ADMIN_CLUSTER: login },
    output: outputTo(() => {}),
  });
  const workspace: Workspace = {
    directory: context.repositoryDirectory,
    desired: { settings, resources: [resource], roles: specs, groups: [] },
    run: { actor: "tests", commit: "", pullRequest: null, runUrl: "", toolVersion: "tests" },
    sessions: { path: join(root, "sessions"), files: openLogFiles({ path: join(root, "sessions"), within: root }) },
  };
  const connector = createConnector(context, workspace, "apply");
  const open = (database: string) => connector.open(resource, database);
  const plan = () => planResource(goal, open);
  let asked: string[] = [];
  return {
    plan,
    preflight: async () => {
      const plans = await plan();
      asked = [];
      const counted = (connection: Connection, database: string): Connection => {
        const query: Connection["query"] = (sql, parameters) => {
          asked.push(database);
          return connection.query(sql, parameters);
        };
        return { ...connection, query, close: () => connection.close(), [Symbol.asyncDispose]: () => connection.close() };
      };
      await using connection = await connector.openHeld(resource, "postgres");
      const shortfalls = await preflight({
        connection: counted(connection, ""),
        open: async (database) => counted(await open(database), database),
        plans,
      });
      return new Map([...shortfalls].map(([role, { message }]) => [role, message]));
    },
    asked: () => asked.toSorted(),
    apply: async (plans) => {
      const reviewed = (plans ?? (await plan())).map((role) => ({
        ...role,
        sid: randomUUID(),
        checksumVersion,
        isFromFile: false,
        recorded: role,
      }));
      const applied = await applyResource(createApplyPort({ context, workspace, connector, goal, report: () => {} }), reviewed);
      return applied.map(({ outcome }) => outcome);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The SQL that a message asks for. */
export function remedyOf(message: string | undefined): readonly string[] {
  return message?.split("\n").slice(2) ?? [];
}

/** Asks until nothing is missing; a superuser gives what is asked for each time. @returns all messages, round by round. */
export async function giveWhatIsMissing(server: Server, bench: AdminBench): Promise<readonly (readonly string[])[]> {
  const rounds: (readonly string[])[] = [];
  for (let round = 0; round < 4; round += 1) {
    const messages = [...(await bench.preflight()).values()];
    if (messages.length === 0) return rounds;
    rounds.push(messages);
    const script = [...new Set(messages.map((message) => remedyOf(message).join("\n")))].join("\n\\connect postgres\n");
    expect(await server.psql("postgres", script), script).toMatchObject({ code: 0 });
  }
  throw new Error(`what was asked for is never enough:\n${rounds.flat().join("\n")}`);
}

/** Applies, and expects that everything succeeds and that nothing is left. */
export async function expectApplied(bench: AdminBench): Promise<void> {
  const outcomes = await bench.apply();
  expect(outcomes.filter(({ status }) => status !== "success" && status !== "skipped").map(({ message }) => message)).toEqual([]);
  expect((await bench.plan()).map(({ status, message }) => [status, message])).toEqual(outcomes.map(() => ["in-sync", "in sync"]));
}
