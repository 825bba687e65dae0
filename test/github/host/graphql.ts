// The few fields of GraphQL that the action may ask for. Their arguments come as variables; nothing here checks against GitHub's schema.
import { isObject, type Json, type JsonObject } from "../openapi/contract.ts";
import { text } from "./call.ts";
import type { Identity, Pull, Repository } from "./state.ts";
import { timestamp } from "./state.ts";
import { allows } from "./permissions.ts";

/** The answer to a query: `data`, or `errors` as GitHub words them. */
export function answerGraphql(body: JsonObject, identity: Identity, repositories: ReadonlyMap<string, Repository>): JsonObject {
  const query = text(body, "query") ?? "";
  const variables = isObject(body["variables"]) ? body["variables"] : {};
  try {
    if (/\bcreateCommitOnBranch\b/u.test(query))
      return { data: { createCommitOnBranch: createCommit(inputOf(variables), identity, repositories) } };
    if (/\bminimizeComment\b/u.test(query)) return { data: { minimizeComment: minimize(inputOf(variables), identity, repositories) } };
    if (/\breviewDecision\b/u.test(query))
      return { data: { repository: { pullRequest: { reviewDecision: reviewDecision(variables, repositories) } } } };
    if (/\bviewer\b/u.test(query)) return { data: { viewer: { login: identity.user.login } } };
  } catch (error) {
    return {
      data: null,
      errors: [
        { type: error instanceof Conflict ? "STALE_DATA" : "FORBIDDEN", message: error instanceof Error ? error.message : "refused" },
      ],
    };
  }
  throw new Error(`test/github/host/graphql.ts does not know this query: ${query.slice(0, 200)}`);
}

/** What GitHub's "review required" says: changes requested, enough approvals, or neither. */
export function decisionOf(pull: Pull): "APPROVED" | "CHANGES_REQUESTED" | "REVIEW_REQUIRED" {
  const latest = new Map(pull.reviews.filter(({ state }) => state !== "COMMENTED").map((review) => [review.user.id, review.state]));
  if ([...latest.values()].includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return [...latest.values()].includes("APPROVED") ? "APPROVED" : "REVIEW_REQUIRED";
}

class Conflict extends Error {}

function createCommit(input: JsonObject, identity: Identity, repositories: ReadonlyMap<string, Repository>): JsonObject {
  const branch = isObject(input["branch"]) ? input["branch"] : {};
  const repository = repositories.get(text(branch, "repositoryNameWithOwner") ?? "");
  if (repository === undefined || !allows(identity, repository, "contents", "write"))
    throw new Error("Resource not accessible by integration");
  const name = `refs/heads/${(text(branch, "branchName") ?? "").replace(/^refs\/heads\//u, "")}`;
  const head = repository.git.resolve(name);
  const expected = text(input, "expectedHeadOid");
  if (head === null) throw new Error(`Branch ${name} does not exist`);
  if (head !== expected) throw new Conflict(`Expected branch to point to "${String(expected)}" but it did not. Pull and try again.`);
  const changes = isObject(input["fileChanges"]) ? input["fileChanges"] : {};
  const additions = entriesOf(changes["additions"]).map((entry) => ({
    path: text(entry, "path") ?? "",
    mode: "100644",
    sha: repository.git.writeBlob(Buffer.from(text(entry, "contents") ?? "", "base64")),
  }));
  const deletions = entriesOf(changes["deletions"]).map((entry) => ({ path: text(entry, "path") ?? "", mode: "0", sha: null }));
  const message = isObject(input["message"]) ? input["message"] : {};
  const author = { name: identity.user.login, email: `${identity.user.login}@users.noreply.test.invalid`, date: timestamp() };
  const body = text(message, "body");
  const oid = repository.git.writeCommit({
    tree: repository.git.writeTree(head, [...additions, ...deletions]),
    parents: [head],
    message: `${text(message, "headline") ?? ""}${body === null ? "" : `\n\n${body}`}`,
    author,
  });
  repository.git.updateRef(name, oid, { expected: head });
  return { commit: { oid, url: `https://test.invalid/${repository.fullName}/commit/${oid}` } };
}

function minimize(input: JsonObject, identity: Identity, repositories: ReadonlyMap<string, Repository>): JsonObject {
  const id = Number((text(input, "subjectId") ?? "").replace(/^IC_/u, ""));
  for (const repository of repositories.values()) {
    const comment = repository.comments.find((candidate) => candidate.id === id);
    if (comment === undefined) continue;
    if (!allows(identity, repository, "pull-requests", "write") && !allows(identity, repository, "issues", "write")) break;
    comment.minimized = true;
    return { minimizedComment: { isMinimized: true } };
  }
  throw new Error("Resource not accessible by integration");
}

function reviewDecision(variables: JsonObject, repositories: ReadonlyMap<string, Repository>): string | null {
  const repository = repositories.get(`${text(variables, "owner") ?? ""}/${text(variables, "repo") ?? text(variables, "name") ?? ""}`);
  const pull = repository?.issues.get(Number(variables["number"]))?.pull;
  if (repository === undefined || pull === undefined || pull === null) throw new Error("Could not resolve to a PullRequest");
  // Without a rule that asks for reviews there is no decision.
  const asks = (repository.branchRules.get(pull.baseRef) ?? []).some((rule) => rule["type"] === "pull_request");
  return asks ? decisionOf(pull) : null;
}

function inputOf(variables: JsonObject): JsonObject {
  return isObject(variables["input"]) ? variables["input"] : variables;
}

function entriesOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];
}
