// The environment that this very job runs in: no variable of the runner says it, but the workflow file of the checkout does.
import { readTextFiles } from "../commands/workflow-files.ts";
import { readWorkflow } from "../doctor/workflow.ts";
import type { ActionContext } from "./context.ts";

/** @returns `null` where it has none, or its name is known to nobody but the host: an expression, or a job of a reusable workflow. */
export async function environmentOfJob({
  env,
  repositoryDirectory,
}: Pick<ActionContext, "env" | "repositoryDirectory">): Promise<string | null> {
  // `owner/name/.github/workflows/file.yml@refs/heads/main`: https://docs.github.com/actions/reference/variables-reference
  const path = /^[^/]+\/[^/]+\/(?<path>[^@]+)@/u.exec(env["GITHUB_WORKFLOW_REF"] ?? "")?.groups?.["path"];
  if (path === undefined) return null;
  const [file] = await readTextFiles(env["GITHUB_WORKSPACE"] ?? repositoryDirectory, [path]);
  const job = file === undefined ? undefined : readWorkflow(file)?.jobs.find(({ name }) => name === env["GITHUB_JOB"]);
  return job === undefined || job.environment === "" || job.environment.includes("${{") ? null : job.environment;
}
