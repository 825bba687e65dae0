// Git's own objects and refs, and the contents of files.
import { isObject, type JsonObject } from "../../openapi/contract.ts";
import { notFound, parameter, Refusal, required, text, type Call, type Route } from "../call.ts";
import { showCommit } from "../present.ts";
import { timestamp } from "../state.ts";
import type { Signature } from "../git-repository.ts";

export const gitRoutes: Readonly<Record<string, Route>> = {
  "git/get-ref": (call) => {
    const name = `refs/${parameter(call, "ref")}`;
    return { status: 200, body: showRef(name, required(call.repository.git.resolve(name)), call) };
  },
  "git/list-matching-refs": (call) => ({
    status: 200,
    list: call.repository.git.refs(`refs/${parameter(call, "ref")}`).map(({ ref, sha }) => showRef(ref, sha, call)),
  }),
  "git/create-ref": (call) => {
    const name = text(call.body, "ref") ?? "";
    const sha = text(call.body, "sha") ?? "";
    if (!/^refs\/[^/]+\/./u.test(name)) throw new Refusal(422, "Reference name must start with 'refs/' and have at least two slashes");
    if (call.repository.git.objectType(sha) === null) throw new Refusal(422, "Object does not exist");
    guardRef(call, name);
    if (call.repository.git.updateRef(name, sha, { create: true }) === "exists") throw new Refusal(422, "Reference already exists");
    return { status: 201, body: showRef(name, sha, call) };
  },
  "git/update-ref": (call) => {
    const name = `refs/${parameter(call, "ref")}`;
    const sha = text(call.body, "sha") ?? "";
    if (call.repository.git.objectType(sha) === null) throw new Refusal(422, "Object does not exist");
    guardRef(call, name);
    const done = call.repository.git.updateRef(name, sha, { create: false, force: call.body["force"] === true });
    if (done === "missing") throw new Refusal(422, "Reference does not exist");
    if (done !== "done") throw new Refusal(422, "Update is not a fast forward");
    return { status: 200, body: showRef(name, sha, call) };
  },
  "git/delete-ref": (call) => {
    const name = `refs/${parameter(call, "ref")}`;
    guardRef(call, name);
    if (call.repository.git.updateRef(name, null, { create: false }) === "missing") throw new Refusal(422, "Reference does not exist");
    return { status: 204 };
  },
  "git/get-commit": (call) => ({ status: 200, body: showGitCommit(ofType(call, parameter(call, "commit_sha"), "commit"), call) }),
  "git/create-commit": (call) => {
    const tree = text(call.body, "tree") ?? "";
    const parents = strings(call.body["parents"]);
    if (call.repository.git.objectType(tree) !== "tree") throw new Refusal(422, "Tree SHA does not exist");
    if (parents.some((sha) => call.repository.git.objectType(sha) !== "commit"))
      throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
    const author = signatureOf(call, "author");
    const sha = call.repository.git.writeCommit({
      tree,
      parents,
      message: text(call.body, "message") ?? "",
      author,
      committer: call.body["committer"] === undefined ? author : signatureOf(call, "committer"),
    });
    return { status: 201, body: showGitCommit(sha, call) };
  },
  "git/get-tree": (call) => {
    const { git } = call.repository;
    const treeish = parameter(call, "tree_sha");
    const type = git.objectType(treeish);
    if (type !== "tree" && git.resolve(treeish) === null) throw notFound();
    return {
      status: 200,
      body: showTree(type === "tree" ? treeish : git.readCommit(required(git.resolve(treeish))).tree, call, call.query.has("recursive")),
    };
  },
  "git/create-tree": (call) => {
    const base = text(call.body, "base_tree");
    if (base !== null && call.repository.git.objectType(base) === null) throw new Refusal(422, "base_tree is not a valid tree oid");
    const list = call.body["tree"];
    const entries = (Array.isArray(list) ? list : [])
      .filter((entry) => isObject(entry))
      .map((entry) => {
        const content = text(entry, "content");
        return {
          path: text(entry, "path") ?? "",
          mode: text(entry, "mode") ?? "100644",
          sha: content === null ? text(entry, "sha") : call.repository.git.writeBlob(Buffer.from(content)),
        };
      });
    return { status: 201, body: showTree(call.repository.git.writeTree(base, entries), call, false) };
  },
  "git/get-blob": (call) => {
    const sha = ofType(call, parameter(call, "file_sha"), "blob");
    const content = call.repository.git.readBlob(sha) ?? Buffer.alloc(0);
    return {
      status: 200,
      body: {
        sha,
        node_id: `B_${sha}`,
        size: content.length,
        encoding: "base64",
        content: wrapped(content),
        url: gitUrl(call, `blobs/${sha}`),
      },
    };
  },
  "git/create-blob": (call) => {
    const sha = call.repository.git.writeBlob(
      Buffer.from(text(call.body, "content") ?? "", call.body["encoding"] === "base64" ? "base64" : "utf8"),
    );
    return { status: 201, body: { sha, url: gitUrl(call, `blobs/${sha}`) } };
  },
  "repos/get-content": getContent,
  "repos/create-or-update-file-contents": putContent,
};

