// What the files of stories about access repositories share: one server, one bundle, stories on them, and the change that most of them make.
import { afterAll, beforeAll, beforeEach } from "vitest";
import { formatRoles } from "../../support/access-repository.ts";
import { resetCluster, startServer, type Server, type ServerOptions } from "../../support/server.ts";
import { buildAction, planner, startAccessStory, type AccessStoryInput } from "./access-story.ts";

export const ro = "analytics,managed,ro,app,SELECT,";
export const rw = "analytics,managed,rw,app,SELECT;INSERT,";
/** The pull request of most stories: one more role, by somebody who may write. */
export const change = { branch: "more", files: { "roles.csv": formatRoles([ro, rw]) }, by: "wen" };

export type AccessStory = Awaited<ReturnType<typeof startAccessStory>>;

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
  const run: Server["run"] = (database, sql) => started().run(database, sql);
  return {
    server: started,
    /** A statement as the superuser. */
    run,
    start: (input: Partial<AccessStoryInput> = {}) =>
      startAccessStory({ server: started(), action: action?.directory ?? missing(), roles: [ro], ...input }),
    /** Names of the roles that were made. */
    ourRoles: async (): Promise<readonly unknown[]> =>
      (await run("postgres", "select rolname from pg_roles where rolname ~ '^hoopdev' order by 1")).map(({ rolname }) => rolname),
  };
}

function missing(): never {
  throw new Error("the hooks of the file have not run");
}
