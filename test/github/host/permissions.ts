// Which permission of a token an operation needs, as GitHub's reference says beside each operation ("Permissions required for GitHub Apps").
import { notAccessible, type Call } from "./call.ts";
import type { Identity, Level, Repository, Scope } from "./state.ts";

type Need = readonly [scope: Scope, level: "read" | "write"];

const needs: Readonly<Record<string, Need>> = {
  "repos/get": ["metadata", "read"],
  "repos/get-branch": ["contents", "read"],
  "repos/get-branch-protection": ["administration", "read"],
  "repos/get-branch-rules": ["metadata", "read"],
  "repos/get-repo-rulesets": ["metadata", "read"],
  "repos/get-repo-ruleset": ["metadata", "read"],
  "repos/get-all-environments": ["actions", "read"],
  "repos/get-environment": ["actions", "read"],
  "repos/list-deployment-branch-policies": ["actions", "read"],
  "repos/get-collaborator-permission-level": ["metadata", "read"],
  "repos/get-commit": ["contents", "read"],
  "repos/list-activities": ["contents", "read"],
  "repos/list-commits": ["contents", "read"],
  "repos/list-pull-requests-associated-with-commit": ["pull-requests", "read"],
  "repos/compare-commits-with-basehead": ["contents", "read"],
  "repos/get-content": ["contents", "read"],
  "repos/create-or-update-file-contents": ["contents", "write"],
  "repos/create-commit-status": ["statuses", "write"],
  "repos/list-commit-statuses-for-ref": ["statuses", "read"],
  "repos/get-combined-status-for-ref": ["statuses", "read"],
  "repos/list-deployments": ["deployments", "read"],
  "repos/create-deployment": ["deployments", "write"],
  "repos/create-deployment-status": ["deployments", "write"],
  "issues/get": ["issues", "read"],
  "issues/list-for-repo": ["issues", "read"],
  "issues/create": ["issues", "write"],
  "issues/update": ["issues", "write"],
  "issues/list-events": ["issues", "read"],
  "issues/list-comments": ["issues", "read"],
  "issues/get-comment": ["issues", "read"],
  "issues/create-comment": ["issues", "write"],
  "issues/update-comment": ["issues", "write"],
  "issues/delete-comment": ["issues", "write"],
  "issues/get-label": ["issues", "read"],
  "issues/create-label": ["issues", "write"],
  "issues/add-labels": ["issues", "write"],
  "pulls/get": ["pull-requests", "read"],
  "pulls/list": ["pull-requests", "read"],
  "pulls/list-files": ["pull-requests", "read"],
  "pulls/list-commits": ["pull-requests", "read"],
  "pulls/list-reviews": ["pull-requests", "read"],
  "checks/create": ["checks", "write"],
  "checks/update": ["checks", "write"],
  "checks/get": ["checks", "read"],
  "checks/list-for-ref": ["checks", "read"],
  "checks/list-annotations": ["checks", "read"],
  "checks/get-suite": ["checks", "read"],
  "actions/get-workflow-run": ["actions", "read"],
  "actions/list-workflow-runs-for-repo": ["actions", "read"],
  "actions/list-workflow-runs": ["actions", "read"],
  "actions/list-jobs-for-workflow-run": ["actions", "read"],
  "actions/list-workflow-run-artifacts": ["actions", "read"],
  "actions/get-reviews-for-run": ["actions", "read"],
  "git/get-ref": ["contents", "read"],
  "git/list-matching-refs": ["contents", "read"],
  "git/create-ref": ["contents", "write"],
  "git/update-ref": ["contents", "write"],
  "git/delete-ref": ["contents", "write"],
  "git/get-commit": ["contents", "read"],
  "git/create-commit": ["contents", "write"],
  "git/get-tree": ["contents", "read"],
  "git/create-tree": ["contents", "write"],
  "git/get-blob": ["contents", "read"],
  "git/create-blob": ["contents", "write"],
};

/** On pull requests, these serve both kinds of permission. */
const alsoByPullRequests = new Set([
  "issues/get",
  "issues/update",
  "issues/list-events",
  "issues/list-comments",
  "issues/get-comment",
  "issues/create-comment",
  "issues/update-comment",
  "issues/delete-comment",
  "issues/add-labels",
]);

/** @throws Refusal with GitHub's 403, where the token lacks what the operation needs. */
export function checkPermission(operation: string, call: Call): void {
  const need = needs[operation];
  if (need === undefined) throw new Error(`test/github/host/permissions.ts says nothing of ${operation}`);
  const [scope, level] = need;
  if (
    call.identity.repository !== null &&
    call.identity.repository !== call.repository.fullName &&
    (level === "write" || call.repository.private)
  ) {
    throw notAccessible();
  }
  if (allows(call.identity, call.repository, scope, level)) return;
  if (alsoByPullRequests.has(operation) && isAboutPull(call) && allows(call.identity, call.repository, "pull-requests", level)) return;
  const wanted = alsoByPullRequests.has(operation) ? [scope, "pull-requests"] : [scope];
  throw notAccessible(
    // An own server of an older version sends no such header.
    call.flavor === "github" ? wanted.map((each) => `${each.replaceAll("-", "_")}=${level}`).join("; ") : undefined,
  );
}

/** Whether the token may; what is public may be read without any permission. */
export function allows(identity: Identity, repository: Repository, scope: Scope, level: "read" | "write"): boolean {
  const held: Level = identity.permissions[scope] ?? "none";
  if (scope === "metadata" && level === "read") return true;
  if (level === "read" && !repository.private && scope !== "administration") return true;
  return held === "write" || held === level;
}

function isAboutPull(call: Call): boolean {
  const commentId = call.parameters["comment_id"];
  const number =
    commentId === undefined
      ? Number(call.parameters["issue_number"])
      : call.repository.comments.find(({ id }) => id === Number(commentId))?.issue;
  return number !== undefined && (call.repository.issues.get(number)?.pull ?? null) !== null;
}
