// The session log on a branch, against the stand-in's Git: races, lost answers, logins, and branches that are something else.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { appendToBranch } from "../../src/action/session-branch.ts";
import { basicCredential } from "../../src/io/remote-branch.ts";
import { chainPlaces } from "../../src/session/graft.ts";
import type { Flavor } from "./host/call.ts";
import type { Fault } from "./host/faults.ts";
import type { Permissions } from "./host/state.ts";
import { fill, temporaryLog } from "../core/session/support/log.ts";
import { startGitHub } from "./server.ts";
import { appendElsewhere, readSessionBranch } from "./stories/session-branch.ts";

const branch = "log";

async function startHost(input: { readonly flavor?: Flavor; readonly permissions?: Permissions } = {}) {
  const github = await startGitHub({ flavor: input.flavor ?? "github" });
  const repository = github.addRepository("acme/access");
  const { git } = repository;
  git.updateRef("refs/heads/main", git.writeCommit({ tree: git.writeFiles(null, { "a.txt": "a" }), parents: [], message: "start" }));
  const token = github.actionsToken(repository, input.permissions ?? { contents: "write" });
  return Object.assign(github, { repository, token });
}
type Host = Awaited<ReturnType<typeof startHost>>;

type Given = { readonly env?: Readonly<Record<string, string | undefined>>; readonly signal?: AbortSignal; readonly branch?: string };

/** Puts a log of `count` sessions on the branch. */
async function append(host: Host, count: number, given: Given = {}): Promise<string> {
  await using log = await temporaryLog();
  await fill(await log.open(), count);
  const commit = await appendLog(host, log, given);
  return commit;
}

async function appendLog(host: Host, log: { readonly files: Parameters<typeof chainPlaces>[0] }, given: Given = {}): Promise<string> {
  const context = {
    env: given.env ?? { PATH: process.env["PATH"], HOME: tmpdir() },
    inputs: { token: host.token, command: "apply", environment: "prod" } as never,
    run: { id: 7, url: "https://example.com/run/7", repository: "acme/access", repositoryId: 1, serverUrl: host.at.server },
    signal: given.signal ?? new AbortController().signal,
    randomBytes: (size: number) => new Uint8Array(size),
  };
  return appendToBranch(context, { branch: given.branch ?? branch, files: log.files, places: await chainPlaces(log.files) });
}

async function verified(host: Host): Promise<number> {
  using log = await readSessionBranch(host.repository, branch);
  expect(log.verification.problems).toEqual([]);
  return log.verification.sound;
}

const ofPush: Fault["on"] = ({ method, path }) => method === "POST" && path.endsWith("/git-receive-pack");
const beforePush: Fault["on"] = ({ path }) => path.endsWith("info/refs?service=git-receive-pack");

test("the branch begins with a commit of its own, which says which run wrote it", async () => {
  await using host = await startHost();
  const commit = await append(host, 3);
  expect(host.repository.git.resolve(branch)).toBe(commit);
  expect(host.repository.git.readCommit(commit)).toMatchObject({
    parents: [],
    message: "3 sessions of run 7: apply in prod\n\nhttps://example.com/run/7",
    author: { name: "rolewright", email: "rolewright@localhost" },
  });
  expect(await verified(host)).toBe(3);
  expect(host.repository.git.listTree(branch, false).map(({ path }) => path)).toEqual(["2026", "head.yaml"]);
});

test("F74 what is on the branch already is not written again, whatever an earlier attempt came to", async () => {
  await using host = await startHost();
  await using log = await temporaryLog();
  const sessions = await log.open();
  await fill(sessions, 2);
  const first = await appendLog(host, log);
  expect(await appendLog(host, log)).toBe(first);
  await appendElsewhere(host.repository, branch);
  await sessions.append({ ...(await onlySession(log)), sid: crypto.randomUUID() });
  await appendLog(host, log);
  expect(await verified(host)).toBe(4);
});

async function onlySession(log: Awaited<ReturnType<typeof temporaryLog>>) {
  const [session] = (await (await log.open()).list({})).sessions;
  if (session === undefined) throw new Error("the log is empty");
  return session;
}

