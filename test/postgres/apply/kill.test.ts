// kill -9 at every step of an apply: every write to a socket and every change of a file, before it is made and after it.
// KILL_STEPS=all takes reads, too; without it only the steps that something outside can tell apart.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resetCluster, startServer, type Server } from "../../support/server.ts";
import { loginEnvironment, makeAccessRepository, type AccessRepository, type TestResource } from "../../support/access-repository.ts";
import { runInProcess } from "../../support/in-process-cli.ts";

const preload = fileURLToPath(new URL("../../support/failpoints/kill-at.ts", import.meta.url));

let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

type Kill = { readonly step: number; readonly moment: "before" | "after"; readonly name: string };

const roles = {
  create: ["analytics,managed,ro,app,SELECT,", "analytics,external,ext,,,pg_read_all_stats"],
  rotate: ["analytics,external,ext,,,pg_read_all_stats"],
};

const scenarios = [
  { name: "that creates roles", roles: roles.create, isRotation: false },
  { name: "that rotates the password of a role that was in sync", roles: roles.rotate, isRotation: true },
] as const;

for (const scenario of scenarios) {
  test(`F40 F73 an apply ${scenario.name}, killed at any step, is healed by running again`, { timeout: 900_000 }, async () => {
    const kills = killsOf(await runScenario(scenario, null));
    expect(kills.length).toBeGreaterThan(12);
    const problems: string[] = [];
    for (const kill of kills) {
      const found = await runScenario(scenario, kill).catch((error: unknown) => String(error));
      if (found !== "") problems.push(`killed ${kill.moment} step ${kill.step} (${kill.name}): ${found}`);
    }
    expect(problems).toEqual([]);
  });
}

/** @returns the trace of an apply that is left alone; for one that is killed, what is wrong afterwards. */
async function runScenario({ roles: lines, isRotation }: (typeof scenarios)[number], kill: Kill | null): Promise<string> {
  await resetCluster(server);
  await server.run("postgres", "create database app");
  await server.run("app", "create table t (a int)");
  const resources: readonly TestResource[] = [{ name: "analytics", server }];
  await using repository = makeAccessRepository({ resources, roles: lines, settings: ["concurrency: {per_resource: 2}"] });
  const cli = (...words: readonly string[]) => runInProcess(repository.directory, words, loginEnvironment(resources));
  const trace = join(tmpdir(), `rolewright-trace-${process.pid}`);
  rmSync(trace, { force: true });
  if (isRotation) {
    await converge(repository, cli);
    repository.write("roles.yaml", rotatingRole);
    repository.write("roles.csv", "");
    rmSync(join(repository.directory, "roles.csv"));
  }
  await cli("plan", "-o", repository.resultFile);
  const killed = await repository.apply({
    nodeFlags: ["--import", preload],
    env: { KILL_TRACE: trace, ...(kill === null ? {} : { KILL_AT: String(kill.step), KILL_MOMENT: kill.moment }) },
  });
  if (kill === null) return killed.exitCode === 0 ? readFileSync(trace, "utf8") : `failed:\n${killed.stdout}${killed.stderr}`;
  if (killed.exitCode !== null) return `it was not killed: ${killed.stdout}${killed.stderr}`;
  const journals = sidsIn(repository, "sessions/.running");
  // One that the head names already is on record, and only has to be moved to its place.
  const aside = sidsIn(repository, "sessions/.pending");
  const recorded = new Set([...repository.sessions("apply").map(({ sid }) => sid), ...aside]);
  // Who only wants what was declared plans and applies again, as the next merge would.
  repository.write("roles.csv", `resource_name,type,role,scopes,permissions,source_role\n${lines.join("\n")}\n`);
  rmSync(join(repository.directory, "roles.yaml"), { force: true });
  await converge(repository, cli);
  const interrupted = journals.filter((sid) => !recorded.has(sid));
  return [...(await credentialProblems(repository, lines.length)), ...(await sessionProblems(repository, cli, interrupted))].join("; ");
}

const rotatingRole = `items:
  - {resource_name: analytics, type: external, role: ext, source_role: pg_read_all_stats, rotate_password: true}
`;

type Cli = (...words: readonly string[]) => ReturnType<typeof runInProcess>;

