// A story about an access repository: the shipped workflows, the real bundle, and a real PostgreSQL behind the inventory.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyWorkflow, applyWorkflowPath, planWorkflow, planWorkflowPath } from "../../../src/init/workflows.ts";
import type { Server } from "../../support/server.ts";
import { formatRoles } from "../../support/access-repository.ts";
import { startStory, type EnvironmentInput, type StoryInput } from "./story.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const pin = { uses: `acme/rolewright@${"0".repeat(40)}`, version: "v0.0.0" };

export const planner = { user: "planner", password: "planner-Secret-77" };

/** Builds action.yml and dist/index.mjs of these sources into a folder of their own. */
export function buildAction(): { readonly directory: string } & Disposable {
  const directory = mkdtempSync(join(tmpdir(), "rolewright-action-"));
  cpSync(join(root, "action.yml"), join(directory, "action.yml"));
  execFileSync(process.execPath, [join(root, "scripts/build-action.ts"), join(directory, "dist")], { cwd: root, stdio: "pipe" });
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

export type AccessStoryInput = Partial<StoryInput> & {
  readonly server: Pick<Server, "port" | "user" | "password">;
  /** The folder of {@link buildAction}. */
  readonly action: string;
  readonly resources?: readonly string[];
  /** Lines of roles.csv behind the header. */
  readonly roles: readonly string[];
  /** Lines of rolewright.yaml below the store. */
  readonly settings?: readonly string[];
};

export function inventory(port: number, resources: readonly string[] = ["analytics"]): string {
  return ["name,type,host,port", ...resources.map((name) => `${name},PostgreSQL,127.0.0.1,${port}`), ""].join("\n");
}

/** The text of a ROLEWRIGHT_…_CSV: the same login for each resource. */
export function loginsOf({ user, password }: { readonly user: string; readonly password: string }, resources: readonly string[]): string {
  return ["resource_name,username,password", ...resources.map((name) => `${name},${user},${password}`), ""].join("\n");
}

/** @returns the story, and where its credentials are delivered. */
export async function startAccessStory(input: AccessStoryInput) {
  const { server, action, resources = ["analytics"], roles, settings = [], files = {}, environments = {}, ...more } = input;
  const store = mkdtempSync(join(tmpdir(), "rolewright-store-"));
  const standard: Readonly<Record<string, EnvironmentInput>> = {
    "rolewright-plan": { secrets: { ROLEWRIGHT_PLANNER_CSV: loginsOf(planner, resources) } },
    "rolewright-apply": { secrets: { ROLEWRIGHT_ADMIN_CSV: loginsOf(server, resources) }, branches: ["main"] },
  };
  const story = await startStory({
    ...more,
    files: {
      "inventory.csv": inventory(server.port, resources),
      "roles.csv": formatRoles(roles),
      "rolewright.yaml": [`credentials: {store: "file:${store}"}`, ...settings, ""].join("\n"),
      [planWorkflowPath]: planWorkflow(pin),
      [applyWorkflowPath]: applyWorkflow(pin),
      ...files,
    },
    actions: { "acme/rolewright": action, ...more.actions },
    environments: { ...standard, ...environments },
  });
  return Object.assign(story, {
    store,
    /** Delivered credentials, by `resource/label`. */
    credentials: (): ReadonlyMap<string, { readonly user: string; readonly password: string }> =>
      new Map(
        readdirSync(store, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".json") && !name.includes("pending"))
          .map((name) => [name.replace(/\.json$/u, ""), JSON.parse(readFileSync(join(store, name), "utf8")) as never]),
      ),
  });
}
