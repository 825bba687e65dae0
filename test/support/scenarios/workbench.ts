// A scenario on a real server: its access repository with the server's endpoint in it, and rolewright run on it in this process.
import { randomBytes, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { runApply } from "../../../src/commands/apply.ts";
import type { CommandContext, ExitCode } from "../../../src/commands/context.ts";
import { runPlan } from "../../../src/commands/plan.ts";
import { openFileStore } from "../../../src/credentials/file-store.ts";
import type { Output } from "../../../src/io/terminal.ts";
import { connect, type Connection } from "../../../src/io/postgres.ts";
import type { Session } from "../../../src/model/session.ts";
import { observe, planObserved, type Goal } from "../../../src/reconcile.ts";
import type { RolePlan } from "../../../src/model/plan.ts";
import type { Observed } from "../../../src/model/observed.ts";
import type { Server } from "../server.ts";
import { placeholder, readGoal, repositoryName, type Scenario } from "./scenario.ts";

export type CommandOutcome = { readonly exitCode: ExitCode; readonly errors: string; readonly sessions: readonly Session[] };

export type Workbench = {
  /** What desired/ wants, of the server under test. */
  readonly goal: Goal;
  readonly observe: () => Promise<Observed>;
  readonly plan: () => Promise<readonly RolePlan[]>;
  /** `rolewright plan -o result.yaml`. */
  readonly runPlan: () => Promise<CommandOutcome>;
  /** `rolewright apply -f result.yaml`. */
  readonly runApply: () => Promise<CommandOutcome>;
  /** The password that was delivered for a label, or `null`. */
  readonly passwordOf: (label: string) => Promise<string | null>;
  readonly [Symbol.dispose]: () => void;
};

export async function openWorkbench(server: Server, scenario: Scenario): Promise<Workbench> {
  const placeholderGoal = await readGoal(scenario);
  const resource = { ...placeholderGoal.resource, host: server.host, port: server.port };
  const goal = { ...placeholderGoal, resource };
  const root = mkdtempSync(join(tmpdir(), "rolewright-scenario-"));
  const repository = join(root, "access");
  copyDesired(scenario, { repository, server });
  const store = await openFileStore({ directory: join(root, "credentials"), repositoryDirectory: repository });
  const result = join(root, "result.yaml");
  const env = { ROLEWRIGHT_ADMIN_CSV: `resource_name,username,password\n${resource.name},${server.user},${server.password}\n` };
  const read = (): Promise<Observed> => observe(goal, (database) => openReader(server, database));
  return {
    goal,
    observe: read,
    plan: async () => planObserved(goal, await read()),
    runPlan: () =>
      run({ repository, env }, (context) =>
        runPlan(context, { source: { from: "repository", resource: null, label: null }, resultFile: result, detailedExitCode: false }),
      ),
    runApply: () => run({ repository, env }, (context) => runApply(context, { source: { from: "result", path: result } })),
    passwordOf: async (label) => (await store.current({ resource: resource.name, label }))?.password ?? null,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The access repository as it stands, but for the endpoint, its own name and where passwords go. */
function copyDesired(scenario: Scenario, { repository, server }: { readonly repository: string; readonly server: Server }): void {
  cpSync(join(scenario.directory, "desired"), repository, { recursive: true });
  for (const name of readdirSync(repository).filter((file) => file.startsWith("inventory."))) {
    const path = join(repository, name);
    writeFileSync(
      path,
      readFileSync(path, "utf8").replaceAll(placeholder.host, server.host).replaceAll(String(placeholder.port), String(server.port)),
    );
  }
  const settings = join(repository, "rolewright.yaml");
  const values = existsSync(settings) ? (parse(readFileSync(settings, "utf8")) as object) : {};
  writeFileSync(settings, stringify({ repository: repositoryName, ...values, credentials: { store: "file:../credentials" } }));
}

async function run(
  { repository, env }: { readonly repository: string; readonly env: CommandContext["env"] },
  command: (context: CommandContext) => Promise<ExitCode>,
): Promise<CommandOutcome> {
  const errors: string[] = [];
  let document: unknown = null;
  const output: Output = {
    width: null,
    line: () => {},
    lines: () => {},
    note: () => {},
    error: (line) => void errors.push(JSON.stringify(line)),
    json: (value) => void (document = value),
    hasDocument: () => document !== null,
    text: () => {},
    progress: () => ({ set: () => {}, done: () => {}, end: () => {} }),
    flush: () => Promise.resolve(),
  };
  const exitCode = await command({
    repositoryDirectory: repository,
    env,
    output,
    signal: new AbortController().signal,
    now: () => new Date(),
    randomUuid: () => randomUUID(),
    randomBytes: (size) => randomBytes(size),
    json: true,
    quiet: true,
    toolVersion: "0.0.0-scenarios",
    invocation: ["rolewright"],
    addSecret: () => {},
    redact: (text) => text,
  });
  const { results = [] } = (document ?? {}) as { results?: readonly Session[] };
  return { exitCode, errors: errors.join("\n"), sessions: results };
}

/** The settings of a real run, as the superuser. */
export function openReader(server: Server, database: string): Promise<Connection> {
  return openAs(server, { user: server.user, password: server.password, database });
}

export function openAs(
  server: Server,
  login: { readonly user: string; readonly password: string; readonly database: string },
): Promise<Connection> {
  return connect({
    ...login,
    resource: "scenario",
    host: server.host,
    port: server.port,
    tls: { mode: "disable" },
    connectSeconds: 10,
    lockSeconds: 3,
    statementSeconds: 60,
    applicationName: "rolewright scenarios",
  });
}