async function converge(repository: AccessRepository, cli: Cli): Promise<void> {
  const isPending = repository.credentials().some(({ file }) => /\.pending-\d+\.json$/u.test(file));
  const planned = await cli("plan", "-o", repository.resultFile);
  if (planned.exitCode !== 0) throw new Error(`plan failed: ${planned.stdout}${planned.stderr}`);
  // Where nothing else is left to do, nobody would apply, and nobody would get what waits.
  const isTold = planned.stderr.includes("is in sync, and a new credential waits in the store");
  if (isPending && !/out of sync|out-of-sync/u.test(planned.stdout) && !isTold)
    throw new Error(`nobody is told of a credential that waits: ${planned.stdout}${planned.stderr}`);
  const applied = await cli("apply", "-f", repository.resultFile);
  if (applied.exitCode !== 0) throw new Error(`apply failed: ${applied.stdout}${applied.stderr}`);
  const again = await cli("plan", "--detailed-exitcode");
  if (again.exitCode !== 0) throw new Error(`not converged: ${again.stdout}${again.stderr}`);
}

async function credentialProblems(repository: AccessRepository, roleCount: number): Promise<readonly string[]> {
  // A file that was never named holds a password that nobody was given; the next rotation removes it.
  const credentials = repository.credentials().filter(({ file }) => roleCount > 1 || !file.endsWith(".tmp"));
  const files = credentials.map(({ file }) => file);
  const problems =
    files.length === roleCount && files.every((file) => /^analytics\/(?:ro|ext)\.json$/u.test(file))
      ? []
      : [`the store has ${files.join(", ") || "nothing"}`];
  for (const { file, dsn, password } of credentials) {
    const client = new Client({ connectionString: dsn });
    await client.connect().catch((error: unknown) => problems.push(`${file} does not log in: ${String(error)}`));
    await client.end();
    if (password.length < 40) problems.push(`${file} has a short password`);
  }
  return problems;
}

/** @param interrupted sids of the applies that were running when the process was killed. */
async function sessionProblems(repository: AccessRepository, cli: Cli, interrupted: readonly string[]): Promise<readonly string[]> {
  const verified = await cli("sessions", "verify");
  const applies = repository.sessions("apply");
  const isTrue = (sid: string): boolean => {
    const session = applies.find((candidate) => candidate.sid === sid);
    if (session === undefined) return false;
    return (
      session.status === "failed" &&
      session.message.startsWith("interrupted") &&
      !Object.values(session.databases ?? {}).includes("applied")
    );
  };
  return [
    ...(verified.exitCode === 0 ? [] : [`sessions verify: ${verified.stdout}${verified.stderr}`]),
    ...interrupted.filter((sid) => !isTrue(sid)).map((sid) => `the killed apply ${sid} is not recorded as interrupted`),
    ...sidsIn(repository, "sessions/.running").map((sid) => `the journal of ${sid} is left`),
  ];
}

function sidsIn(repository: AccessRepository, path: string): readonly string[] {
  const folder = join(repository.directory, path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml") && name !== "head.yaml")
    .map((name) => name.slice(0, -".yaml".length));
}

/** Steps whose effects something outside can tell apart, and for COMMIT and file changes also the moment after them. */
function killsOf(trace: string): readonly Kill[] {
  const steps = trace
    .trim()
    .split("\n")
    .map((line) => ({ step: Number.parseInt(line, 10), name: line.replace(/^\d+ /u, "") }));
  const chosen = process.env["KILL_STEPS"] === "all" ? steps : steps.filter(({ name }) => isTelling(name));
  return chosen.flatMap(({ step, name }): readonly Kill[] => [
    { step, name, moment: "before" },
    ...(/^send Q.*COMMIT$|^(?:link|rename) /u.test(name) ? [{ step, name, moment: "after" as const }] : []),
  ]);
}

function isTelling(name: string): boolean {
  // That a session survives each single write is shown without a server, in test/core/session/crash.test.ts.
  if (!name.startsWith("send ")) return name.includes("credentials/") ? !name.startsWith("mkdir ") : name.startsWith("rename ");
  return /^send Q.*(?:CREATE|GRANT|COMMENT|ALTER|COMMIT|advisory)/u.test(name);
}
