// The few actions besides ours that the shipped workflows use, emulated: checkout, setup-node, upload-artifact, download-artifact.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { promisify } from "node:util";
import type { GitHub } from "../server.ts";
import { allows } from "../host/permissions.ts";
import { nextId, type Permissions, type Repository, type WorkflowRun } from "../host/state.ts";
import type { Machine } from "../runner.ts";
import { matchesPattern, type WorkflowEvent } from "./event.ts";

export type EmulatedCall = {
  readonly github: GitHub;
  readonly repository: Repository;
  readonly event: WorkflowEvent;
  readonly run: WorkflowRun;
  readonly machine: Machine;
  readonly token: string;
  readonly permissions: Permissions;
  readonly with: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
};

/** Does the action's work and returns its outputs. @throws Error as the action would fail */
export type EmulatedAction = (call: EmulatedCall) => Promise<Readonly<Record<string, string>>>;

const execute = promisify(execFile);

export const emulatedActions: Readonly<Record<string, EmulatedAction>> = {
  "actions/checkout": checkout,
  "actions/setup-node": async () => ({}),
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
};

async function checkout(call: EmulatedCall): Promise<Readonly<Record<string, string>>> {
  const { github, repository, event, machine } = call;
  if ((call.with["repository"] ?? repository.fullName) !== repository.fullName)
    throw new Error("the emulated checkout knows only the workflow's own repository");
  if (
    !allows(
      { user: event.actor, app: null, permissions: call.permissions, repository: repository.fullName },
      repository,
      "contents",
      "read",
    )
  )
    throw new Error(`fatal: repository '${github.at.server}/${repository.fullName}/' not found`);
  const directory = join(machine.workspace, call.with["path"] ?? "");
  mkdirSync(directory, { recursive: true });
  for (const entry of readdirSync(directory)) rmSync(join(directory, entry), { recursive: true, force: true });
  const ref = call.with["ref"] ?? "";
  const sha = ref === "" ? event.sha : repository.git.resolve(ref);
  if (sha === null) throw new Error(`A branch or tag with the name '${ref}' could not be found`);
  const env = { PATH: process.env["PATH"] ?? "", HOME: machine.home, GIT_CONFIG_NOSYSTEM: "1" };
  const git = async (...words: string[]): Promise<void> => void (await execute("git", words, { cwd: directory, env }));
  const branch =
    ref === "" ? (/^refs\/heads\/(.+)$/u.exec(event.ref)?.[1] ?? null) : repository.git.resolve(`refs/heads/${ref}`) === null ? null : ref;
  const depth = Number(call.with["fetch-depth"] ?? "1");
  const source = `file://${repository.git.directory}`;
  await git("init", "--quiet", "--initial-branch", "none");
  await git("remote", "add", "origin", `${github.at.server}/${repository.fullName}`);
  if (depth === 0) await git("fetch", "--quiet", source, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", sha);
  else await git("fetch", "--quiet", "--no-tags", `--depth=${depth}`, source, sha);
  if (branch === null) await git("checkout", "--quiet", "--detach", sha);
  else {
    await git("update-ref", `refs/remotes/origin/${branch}`, sha);
    await git("checkout", "--quiet", "-B", branch, sha);
  }
  if ((call.with["persist-credentials"] ?? "true") === "true") {
    const basic = Buffer.from(`x-access-token:${call.with["token"] ?? call.token}`).toString("base64");
    call.machine.masks.add(basic);
    await git("config", "--local", `http.${github.at.server}/.extraheader`, `AUTHORIZATION: basic ${basic}`);
  }
  return { ref: event.ref, commit: sha };
}

async function uploadArtifact(call: EmulatedCall): Promise<Readonly<Record<string, string>>> {
  const name = call.with["name"] ?? "artifact";
  const { run, machine } = call;
  if (/["<>:|*?\r\n\\/]/u.test(name)) throw new Error(`The artifact name is not valid: ${name}`);
  const hidden = (call.with["include-hidden-files"] ?? "false") === "true";
  const paths = (call.with["path"] ?? "")
    .split("\n")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  const places = paths.map((path) => (isAbsolute(path) ? path : join(machine.workspace, path)));
  const found = places.flatMap((path) => filesBelow(path)).filter((file) => hidden || !isHidden(file, machine));
  if (found.length === 0) {
    const message = `No files were found with the provided path: ${paths.join(" ")}. No artifacts will be uploaded.`;
    if (call.with["if-no-files-found"] === "error") throw new Error(message);
    if (call.with["if-no-files-found"] !== "ignore") call.say(`::warning::${message}`);
    return {};
  }
  const existing = run.artifacts.findIndex((artifact) => artifact.name === name && artifact.attempt === run.attempt);
  if (existing !== -1) {
    if (call.with["overwrite"] !== "true")
      throw new Error(
        "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run",
      );
    run.artifacts.splice(existing, 1);
  }
  const artifact = {
    id: nextId(),
    name,
    attempt: run.attempt,
    directory: join(call.github.directory, "artifacts", String(run.id), `${nextId()}`),
  };
  const root = rootOf(places);
  const digest = createHash("sha256");
  for (const file of found) {
    const target = join(artifact.directory, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(file, target);
    digest.update(relative(root, file)).update(readFileSync(file));
  }
  run.artifacts.push(artifact);
  const url = `${call.github.at.server}/${call.repository.fullName}/actions/runs/${run.id}/artifacts/${artifact.id}`;
  return { "artifact-id": String(artifact.id), "artifact-url": url, "artifact-digest": digest.digest("hex") };
}

async function downloadArtifact(call: EmulatedCall): Promise<Readonly<Record<string, string>>> {
  const { name, pattern, path = "" } = call.with;
  const runId = Number(call.with["run-id"] ?? call.run.id);
  const run = call.repository.runs.find(({ id }) => id === runId);
  if (
    run === undefined ||
    (run !== call.run &&
      !allows({ user: call.event.actor, app: null, permissions: call.permissions, repository: null }, call.repository, "actions", "read"))
  )
    throw new Error("Unable to download artifact(s): Resource not accessible by integration");
  const wanted = run.artifacts.filter((artifact) =>
    name === undefined ? pattern === undefined || matchesPattern(artifact.name, pattern) : artifact.name === name,
  );
  if (name !== undefined && wanted.length === 0) throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  const directory = isAbsolute(path) ? path : join(call.machine.workspace, path);
  for (const artifact of wanted)
    cpSync(artifact.directory, name !== undefined || call.with["merge-multiple"] === "true" ? directory : join(directory, artifact.name), {
      recursive: true,
    });
  return { "download-path": directory };
}

function filesBelow(path: string): readonly string[] {
  const roots = existsSync(path) ? [path] : globSync(path);
  return roots.flatMap((root) =>
    statSync(root).isDirectory()
      ? readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
      : [root],
  );
}

function isHidden(file: string, machine: Machine): boolean {
  const base = [machine.workspace, machine.temp].find((folder) => file.startsWith(`${folder}/`)) ?? "/";
  return relative(base, file)
    .split("/")
    .some((part) => part.startsWith("."));
}

/** What names in the artifact are relative to: the one folder that was asked for, else what all the paths have in common. */
function rootOf(paths: readonly string[]): string {
  const [first = "/", ...more] = paths.map((path) => (existsSync(path) && statSync(path).isDirectory() ? path : dirname(path)));
  let folder = first;
  while (!more.every((path) => path === folder || path.startsWith(`${folder}/`)) && folder !== "/") folder = dirname(folder);
  return folder;
}
