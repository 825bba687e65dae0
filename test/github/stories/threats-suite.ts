// What every file of threats needs: the eyes to see what came of an attack, and the hands to make one.
import { githubActions, type CheckRun } from "../host/state.ts";
import type { RunRecord } from "../workflow.ts";
import type { AccessStory } from "./access-suite.ts";
import type { PullRequest } from "./pull-request.ts";

export const planCheck = "rolewright plan (default)";

/** The records of a workflow file so far, the oldest first. */
export async function recordsOf(story: AccessStory, file: string): Promise<readonly RunRecord[]> {
  return (await story.executor.settle()).filter((record) => record.file === file);
}

export async function lastPlan(story: AccessStory): Promise<RunRecord | undefined> {
  return (await recordsOf(story, "rolewright-plan.yml")).at(-1);
}

/** The newest check run that the plan has left. */
export function planCheckOf(pull: PullRequest): CheckRun {
  return pull.checkRuns(planCheck).at(-1) ?? missing();
}

/** A client that does as a workflow of this repository may do, on whatever branch it stands: the token of GitHub Actions. */
export function workflowOf(story: AccessStory, permissions: Parameters<AccessStory["github"]["actionsToken"]>[1]) {
  return callerOf(story, story.github.actionsToken(story.repository, permissions));
}

/** The same as another app that is installed in the repository. */
export function otherAppOf(story: AccessStory) {
  const token = story.github.addToken({
    app: { ...githubActions, id: 999, slug: "other", name: "Other" },
    permissions: { checks: "write" },
    repository: story.repository.fullName,
  });
  return callerOf(story, token);
}

function callerOf({ github, repository }: AccessStory, token: string) {
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
  throw new Error("the plan left no check run");
}