/** Two things that GITHUB_TOKEN may never do, whatever its permissions: write below `refs/pull`, and to a branch that demands pull requests. */
function guardRef(call: Call, name: string): void {
  if (name.startsWith("refs/pull/")) throw new Refusal(422, "Reference cannot be updated");
  guardBranch(call, name.replace(/^refs\/heads\//u, ""));
}

function guardBranch(call: Call, branch: string): void {
  const rules = call.repository.branchRules.get(branch) ?? [];
  if (rules.some((rule) => rule["type"] === "pull_request")) {
    throw new Refusal(422, `Repository rule violations found\n\nChanges must be made through a pull request: ${branch}`);
  }
}

function getContent(call: Call): ReturnType<Route> {
  const { git, defaultBranch } = call.repository;
  const path = parameter(call, "path").replace(/\/$/u, "");
  const commit = required(git.resolve(call.query.get("ref") ?? defaultBranch));
  const sha = git.blobAt(commit, path);
  if (sha === null) {
    const entries = git.listTree(commit, false, path);
    if (entries.length === 0) throw notFound();
    return {
      status: 200,
      body: entries.map((entry) => ({
        ...contentLinks(call, `${path}/${entry.path}`, entry.sha),
        type: entry.type === "tree" ? "dir" : "file",
        size: entry.size,
      })),
    };
  }
  const content = git.readBlob(sha) ?? Buffer.alloc(0);
  return {
    status: 200,
    body: { ...contentLinks(call, path, sha), type: "file", encoding: "base64", size: content.length, content: wrapped(content) },
  };
}

function putContent(call: Call): ReturnType<Route> {
  const { git, defaultBranch } = call.repository;
  const path = parameter(call, "path");
  const branch = text(call.body, "branch") ?? defaultBranch;
  guardBranch(call, branch);
  const parent = git.resolve(`refs/heads/${branch}`);
  if (parent === null) throw new Refusal(404, `Branch ${branch} not found`);
  const before = git.blobAt(parent, path);
  const expected = text(call.body, "sha");
  if (before !== null && expected === null) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (expected !== null && expected !== before) throw new Refusal(409, `${path} does not match ${expected}`);
  const content = Buffer.from(text(call.body, "content") ?? "", "base64");
  const blob = git.writeBlob(content);
  const commit = git.writeCommit({
    tree: git.writeTree(parent, [{ path, mode: "100644", sha: blob }]),
    parents: [parent],
    message: text(call.body, "message") ?? "",
    author: signatureOf(call, "author"),
  });
  git.updateRef(`refs/heads/${branch}`, commit);
  return {
    status: before === null ? 201 : 200,
    body: { content: { ...contentLinks(call, path, blob), type: "file", size: content.length }, commit: showGitCommit(commit, call) },
  };
}

function showGitCommit(sha: string, call: Call): JsonObject {
  const commit = call.repository.git.readCommit(sha);
  const shown = showCommit(commit, call.repository, call.at);
  const inner = isObject(shown["commit"]) ? shown["commit"] : {};
  return {
    sha,
    node_id: `C_${sha}`,
    url: gitUrl(call, `commits/${sha}`),
    html_url: shown["html_url"] ?? "",
    message: commit.message,
    author: { ...commit.author },
    committer: { ...commit.committer },
    tree: inner["tree"] ?? {},
    parents: shown["parents"] ?? [],
    verification: inner["verification"] ?? {},
  };
}

function showTree(sha: string, call: Call, deep: boolean): JsonObject {
  const entries = call.repository.git.listTree(sha, deep);
  return {
    sha,
    url: gitUrl(call, `trees/${sha}`),
    truncated: false,
    tree: entries.map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      size: entry.size,
      url: gitUrl(call, `${entry.type}s/${entry.sha}`),
    })),
  };
}

function showRef(ref: string, sha: string, call: Call): JsonObject {
  return {
    ref,
    node_id: `REF_${ref}`,
    url: gitUrl(call, ref),
    object: { type: call.repository.git.objectType(sha) ?? "commit", sha, url: gitUrl(call, `commits/${sha}`) },
  };
}

function contentLinks(call: Call, path: string, sha: string): JsonObject {
  const url = `${call.at.api}/repos/${call.repository.fullName}/contents/${encodeURIComponent(path)}`;
  return {
    name: path.split("/").at(-1) ?? path,
    path,
    sha,
    url,
    git_url: gitUrl(call, `blobs/${sha}`),
    html_url: url,
    download_url: url,
    _links: { self: url, git: gitUrl(call, `blobs/${sha}`), html: url },
  };
}

function gitUrl(call: Call, rest: string): string {
  return `${call.at.api}/repos/${call.repository.fullName}/git/${rest}`;
}

function ofType(call: Call, sha: string, type: string): string {
  if (call.repository.git.objectType(sha) !== type) throw notFound();
  return sha;
}

function signatureOf(call: Call, key: string): Signature {
  const given = call.body[key];
  const { login, id } = call.identity.user;
  const signature = isObject(given) ? given : {};
  return {
    name: text(signature, "name") ?? login,
    email: text(signature, "email") ?? `${id}+${login}@users.noreply.test.invalid`,
    date: text(signature, "date") ?? timestamp(),
  };
}

function strings(value: JsonObject[string] | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Base64 in lines of 60, as GitHub sends it. */
function wrapped(content: Buffer): string {
  return content.toString("base64").replaceAll(/.{1,60}/gu, "$&\n");
}
