// Issues and the comments on them and on pull requests.
import { notFound, parameter, Refusal, required, text, type Call, type Route } from "../call.ts";
import { showBaseChange, showComment, showIssue } from "../present.ts";
import { nextId, timestamp, type Comment, type Issue } from "../state.ts";

/** "Body is too long (maximum is 65536 characters)", as GitHub's error says; it has been seen to take more. */
const maximumBody = 65_536;

export const commentRoutes: Readonly<Record<string, Route>> = {
  "issues/list-comments": (call) => {
    const { number } = issueOf(call);
    const since = call.query.get("since");
    const found = call.repository.comments.filter((comment) => comment.issue === number && (since === null || comment.updatedAt >= since));
    return { status: 200, list: found.map((comment) => showComment(comment, call.repository, call.at)) };
  },
  // Of all kinds of events, a story has only changes of the base branch.
  "issues/list-events": (call) => {
    const { pull, number } = issueOf(call);
    return { status: 200, list: (pull?.baseChanges ?? []).map((change, index) => showBaseChange(change, { number, index }, call)) };
  },
  "issues/get-comment": (call) => ({ status: 200, body: showComment(commentOf(call), call.repository, call.at) }),
  "issues/create-comment": (call) => {
    const { number } = issueOf(call);
    const now = timestamp();
    const { user, app } = call.identity;
    const comment: Comment = {
      id: nextId(),
      issue: number,
      user,
      app,
      body: checkedBody(call),
      createdAt: now,
      updatedAt: now,
      viaApi: true,
      minimized: false,
    };
    call.repository.comments.push(comment);
    return { status: 201, body: showComment(comment, call.repository, call.at) };
  },
  "issues/update-comment": (call) => {
    const comment = commentOf(call);
    comment.body = checkedBody(call);
    comment.updatedAt = timestamp();
    return { status: 200, body: showComment(comment, call.repository, call.at) };
  },
  "issues/delete-comment": (call) => {
    call.repository.comments.splice(call.repository.comments.indexOf(commentOf(call)), 1);
    return { status: 204 };
  },
  "issues/get": (call) => ({ status: 200, body: showIssue(issueOf(call), call.repository, call.at) }),
  "issues/list-for-repo": (call) => {
    const state = call.query.get("state") ?? "open";
    const labels = call.query.get("labels")?.split(",") ?? [];
    // Gitea's word is another one, and it takes no notice of GitHub's.
    const creator = call.query.get(call.flavor === "gitea" ? "created_by" : "creator");
    const ascending = call.query.get("direction") === "asc";
    const found = [...call.repository.issues.values()]
      .filter((issue) => (state === "all" || issue.state === state) && labels.every((label) => issue.labels.includes(label)))
      .filter((issue) => creator === null || issue.user.login === creator)
      .toSorted((left, right) => (left.number - right.number) * (ascending ? 1 : -1));
    return { status: 200, list: found.map((issue) => showIssue(issue, call.repository, call.at)) };
  },
  "issues/create": (call) => {
    const number = Math.max(0, ...call.repository.issues.keys()) + 1;
    const now = timestamp();
    const issue: Issue = {
      number,
      id: nextId(),
      user: call.identity.user,
      app: call.identity.app,
      createdAt: now,
      updatedAt: now,
      title: text(call.body, "title") ?? "",
      body: text(call.body, "body"),
      state: "open",
      stateReason: null,
      closedAt: null,
      labels: labelsOf(call) ?? [],
      pull: null,
    };
    call.repository.issues.set(number, issue);
    return { status: 201, body: showIssue(issue, call.repository, call.at) };
  },
  "issues/update": (call) => {
    const issue = issueOf(call);
    issue.title = text(call.body, "title") ?? issue.title;
    issue.body = text(call.body, "body") ?? issue.body;
    issue.labels = labelsOf(call) ?? issue.labels;
    const state = text(call.body, "state");
    if (state === "open" || state === "closed") {
      issue.state = state;
      issue.closedAt = state === "closed" ? timestamp() : null;
      issue.stateReason = state === "closed" ? (text(call.body, "state_reason") ?? "completed") : "reopened";
    }
    issue.updatedAt = timestamp();
    return { status: 200, body: showIssue(issue, call.repository, call.at) };
  },
  "issues/get-label": (call) => ({ status: 200, body: showLabel(call, parameter(call, "name")) }),
  "issues/create-label": (call) => {
    const name = text(call.body, "name") ?? "";
    if (call.repository.labels.has(name)) throw new Refusal(422, "Validation Failed");
    call.repository.labels.set(name, { name, color: text(call.body, "color") ?? "ededed", description: text(call.body, "description") });
    return { status: 201, body: showLabel(call, name) };
  },
  "issues/add-labels": (call) => {
    const issue = issueOf(call);
    issue.labels = [...new Set([...issue.labels, ...(labelsOf(call) ?? [])])];
    return { status: 200, body: showIssue(issue, call.repository, call.at)["labels"] ?? [] };
  },
};

function showLabel(call: Call, name: string) {
  const label = required(call.repository.labels.get(name));
  return {
    id: 1,
    node_id: "L_1",
    url: `${call.at.api}/repos/${call.repository.fullName}/labels/${encodeURIComponent(name)}`,
    default: false,
    ...label,
  };
}

function labelsOf(call: Call): string[] | null {
  const labels = call.body["labels"];
  return Array.isArray(labels) ? labels.map((label) => (typeof label === "string" ? label : "")) : null;
}

function issueOf(call: Call): Issue {
  return required(call.repository.issues.get(Number(parameter(call, "issue_number"))));
}

function commentOf(call: Call): Comment {
  const found = call.repository.comments.find(({ id }) => id === Number(parameter(call, "comment_id")));
  if (found === undefined) throw notFound();
  return found;
}

function checkedBody(call: Call): string {
  const body = text(call.body, "body") ?? "";
  if (body.trim() === "") throw new Refusal(422, "Validation Failed: Body cannot be blank");
  if (body.length > maximumBody) throw new Refusal(422, `Validation Failed: Body is too long (maximum is ${maximumBody} characters)`);
  return body;
}
