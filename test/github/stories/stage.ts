// What the acts of a story share: the stand-in, the executor, and commits.
import type { Files } from "../host/git-repository.ts";
import { recordPush, type Repository } from "../host/state.ts";
import type { GitHub } from "../server.ts";
import type { Executor, RunRecord } from "../workflow.ts";
import type { WorkflowEvent } from "../workflow/event.ts";
import { refreshMerge } from "./pull-request.ts";

export type Stage = ReturnType<typeof createStage>;

export function createStage(github: GitHub, executor: Executor) {
  let patient = true;
  return {
    github,
    executor,
    /** Commits to a branch, which is made from the default branch where it does not exist. @param writer who is named as the author. */
    commit(repository: Repository, branch: string, files: Files, by: string, message: string, writer = by): string {
      const { git } = repository;
      const before = git.resolve(`refs/heads/${branch}`);
      const parent = before ?? git.resolve(`refs/heads/${repository.defaultBranch}`);
      const author = { name: writer, email: `${writer}@test.invalid`, date: "" };
      const sha = git.writeCommit({ tree: git.writeFiles(parent, files), parents: parent === null ? [] : [parent], message, author });
      git.updateRef(`refs/heads/${branch}`, sha);
      recordPush(repository, { branch, before, after: sha, actor: github.userNamed(by) });
      return sha;
    },
    /** Starts what listens to the events and, unless the story is `meanwhile`, waits until all runs are done. */
    async happen(events: readonly WorkflowEvent[]): Promise<readonly RunRecord[]> {
      const begun = [];
      for (const event of events) begun.push(...(await executor.dispatch(event)));
      if (!patient) return [];
      await executor.settle();
      return Promise.all(begun.map(({ done }) => done));
    },
    refreshOthers(repository: Repository): void {
      for (const issue of repository.issues.values())
        if (issue.pull !== null && issue.state === "open") refreshMerge(repository, issue, issue.pull);
    },
    setPatient: (value: boolean): void => void (patient = value),
  };
}
