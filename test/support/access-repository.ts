// An access repository in a temporary folder, with a file store beside it, worked on by the real command line as a child process.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Session } from "../../src/model/session.ts";
import { compileCache } from "./compile-cache.ts";
import type { Server } from "./server.ts";

export const mainScript = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export type Outcome = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type Run = { readonly child: ChildProcess; readonly ended: Promise<Outcome>; readonly stderr: () => string };

/** As the file store writes it. */
export type StoredCredential = {
  readonly file: string;
  readonly user: string;
  readonly password: string;
  readonly databases: readonly string[];
  readonly dsn: string;
};

export type StartOptions = {
  /** Added to the environment, which holds PATH and the admin's login only. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of node itself, before the script. */
  readonly nodeFlags?: readonly string[];
};

export type AccessRepository = {
  readonly directory: string;
  readonly storeDirectory: string;
  readonly resultFile: string;
  readonly write: (path: string, text: string) => void;
  readonly start: (words: readonly string[], options?: StartOptions) => Run;
  readonly cli: (words: readonly string[], options?: StartOptions) => Promise<Outcome>;
  /** `plan -o`, which must end with 0. */
  readonly plan: () => Promise<Outcome>;
  /** `apply -f` of the last plan. */
  readonly apply: (options?: StartOptions) => Promise<Outcome>;
  /** In the order of the chain of their names in time; journals are not among them. */
  readonly sessions: (kind?: Session["kind"]) => readonly Session[];
  readonly lastApply: (label: string) => Session;
  /** Every file of the store, also pending ones. */
  readonly credentials: () => readonly StoredCredential[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** One row of the inventory. */
export type TestResource = { readonly name: string; readonly server: Pick<Server, "port" | "user" | "password">; readonly host?: string };

export type RepositoryInput = {
  readonly resources: readonly TestResource[];
  /** Lines of roles.csv below its header. */
  readonly roles: readonly string[];
  /** Lines of rolewright.yaml below the store. */
  readonly settings?: readonly string[];
};

const rolesHeader = "resource_name,type,role,scopes,permissions,source_role";

export function formatRoles(lines: readonly string[]): string {
  return `${[rolesHeader, ...lines].join("\n")}\n`;
}

export function makeAccessRepository(input: RepositoryInput): AccessRepository {
  const root = mkdtempSync(join(tmpdir(), "rolewright-access-"));
  const directory = join(root, "access");
  const storeDirectory = join(root, "credentials");
  const resultFile = join(root, "result.yaml");
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  write("inventory.csv", formatInventory(input.resources));
  write("roles.csv", formatRoles(input.roles));
  write(
    "rolewright.yaml",
    ["repository: test/access", "credentials: {store: file:../credentials}", ...(input.settings ?? []), ""].join("\n"),
  );
  execFileSync("git", ["init", "--quiet"], { cwd: directory });
  const running = new Set<ChildProcess>();

  function start(words: readonly string[], options: StartOptions = {}): Run {
    const run = spawnScript([...(options.nodeFlags ?? []), mainScript, "-C", directory, ...words], {
      ...loginEnvironment(input.resources),
      ...options.env,
    });
    running.add(run.child);
    run.child.once("close", () => running.delete(run.child));
    return run;
  }
  const cli = (words: readonly string[], options?: StartOptions): Promise<Outcome> => start(words, options).ended;
  const sessions = (kind?: Session["kind"]): readonly Session[] =>
    readSessions(join(directory, "sessions")).filter((session) => kind === undefined || session.kind === kind);
  return {
    directory,
    storeDirectory,
    resultFile,
    write,
    start,
    cli,
    plan: async () => {
      const outcome = await cli(["plan", "-o", resultFile]);
      if (outcome.exitCode !== 0) throw new Error(`plan ended with ${outcome.exitCode}:\n${outcome.stdout}${outcome.stderr}`);
      return outcome;
    },
    apply: (options) => cli(["apply", "-f", resultFile], options),
    sessions,
    lastApply: (label) => {
      const found = sessions("apply").findLast((session) => session.label === label);
      if (found === undefined) throw new Error(`there is no apply of ${label}`);
      return found;
    },
    credentials: () => readCredentials(storeDirectory),
    [Symbol.asyncDispose]: async () => {
      for (const child of running) child.kill("SIGKILL");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function spawnScript(parameters: readonly string[], env: Readonly<Record<string, string>>): Run {
  const child = spawn(process.execPath, parameters, {
    env: { PATH: process.env["PATH"], ...compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, ended, stderr: () => stderr };
}

export function formatInventory(resources: readonly TestResource[]): string {
  const rows = resources.map(({ name, server, host }) => `${name},PostgreSQL,${host ?? "127.0.0.1"},${server.port}`);
  return `${["name,type,host,port", ...rows].join("\n")}\n`;
}

export function loginEnvironment(resources: readonly TestResource[]): Readonly<Record<string, string>> {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = resources.map(({ name, server }) => `${name},${cell(server.user)},${cell(server.password)}`);
  return { ROLEWRIGHT_ADMIN_CSV: `${["resource_name,username,password", ...rows].join("\n")}\n` };
}

function readSessions(folder: string): readonly Session[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /^\d{4}\/.*\.yaml$/u.test(name));
  const read = files.map((name) => ({ text: readFileSync(join(folder, name), "utf8"), time: statSync(join(folder, name)).mtimeMs }));
  const number = (text: string): number => Number(/# session (\d+),/u.exec(text)?.[1] ?? 0);
  return read.toSorted((a, b) => number(a.text) - number(b.text)).map(({ text }) => parse(text) as Session);
}

function readCredential(text: string): Omit<StoredCredential, "file"> {
  if (text === "") return { user: "", password: "", databases: [], dsn: "" };
  return JSON.parse(text) as Omit<StoredCredential, "file">;
}

function readCredentials(folder: string): readonly StoredCredential[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted()
    .map((file) => ({ file, ...readCredential(readFileSync(join(folder, file), "utf8")) }));
}
