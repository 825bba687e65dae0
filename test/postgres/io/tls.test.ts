import { once } from "node:events";
import { connect as connectSocket, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls, TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SslMode } from "../../../src/model/resource.ts";
import { connect } from "../../../src/io/postgres.ts";
import { createAuthority } from "../../support/certificates.ts";
import { type Server, startServer, suppliesContainers } from "../../support/server.ts";

type Host = "localhost" | "127.0.0.1";

// The server's certificate names `localhost` and nothing else.
const authority = createAuthority("ours");
const stranger = createAuthority("not ours");

describe.skipIf(suppliesContainers)("TLS", () => {
  let server: Server;

  beforeAll(async () => {
    const issued = authority.issue("DNS:localhost");
    server = await startServer({
      settings: { ssl: "on" },
      files: { "server.crt": issued.certificate, "server.key": issued.key },
      hba: ["hostnossl all encrypted 127.0.0.1/32 reject"],
    });
    await server.run("postgres", "create role encrypted login password 'encrypted-password'");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const authorities = { right: authority.certificate, wrong: stranger.certificate, none: undefined };

  test.each<[SslMode, keyof typeof authorities, Host]>([
    ["disable", "right", "localhost"],
    ["disable", "wrong", "127.0.0.1"],
    ["require", "right", "localhost"],
    ["require", "right", "127.0.0.1"],
    ["require", "wrong", "localhost"],
    ["require", "wrong", "127.0.0.1"],
    ["require", "none", "127.0.0.1"],
    ["verify-ca", "right", "localhost"],
    ["verify-ca", "right", "127.0.0.1"],
    ["verify-full", "right", "localhost"],
  ])("%s connects with the %s authority to %s", async (mode, ca, host) => {
    await using connection = await connectTo({ host, mode, ca: authorities[ca] });
    const { rows } = await connection.query("select ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()");
    expect(rows).toEqual([{ encrypted: mode !== "disable" }]);
  });

  test.each<[SslMode, keyof typeof authorities, Host, RegExp]>([
    ["verify-ca", "wrong", "localhost", /sslrootcert/u],
    ["verify-ca", "wrong", "127.0.0.1", /sslrootcert/u],
    ["verify-ca", "none", "localhost", /sslrootcert/u],
    ["verify-full", "right", "127.0.0.1", /host name of the certificate/u],
    ["verify-full", "wrong", "localhost", /sslrootcert/u],
    ["verify-full", "wrong", "127.0.0.1", /sslrootcert/u],
    ["verify-full", "none", "localhost", /sslrootcert/u],
  ])("%s refuses with the %s authority the host %s", async (mode, ca, host, hint) => {
    const attempt = connectTo({ host, mode, ca: authorities[ca] });
    await expect(attempt).rejects.toMatchObject({ hint: expect.stringMatching(hint), name: "ConnectionError" });
  });

  test("a login that the server takes over TLS only says so in plain text", async () => {
    const login = { user: "encrypted", password: "encrypted-password" };
    await expect(connectTo({ mode: "disable", ...login })).rejects.toMatchObject({
      code: "28000",
      hint: expect.stringContaining("sslmode"),
    });
    await using connection = await connectTo({ mode: "require", ...login });
    expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("cancels over TLS where the connection uses it", async () => {
    const proxy = await startRecorder(server.port);
    await using connection = await connectTo({ host: "localhost", mode: "verify-full", ca: authority.certificate, port: proxy.port });
    const ended = connection.query("select pg_sleep(30)").catch((error: unknown) => error);
    await sleep(100);
    await connection.cancel();
    expect(await ended).toMatchObject({ code: "57014" });
    const [session, cancel] = proxy.received();
    expect(session?.subarray(0, 8)).toEqual(sslRequest);
    expect(cancel?.subarray(0, 8)).toEqual(sslRequest);
    expect(cancel?.includes(cancelRequestCode)).toBe(false);
    proxy.close();
  });

  test("require does not check the certificate, yet channel binding notices whoever ends the TLS connection in between", async () => {
    const interceptor = await startInterceptor(server.port);
    await expect(connectTo({ mode: "require", port: interceptor.port })).rejects.toMatchObject({
      hint: expect.stringContaining("between us"),
    });
    interceptor.close();
  });

  function connectTo(change: { host?: string; port?: number; mode: SslMode; ca?: string | undefined; user?: string; password?: string }) {
    const { mode, ca, ...rest } = change;
    const limits = { connectSeconds: 5, lockSeconds: 3, statementSeconds: 60, applicationName: "test" };
    return connect({
      host: "127.0.0.1",
      port: server.port,
      user: "postgres",
      password: server.password,
      database: "postgres",
      ...rest,
      ...limits,
      tls: { mode, ca },
    });
  }
});

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const cancelRequestCode = Buffer.from([0x04, 0xd2, 0x16, 0x2e]);

/** Passes bytes on and keeps those of each connection. */
async function startRecorder(target: number): Promise<{ port: number; received: () => readonly Buffer[]; close: () => void }> {
  const connections: Buffer[][] = [];
  const proxy = createServer((client) => {
    const chunks: Buffer[] = [];
    connections.push(chunks);
    const upstream = connectSocket(target, "127.0.0.1");
    client.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
    upstream.on("error", () => {});
    client.pipe(upstream);
    upstream.pipe(client);
  }).listen(0);
  await once(proxy, "listening");
  return { port: portOf(proxy.address()), received: () => connections.map((chunks) => Buffer.concat(chunks)), close: () => proxy.close() };
}

/** Ends TLS with a certificate of its own and speaks TLS to the server. */
async function startInterceptor(target: number): Promise<{ port: number; close: () => void }> {
  const issued = stranger.issue("DNS:localhost");
  const interceptor = createServer((client) => {
    client.once("data", () => {
      client.write("S");
      const towardsClient = new TLSSocket(client, { isServer: true, cert: issued.certificate, key: issued.key });
      const upstream = connectSocket(target, "127.0.0.1", () => upstream.write(sslRequest));
      upstream.once("data", () => {
        const towardsServer = connectTls({ socket: upstream, rejectUnauthorized: false });
        towardsClient.on("error", () => {}).pipe(towardsServer);
        towardsServer.on("error", () => {}).pipe(towardsClient);
      });
    });
  }).listen(0, "127.0.0.1");
  await once(interceptor, "listening");
  return { port: portOf(interceptor.address()), close: () => interceptor.close() };
}

function portOf(address: unknown): number {
  if (typeof address === "object" && address !== null && "port" in address) return Number(address.port);
  throw new Error("not listening");
}