for (const [moment, on] of [
  ["before the push is begun", beforePush],
  ["while it is under way", ofPush],
] as const) {
  for (const isNew of [true, false]) {
    test(`F74 another writer ${moment} is found, and the chain goes on behind both, ${isNew ? "on a new branch" : "on one that is there"}`, async () => {
      await using host = await startHost();
      if (!isNew) await append(host, 1);
      host.fault({ on, times: 3, meanwhile: async () => void (await appendElsewhere(host.repository, branch)) });
      await using log = await temporaryLog();
      await (await log.open()).append({ ...(await sample()), sid: crypto.randomUUID() });
      const commit = await appendLog(host, log);
      expect(host.repository.git.resolve(branch)).toBe(commit);
      expect(await verified(host)).toBe(isNew ? 4 : 5);
    });
  }
}

async function sample() {
  await using log = await temporaryLog();
  await fill(await log.open(), 1);
  const session = await onlySession(log);
  return session;
}

test("F74 five runs at once all get through", { timeout: 120_000 }, async () => {
  await using host = await startHost();
  const session = await sample();
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      await using log = await temporaryLog();
      await (await log.open()).append({ ...session, sid: crypto.randomUUID() });
      await appendLog(host, log);
    }),
  );
  expect(await verified(host)).toBe(5);
  expect(host.repository.git.log(branch)).toHaveLength(5);
});

test("F74 a push whose answer is lost is not made twice, and one that never arrived is", async () => {
  await using host = await startHost();
  host.fault({ on: ofPush, drop: "after" });
  const commit = await append(host, 2);
  expect(host.repository.git.log(branch)).toEqual([commit]);
  host.fault({ on: ofPush, drop: "before" });
  host.fault({ on: ({ path }) => path.endsWith("service=git-upload-pack"), status: 502, times: 2 });
  await using log = await temporaryLog();
  await (await log.open()).append({ ...(await sample()), sid: crypto.randomUUID() });
  await appendLog(host, log);
  expect(await verified(host)).toBe(3);
});

test.each<readonly [string, Parameters<typeof startHost>[0], RegExp]>([
  ["a token that only reads", { permissions: { contents: "read" } }, /git push: .*error: 403/u],
  ["a token that may not even read", { permissions: {} }, /git ls-remote: .*error: 403/u],
])("%s is an error at once, with the host's words and not the token", async (_, given, words) => {
  await using host = await startHost(given);
  const error = await append(host, 1).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(words) });
  expect(String(error)).not.toContain(host.token);
});

test("the default branch, a branch of something else and a log whose head was spoilt are left alone", async () => {
  await using host = await startHost();
  const { git } = host.repository;
  git.updateRef("refs/heads/feature", git.resolve("main"));
  await append(host, 1);
  const spoilt = git.writeCommit({
    tree: git.writeFiles(git.resolve(branch), { "head.yaml": "count: none\n" }),
    parents: [git.resolve(branch) ?? ""],
    message: "spoil",
  });
  git.updateRef(`refs/heads/${branch}`, spoilt);
  const before = git.refs("refs/heads/");
  await expect(append(host, 1, { branch: "main" })).rejects.toThrow("it is the default branch");
  await expect(append(host, 1, { branch: "feature" })).rejects.toThrow("holds no session log");
  await expect(append(host, 1)).rejects.toThrow("its head.yaml cannot be read");
  expect(git.refs("refs/heads/")).toEqual(before);
});

test("of the sessions on the branch only their names are downloaded, however many there are", async () => {
  await using host = await startHost();
  const { git } = host.repository;
  await append(host, 5);
  const old = git.listTree(branch, true).filter(({ path }) => path.endsWith(".yaml") && path !== "head.yaml");
  expect(old).toHaveLength(5);
  // The host could not send them if it were asked to.
  for (const { sha } of old) rmSync(join(git.directory, "objects", sha.slice(0, 2), sha.slice(2)));
  await using log = await temporaryLog();
  await (await log.open()).append({ ...(await sample()), sid: crypto.randomUUID() });
  const commit = await appendLog(host, log);
  expect(git.readFile(commit, "head.yaml")).toContain("count: 6\n");
});

