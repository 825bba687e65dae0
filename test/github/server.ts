// A GitHub on 127.0.0.1: its state in memory, its commits in bare Git repositories, every request and response judged by GitHub's OpenAPI.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  completeResponse,
  isObject,
  matchOperation,
  requestProblems,
  responseProblems,
  type Json,
  type JsonObject,
  type Matched,
} from "./openapi/contract.ts";
import { notFound, Refusal, type Addresses, type Answer, type Call, type Flavor, type Route } from "./host/call.ts";
import { createFaults, type Fault } from "./host/faults.ts";
import { createGitRepository } from "./host/git-repository.ts";
import { serveGit } from "./host/git-http.ts";
import { answerGraphql } from "./host/graphql.ts";
import { checkPermission } from "./host/permissions.ts";
import { actionRoutes } from "./host/routes/actions.ts";
import { checkRoutes } from "./host/routes/checks.ts";
import { commentRoutes } from "./host/routes/comments.ts";
import { gitRoutes } from "./host/routes/git-data.ts";
import { pullRoutes } from "./host/routes/pulls.ts";
import { repositoryRoutes } from "./host/routes/repos.ts";
import { showUser } from "./host/present.ts";
import { githubActions, githubActionsBot, nextId, type Identity, type Permissions, type Repository, type User } from "./host/state.ts";

const routes: Readonly<Record<string, Route>> = {
  ...commentRoutes,
  ...checkRoutes,
  ...pullRoutes,
  ...repositoryRoutes,
  ...gitRoutes,
  ...actionRoutes,
};

/** Gitea's API has none of these. */
const notInGitea =
  /^(checks\/|actions\/|git\/(create|update|delete)-|repos\/(get-all-environments|get-environment|list-deployment|create-deployment|get-branch-rules|get-repo-ruleset|list-pull-requests-associated|list-activities))/u;

export type LoggedRequest = {
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly actor: string;
  readonly status: number;
  readonly requestBody: string;
  /** Milliseconds since 1970, when the answer was ready. */
  readonly time: number;
};

export type GitHubOptions = {
  /** `ghes` serves below /api/v3, `gitea` below /api/v1 and without checks, GraphQL, environments, runs and git writes. */
  readonly flavor?: Flavor;
  /** At most so many entries on a page, whatever the request asks for; 100 as on GitHub unless said. */
  readonly largestPage?: number;
};

/** Gitea has no apps: its runs speak as this user. */
const giteaActions: User = { login: "gitea-actions", id: -2, type: "User" };

export type GitHub = Awaited<ReturnType<typeof startGitHub>>;

