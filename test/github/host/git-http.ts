// Git over HTTP: git's own backend behind the stand-in's tokens.
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { allows } from "./permissions.ts";
import type { Identity, Repository } from "./state.ts";

/** Serves clone, fetch and push of one repository. `rest` is the path after `owner/name.git`. */
export function serveGit(input: {
  request: IncomingMessage;
  response: ServerResponse;
  repository: Repository;
  identity: Identity | null;
  rest: string;
  query: URLSearchParams;
  body: Buffer;
  /** The request has its effect, and nobody learns of it. */
  isAnswerLost: boolean;
}): void {
  const { request, response, repository, identity, rest, query, body } = input;
  const push = rest === "/git-receive-pack" || query.get("service") === "git-receive-pack";
  if (identity === null && (push || repository.private)) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end("Authentication required");
    return;
  }
  const foreign = identity !== null && identity.repository !== null && identity.repository !== repository.fullName;
  if (identity !== null && (foreign || !allows(identity, repository, "contents", push ? "write" : "read"))) {
    response
      .writeHead(403, { "content-type": "text/plain" })
      .end(`Permission to ${repository.fullName}.git denied to ${identity.user.login}.`);
    return;
  }
  const protectedRef = push ? pushedProtectedRef(repository, body) : null;
  if (protectedRef !== null) {
    response
      .writeHead(403, { "content-type": "text/plain" })
      .end(`GH013: Repository rule violations found for ${protectedRef}. Changes must be made through a pull request.`);
    return;
  }
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...repository.git.env,
      GIT_PROJECT_ROOT: repository.git.directory,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: rest,
      REQUEST_METHOD: request.method ?? "GET",
      QUERY_STRING: query.toString(),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(body.length),
      REMOTE_USER: identity?.user.login ?? "",
      REMOTE_ADDR: "127.0.0.1",
      ...(request.headers["content-encoding"] === undefined ? {} : { HTTP_CONTENT_ENCODING: request.headers["content-encoding"] }),
      ...(typeof request.headers["git-protocol"] === "string" ? { GIT_PROTOCOL: request.headers["git-protocol"] } : {}),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  backend.stdin.on("error", () => {});
  backend.stdin.end(body);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  backend.on("close", () => (input.isAnswerLost ? request.socket.destroy() : sendCgi(Buffer.concat(chunks), response)));
}

function sendCgi(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf("\r\n\r\n");
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n")) {
    const [, name = "", value = ""] = /^([^:]+): (.*)$/u.exec(line) ?? [];
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else if (name !== "") headers[name] = value;
  }
  response.writeHead(status, headers).end(output.subarray(end + 4));
}

/** The first protected branch that the push names in its command lines ("old new ref"). */
function pushedProtectedRef(repository: Repository, body: Buffer): string | null {
  const commands = body.subarray(0, 65_536).toString("latin1");
  for (const [branch, rules] of repository.branchRules) {
    if (commands.includes(` refs/heads/${branch}`) && rules.some((rule) => rule["type"] === "pull_request")) return `refs/heads/${branch}`;
  }
  return null;
}
