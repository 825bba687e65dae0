// What every file of threats needs: one server, one bundle, stories on them, and the eyes to see what came of an attack.
import { afterAll, beforeAll, beforeEach } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server, type ServerOptions } from "../../support/server.ts";
import { githubActions, type CheckRun } from "../host/state.ts";
import type { StepResult } from "../runner/process.ts";
import type { RunRecord } from "../workflow.ts";
import { buildAction, planner, startAccessStory, type AccessStoryInput } from "./access-story.ts";
import type { PullRequest } from "./pull-request.ts";

export const ro = "analytics,managed,ro,app,SELECT,";
export const rw = "analytics,managed,rw,app,SELECT;INSERT,";
/** The pull request of most attacks: one more role, by somebody who may write. */
export const change = { branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };

export const planCheck = "rolewright plan (default)";

export type AttackStory = Awaited<ReturnType<typeof startAccessStory>>;

/** Registers the hooks of a file. Two tables in the database `app`, a planner that may only connect, and no role of ours. */
export function useAccessStories(options: () => ServerOptions = () => ({})) {
  let server: Server | undefined;
  let action: ReturnType<typeof buildAction> | undefined;
  const started = (): Server => server ?? missing();
  beforeAll(async () => {
    action = buildAction();
    server = await startServer(options());
  });
  afterAll(async () => {
    action?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await resetCluster(started());
    await started().run("postgres", `create role ${planner.user} login password '${planner.password}'`);
    await started().run("postgres", "create database app");
    await started().run("app", "create table t (a int); create table u (a int)");
  });
  return {
    server: started,
    start: (input: Partial<AccessStoryInput> = {}) =>
      startAccessStory({ server: started(), action: action?.directory ?? missing(), roles: [ro], ...input }),
    /** Names of the roles that were made. */
    ourRoles: async (): Promise<readonly unknown[]> =>
      (await started().run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev' order by 1")).map(({ rolname }) => rolname),
  };
}

/** rolewright's own step of a run. */
export function stepOf(record: RunRecord | undefined): StepResult | null {
  return record?.jobs[0]?.steps.find(({ id }) => id === "rolewright")?.result ?? null;
}

export function reasonOf(record: RunRecord | undefined): string | undefined {
  return stepOf(record)?.outputs.get("reason-code");
}

/** All logs of a run, and what the jobs noted. */
export function logOf(record: RunRecord | undefined): string {
  return record?.jobs.flatMap(({ steps, notes }) => [...steps.map(({ log }) => log), ...notes]).join("\n") ?? "";
}

/** The records of a workflow file so far, the oldest first. */
export async function recordsOf(story: AttackStory, file: string): Promise<readonly RunRecord[]> {
  return (await story.executor.settle()).filter((record) => record.file === file);
}

export async function lastPlan(story: AttackStory): Promise<RunRecord | undefined> {
  return (await recordsOf(story, "rolewright-plan.yml")).at(-1);
}

/** The newest check run that the plan has left. */
export function planCheckOf(pull: PullRequest): CheckRun {
  return pull.checkRuns(planCheck).at(-1) ?? missing();
}

/** A client that does as a workflow of this repository may do, on whatever branch it stands: the token of GitHub Actions. */
export function workflowOf(story: AttackStory, permissions: Parameters<AttackStory["github"]["actionsToken"]>[1]) {
  return callerOf(story, story.github.actionsToken(story.repository, permissions));
}

/** The same as another app that is installed in the repository. */
export function otherAppOf(story: AttackStory) {
  const token = story.github.addToken({
    app: { ...githubActions, id: 999, slug: "other", name: "Other" },
    permissions: { checks: "write" },
    repository: story.repository.fullName,
  });
  return callerOf(story, token);
}

function callerOf({ github, repository }: AttackStory, token: string) {
  return async (method: string, path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(`${github.at.api}/repos/${repository.fullName}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "user-agent": "attacker", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  };
}

function missing(): never {
  throw new Error("the hooks of the file have not run, or a plan left no check run");
}