/** Starts the stand-in on a free port of 127.0.0.1. Disposing of it throws, if a request or response broke GitHub's contract. */
export async function startGitHub(options: GitHubOptions = {}) {
  const flavor = options.flavor ?? "github";
  const directory = mkdtempSync(join(tmpdir(), "rolewright-github-"));
  const repositories = new Map<string, Repository>();
  const identities = new Map<string, Identity>();
  const users = new Map<string, User>([[githubActionsBot.login, githubActionsBot]]);
  const faults = createFaults();
  const log: LoggedRequest[] = [];
  const violations: string[] = [];
  let late = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(
        `${request.method ?? ""} ${request.url ?? ""}: the stand-in failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const base = { github: "", ghes: "/api/v3", gitea: "/api/v1" }[flavor];
  const at: Addresses = { server: root, api: `${root}${base}`, graphql: flavor === "ghes" ? `${root}/api/graphql` : `${root}/graphql` };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", root);
    const identity = identityOf(request, identities);
    const git = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*))$/u.exec(url.pathname);
    if (git !== null) return gitRequest(git[1] ?? "", git[2] ?? "", { request, response, identity, query: url.searchParams, body: raw });
    const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : url.pathname;
    const matched = url.pathname.startsWith(base) ? matchOperation(request.method ?? "GET", path) : null;
    const body = raw.toString("utf8");
    const fault = faults.take({ method: request.method ?? "GET", path, operation: matched?.operation.id ?? null, body });
    await fault?.meanwhile?.();
    if (fault?.delay !== undefined) await sleep(fault.delay);
    const note = (status: number): void =>
      void log.push({
        method: request.method ?? "GET",
        path: url.pathname + url.search,
        operation: matched?.operation.id ?? null,
        actor: identity?.user.login ?? "nobody",
        status,
        requestBody: body,
        time: Date.now(),
      });
    if (fault?.drop === "before") {
      note(0);
      request.socket.destroy();
      return;
    }
    const answer =
      fault?.status === undefined
        ? answerRequest({ request, url, path, matched, identity, body })
        : { status: fault.status, headers: { "content-type": "application/json", ...fault.headers }, text: fault.body ?? "" };
    note(answer.status);
    if (fault?.drop === "after") request.socket.destroy();
    else response.writeHead(answer.status, { "x-github-request-id": String(nextId()), ...answer.headers }).end(answer.text);
  }

  /** Git's requests have no operation; faults find them by their path, with its query. They are not counted among those of the API. */
  async function gitRequest(
    name: string,
    rest: string,
    input: Omit<Parameters<typeof serveGit>[0], "repository" | "rest" | "isAnswerLost">,
  ): Promise<void> {
    const { request, response } = input;
    const fault = faults.take({ method: request.method ?? "GET", path: request.url ?? "", operation: null, body: "" });
    await fault?.meanwhile?.();
    if (fault?.delay !== undefined) await sleep(fault.delay);
    const repository = repositories.get(name);
    if (fault?.drop === "before") request.socket.destroy();
    else if (fault?.status !== undefined) response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
    else if (repository === undefined) response.writeHead(404).end("Repository not found.");
    else serveGit({ ...input, repository, rest, isAnswerLost: fault?.drop === "after" });
  }

  type Arrived = { request: IncomingMessage; url: URL; path: string; matched: Matched | null; identity: Identity | null; body: string };
  type Reply = { status: number; headers: Record<string, string>; text: string };

  function answerRequest(arrived: Arrived): Reply {
    const { request, url, matched, identity } = arrived;
    const place = `${request.method ?? ""} ${url.pathname}${url.search}`;
    const refuse = (error: Refusal): Reply =>
      reply(
        error.status,
        { message: error.message, documentation_url: "https://docs.github.com/rest", status: String(error.status) },
        error.headers,
      );
    if (request.headers["user-agent"] === undefined)
      return refuse(new Refusal(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"));
    if (identity === null)
      return refuse(new Refusal(401, request.headers.authorization === undefined ? "Requires authentication" : "Bad credentials"));
    if (`${root}${url.pathname}` === at.graphql && flavor !== "gitea") {
      return reply(200, answerGraphql(parseObject(arrived.body), identity, repositories));
    }
    try {
      if (flavor === "gitea") return answerGitea(arrived, identity, place);
      if (matched === null) {
        violations.push(`${place}: GitHub has no such operation, or the trimmed copy lacks it (test/github/openapi/operations.json)`);
        throw notFound();
      }
      return serve(matched, arrived, identity, place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(error);
    }
  }

  function answerGitea(arrived: Arrived, identity: Identity, place: string): Reply {
    // Gitea's own spelling of the way from a commit to its pull request.
    const commit = /^\/repos\/([^/]+)\/([^/]+)\/commits\/([0-9a-f]+)\/pull$/u.exec(arrived.path);
    if (commit !== null) {
      const call = callOf(identity, { owner: commit[1] ?? "", repo: commit[2] ?? "", commit_sha: commit[3] ?? "" }, arrived);
      checkPermission("repos/list-pull-requests-associated-with-commit", call);
      const [found] = pullRoutes["repos/list-pull-requests-associated-with-commit"]?.(call).list ?? [];
      if (found === undefined) throw notFound();
      return reply(200, found);
    }
    if (arrived.matched === null || notInGitea.test(arrived.matched.operation.id)) throw notFound();
    return serve(arrived.matched, arrived, identity, place);
  }

  function serve(matched: Matched, arrived: Arrived, identity: Identity, place: string): Reply {
    const { operation } = matched;
    const query = new URLSearchParams(arrived.url.searchParams);
    if (flavor === "gitea") query.delete("limit");
    const problems = requestProblems(operation, query, arrived.body === "" ? undefined : parseJson(arrived.body));
    if (problems.length > 0) {
      violations.push(...problems.map((problem) => `${place} (${operation.id}): ${problem}`));
      throw new Refusal(422, `Invalid request.\n\n${problems.join("\n")}`);
    }
    if (operation.id === "users/get-authenticated") return userReply(identity);
    const call = callOf(identity, matched.parameters, arrived);
    checkPermission(operation.id, call);
    const route = routes[operation.id];
    if (route === undefined) throw new Error(`no route for ${operation.id}`);
    const paged = page(route(call), arrived.url);
    const body = paged.body === undefined ? undefined : completeResponse(operation, paged.status, paged.body);
    violations.push(
      ...responseProblems(operation, paged.status, body).map(
        (problem) => `${place} (${operation.id}) answered ${paged.status}: ${problem}`,
      ),
    );
    return reply(paged.status, body, paged.headers);
  }

  function callOf(identity: Identity, parameters: Readonly<Record<string, string>>, arrived: Arrived): Call {
    const repository = repositories.get(`${parameters["owner"] ?? ""}/${parameters["repo"] ?? ""}`);
    if (repository === undefined) throw notFound();
    return {
      flavor,
      at,
      repository,
      repositories,
      identity,
      parameters,
      query: arrived.url.searchParams,
      body: parseObject(arrived.body),
      isLate: () => late > 0 && late-- > 0,
    };
  }

  function userReply(identity: Identity): Reply {
    if (identity.app !== null && flavor !== "gitea") throw new Refusal(403, "Resource not accessible by integration");
    return reply(
      200,
      completeResponse(matchOperation("GET", "/user")?.operation ?? neverMatched(), 200, { ...showUser(identity.user, at), name: null }),
    );
  }

  /** Cuts a list into the page that was asked for; GitHub sizes pages by `per_page`, Gitea by `limit`. */
  function page(answer: Answer, url: URL): Answer {
    if (answer.list === undefined) return answer;
    const asked = Number(url.searchParams.get(flavor === "gitea" ? "limit" : "per_page") ?? "30") || 30;
    const size = Math.max(1, Math.min(asked, flavor === "gitea" ? 50 : 100, options.largestPage ?? 100));
    const number = Math.max(1, Number(url.searchParams.get("page") ?? "1") || 1);
    const last = Math.max(1, Math.ceil(answer.list.length / size));
    const link = (relation: string, target: number): string => {
      const to = new URL(url.pathname + url.search, root);
      to.searchParams.set("page", String(target));
      return `<${to.href}>; rel="${relation}"`;
    };
    const links = [
      ...(number > 1 ? [link("prev", number - 1), link("first", 1)] : []),
      ...(number < last ? [link("next", number + 1), link("last", last)] : []),
    ];
    const items = answer.list.slice((number - 1) * size, number * size);
    const body: Json = answer.within === undefined ? items : { total_count: answer.list.length, [answer.within]: items };
    return { status: answer.status, body, headers: { ...answer.headers, ...(links.length === 0 ? {} : { link: links.join(", ") }) } };
  }

  function userNamed(login: string): User {
    const known = users.get(login);
    if (known !== undefined) return known;
    const user: User = { login, id: nextId(), type: "User" };
    users.set(login, user);
    return user;
  }

  function addRepository(fullName: string, input: { private?: boolean; parent?: Repository; defaultBranch?: string } = {}): Repository {
    const [owner = "", name = ""] = fullName.split("/");
    const defaultBranch = input.defaultBranch ?? "main";
    const repository: Repository = {
      id: nextId(),
      owner: userNamed(owner),
      name,
      fullName,
      defaultBranch,
      private: input.private ?? true,
      parent: input.parent ?? null,
      git: createGitRepository(directory, defaultBranch),
      collaborators: new Map(),
      accounts: users,
      activities: [],
      issues: new Map(),
      comments: [],
      labels: new Map(),
      checkRuns: [],
      checkSuites: [],
      runs: [],
      statuses: [],
      deployments: [],
      environments: new Map(),
      secrets: new Map(),
      variables: new Map(),
      branchRules: new Map(),
      protection: new Map(),
      rulesets: [],
    };
    repositories.set(fullName, repository);
    return repository;
  }

  /** A token of the given user, or of GitHub Actions in a repository, or of another app. */
  function addToken(input: Omit<Identity, "user"> & { user?: User }): string {
    const token = `${input.app === null ? "ghp" : "ghs"}_${crypto.randomUUID().replaceAll("-", "")}${nextId()}`;
    identities.set(token, { ...input, user: input.user ?? githubActionsBot });
    return token;
  }
  const actionsToken = (repository: Repository, permissions: Permissions): string =>
    addToken(
      flavor === "gitea"
        ? { app: null, user: giteaActions, permissions, repository: repository.fullName }
        : { app: githubActions, permissions, repository: repository.fullName },
    );
  const userToken = (login: string, permissions: Permissions): string =>
    addToken({ app: null, user: userNamed(login), permissions, repository: null });

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  }

  return {
    flavor,
    at,
    directory,
    repositories,
    log,
    users,
    userNamed,
    addRepository,
    addToken,
    actionsToken,
    userToken,
    close,
    revoke: (token: string): void => void identities.delete(token),
    fault: (fault: Fault): void => faults.add(fault),
    /** The next `times` questions for a commit's pull requests are answered with none. */
    delayAssociation: (times: number): void => void (late = times),
    /** Requests of an operation so far; all API requests without a name. */
    count: (operation?: string): number => log.filter((entry) => operation === undefined || entry.operation === operation).length,
    /** The breaches of contract so far, for tests that expect them. */
    takeViolations: (): readonly string[] => violations.splice(0),
    async [Symbol.asyncDispose](): Promise<void> {
      await close();
      if (violations.length > 0) throw new Error(`GitHub's contract was broken:\n${violations.join("\n")}`);
    },
  };
}

function identityOf(request: IncomingMessage, identities: ReadonlyMap<string, Identity>): Identity | null {
  const [scheme = "", value = ""] = (request.headers.authorization ?? "").split(" ");
  const token = scheme.toLowerCase() === "basic" ? (Buffer.from(value, "base64").toString("utf8").split(":")[1] ?? "") : value;
  return identities.get(token) ?? null;
}

function reply(
  status: number,
  body: Json | undefined,
  headers: Readonly<Record<string, string>> = {},
): { status: number; headers: Record<string, string>; text: string } {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    text: body === undefined ? "" : JSON.stringify(body),
  };
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function parseObject(body: string): JsonObject {
  const value = body === "" ? {} : parseJson(body);
  return isObject(value) ? value : {};
}

function neverMatched(): never {
  throw new Error("GET /user is not in the trimmed copy");
}