test("other files of the branch stay, and so do executable bits and links", async () => {
  await using host = await startHost();
  const { git } = host.repository;
  await append(host, 1);
  const link = git.writeBlob(Buffer.from("/etc/passwd"));
  const tree = git.writeTree(git.resolve(branch), [
    { path: "README.md", mode: "100755", sha: git.writeBlob(Buffer.from("The log.\n")) },
    { path: "link", mode: "120000", sha: link },
  ]);
  git.updateRef(`refs/heads/${branch}`, git.writeCommit({ tree, parents: [git.resolve(branch) ?? ""], message: "explain" }));
  await using log = await temporaryLog();
  await (await log.open()).append({ ...(await sample()), sid: crypto.randomUUID() });
  await appendLog(host, log);
  expect(git.listTree(branch, false).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
    "040000 2026",
    "100755 README.md",
    "100644 head.yaml",
    "120000 link",
  ]);
});

test("a cancelled run stops at once", async () => {
  await using host = await startHost();
  const controller = new AbortController();
  host.fault({ on: beforePush, times: 100, status: 502, meanwhile: () => controller.abort(new Error("cancelled")) });
  await expect(append(host, 1, { signal: controller.signal })).rejects.toThrow();
  expect(host.repository.git.resolve(branch)).toBe(null);
});

test("works on Gitea alike", async () => {
  await using host = await startHost({ flavor: "gitea" });
  await append(host, 2);
  expect(await verified(host)).toBe(2);
});

test("the token is in no argument, no file and no variable but Git's own, and nothing else of the environment reaches Git", async () => {
  await using host = await startHost();
  const folder = mkdtempSync(join(tmpdir(), "rolewright-wrapper-"));
  const record = join(folder, "record");
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  // After each command, everything that is in the temporary repository.
  const script = `#!/bin/sh
{ echo "args: $*"; env; } >> ${record}
${real} "$@"; code=$?
grep -rIsFe '${host.token}' -e '${basicCredential(host.token)}' . && echo LEAKED >> ${record}
exit $code
`;
  writeFileSync(join(folder, "git"), script);
  chmodSync(join(folder, "git"), 0o755);
  const secrets = { ROLEWRIGHT_ADMIN_CSV: "admin-secret", INPUT_TOKEN: host.token, GIT_TRACE_CURL: "1", STATE_x: "y" };
  await append(host, 1, { env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, HOME: folder, ...secrets } });
  const text = readFileSync(record, "utf8");
  expect(text).not.toContain("LEAKED");
  expect(text).not.toContain(host.token);
  expect(text).not.toContain("admin-secret");
  const lines = text.split("\n");
  const carriers = lines.filter((line) => line.includes(basicCredential(host.token))).map((line) => line.split("=")[0]);
  expect(new Set(carriers)).toEqual(new Set(["GIT_CONFIG_VALUE_1"]));
  const names = new Set(lines.flatMap((line) => /^([A-Za-z_]+)=/u.exec(line)?.[1] ?? []));
  expect([...names].filter((name) => /INPUT|STATE|ROLEWRIGHT|TRACE/u.test(name))).toEqual([]);
});

test("a login that the machine has for the host does not come in the way of the token", async () => {
  await using host = await startHost();
  const home = mkdtempSync(join(tmpdir(), "rolewright-home-"));
  const stale = Buffer.from("x-access-token:stale").toString("base64");
  writeFileSync(
    join(home, ".gitconfig"),
    `[http]\n\textraheader = AUTHORIZATION: basic ${stale}\n[http "${host.at.server}/"]\n\textraheader = AUTHORIZATION: basic ${stale}\n[credential]\n\thelper = "!touch ${home}/asked"\n[core]\n\thooksPath = ${home}\n`,
  );
  writeFileSync(join(home, "pre-push"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(home, "pre-push"), 0o755);
  await append(host, 1, { env: { PATH: process.env["PATH"], HOME: home } });
  expect(await verified(host)).toBe(1);
  expect(() => readFileSync(join(home, "asked"))).toThrow("ENOENT");
});
