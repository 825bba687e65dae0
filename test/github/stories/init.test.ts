// The repository that init writes, as it is: its workflows behind environments with the branches that its README asks for.
import { expect, test } from "vitest";
import { initFiles } from "../../../src/init/files.ts";
import { defaultWorkflowOptions } from "../../../src/init/workflow-parts.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { inventory, pin, planner } from "./access-story.ts";
import { useAccessStories } from "./access-suite.ts";

const suite = useAccessStories();

const logins = (user: string, password: string): string => `resource_name,username,password\nanalytics,${user},${password}\n`;

const start = (options = defaultWorkflowOptions) => {
  const files = initFiles({ pin, options, repository: "acme/access", codeOwners: ["@acme/dba"], serverUrl: "https://github.com" });
  return suite.start({
    roles: [],
    // The header that init has written, and the store of the story.
    files: Object.fromEntries(files.filter(({ path }) => path !== "rolewright.yaml").map(({ path, text }) => [path, text])),
    environments: {
      "rolewright-plan": {
        secrets: { ROLEWRIGHT_PLANNER_CSV: logins(planner.user, planner.password) },
        branches: ["refs/pull/*/merge", "gh-readonly-queue/main/*", "main"],
      },
    },
  });
};

test("a server and then its roles come by pull request, and the apply of each is no failure", async () => {
  await using story = await start();
  const servers = await story.openPullRequest({ branch: "servers", files: { "inventory.csv": inventory(suite.server().port) }, by: "wen" });
  expect(servers.checkRuns("rolewright plan (default)")).toMatchObject([{ conclusion: "success" }]);
  servers.approve("ada");
  const [first] = await servers.merge("squash", "ada");
  expect(first?.conclusion, JSON.stringify(first?.jobs, null, 1)).toBe("success");
  const roles = await story.openPullRequest({
    branch: "roles",
    files: { "roles.csv": formatRoles(["analytics,managed,ro,app,SELECT,"]) },
    by: "wen",
  });
  expect(roles.comments()).toMatchObject([{ body: expect.stringContaining("1 role to create") }]);
  roles.approve("ada");
  const [second] = await roles.merge("squash", "ada");
  expect(second?.conclusion, JSON.stringify(second?.jobs, null, 1)).toBe("success");
  expect(await suite.run("postgres", "select from pg_roles where rolname ~ '^hoopdev_analytics_ro'")).toHaveLength(1);
  expect([...story.credentials().keys()]).toEqual(["analytics/ro"]);
});

test("a push to another branch with a changed workflow does not reach the planners' logins", async () => {
  await using story = await start();
  const plan = story.read(".github/workflows/rolewright-plan.yml") ?? "";
  const files = { ".github/workflows/rolewright-plan.yml": plan.replace("  pull_request:\n", "  pull_request:\n  push:\n") };
  await story.openPullRequest({ branch: "evil", files, by: "wen" });
  const [pushed] = story.runs("rolewright-plan.yml").filter(({ event }) => event === "push");
  expect(pushed?.conclusion).toBe("failure");
});
