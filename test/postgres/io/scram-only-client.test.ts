// Pins what scram-only-client.ts relies on inside node-postgres: a change there fails here.
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { ConnectionError } from "../../../src/io/connection-error.ts";
import { connect } from "../../../src/io/postgres.ts";
import { QueryError } from "../../../src/model/query-error.ts";
import {
  authentication,
  backendMessage,
  type FakeLogin,
  type FakeServer,
  md5Digest,
  messageHead,
  offerScram,
  readyForQuery,
  scramServer,
  startFakePostgres,
} from "../../support/fake-postgres.ts";
import { startServer, suppliesContainers } from "../../support/server.ts";

const password = "TopSecret123";
const gigabyte = 1_073_741_824;
const salt = Buffer.from("salt");
let fake: FakeServer | undefined;

afterEach(() => fake?.close());

const passwordMessage = /^p/u;
const proof = /,p=[A-Za-z0-9+/=]{44}/u;

type Case = {
  readonly login: () => FakeLogin;
  readonly reason: RegExp;
  /** What the plain client sends, where it shows. */ readonly plain?: string;
};

const cases: Readonly<Record<string, Case>> = {
  "a clear-text password": { login: () => atStart(authentication(3)), reason: /clear text.*not sent/u, plain: password },
  "a clear-text password in a message of odd length": { login: () => atStart(authentication(3, "abcd")), reason: /without a SCRAM login/u },
  "an MD5 digest": { login: () => atStart(authentication(5, salt)), reason: /MD5.*not sent/u, plain: md5Digest("admin", password, salt) },
  "nothing at all": { login: () => atStart(authentication(0), readyForQuery), reason: /without a SCRAM login/u },
  "nothing, without even saying that this is enough": { login: () => atStart(readyForQuery), reason: /without any login/u },
  Kerberos: { login: () => atStart(authentication(7)), reason: /not a SCRAM login/u },
  "SCRAM, and is content with its first message": {
    login: () => inTurn(offerScram, Buffer.concat([authentication(0), readyForQuery])),
    reason: /without a SCRAM login/u,
  },
  "SCRAM with one iteration": { login: () => scram({ iterations: 1 }), reason: /1 iterations, fewer than 4096/u },
  "SCRAM with few iterations behind many": {
    login: () => scram({ iterations: 4096, suffix: ",i=1" }),
    reason: /iterations, fewer than 4096/u,
  },
  "a login in a message of a gigabyte": { login: () => atStart(messageHead("R", gigabyte)), reason: /more than 65536 bytes.*not sent/u },
  "SCRAM, and goes on with an error of a gigabyte": {
    login: () => inTurn(offerScram, messageHead("E", gigabyte)),
    reason: /more than 65536 bytes/u,
  },
  "SCRAM, after endless notices": {
    login: () => atStart(...Array.from({ length: 1000 }, () => backendMessage("N", Buffer.alloc(100))), offerScram),
    reason: /more than 65536 bytes/u,
  },
  "a message shorter than its own length": { login: () => atStart(Buffer.from("R\0\0\0\0")), reason: /impossible length/u },
  "SCRAM and then a clear-text password": { login: () => inTurn(offerScram, authentication(3)), reason: /clear text/u },
};

test.each(Object.entries(cases))(
  "refuses a server that asks for %s, and sends it nothing to guess the password from",
  async (_, { login, reason }) => {
    fake = await startFakePostgres(login());
    const error = await connectTo(fake).catch((caught: unknown) => caught);
    await sleep(50); // What is sent late is sent, too.
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({
      code: "REQUIRE_AUTH",
      reason: expect.stringMatching(reason),
      hint: expect.stringContaining("scram-sha-256"),
    });
    const received = fake.received();
    expect(received).not.toContain(password);
    expect(received).not.toContain("md5");
    expect(received).not.toMatch(proof);
    // A first SCRAM message holds a random number only.
    expect(received.replace(/^pX?[^]{4}SCRAM-SHA-256\0[^]{4}n,,n=\*,r=[A-Za-z0-9+/=]+/u, "")).not.toMatch(passwordMessage);
  },
);

test.each(Object.entries(cases).flatMap(([name, { login, plain }]) => (plain === undefined ? [] : [[name, login, plain] as const])))(
  "would notice if it were sent: the plain client answers a request for %s",
  async (_, login, plain) => {
    fake = await startFakePostgres(login());
    const client = new Client({ host: "127.0.0.1", port: fake.port, user: "admin", password, database: "postgres" });
    client.on("error", () => {});
    client.connect().catch(() => {});
    for (let tries = 0; tries < 50 && !fake.received().includes(plain); tries += 1) await sleep(10);
    expect(fake.received()).toContain(plain);
    void client.end();
  },
);

test("refuses a server that does not prove that it knows the password, before any query", async () => {
  for (const ending of [
    () => [authentication(0), readyForQuery],
    () => [authentication(12, `v=${Buffer.alloc(32).toString("base64")}`), authentication(0), readyForQuery],
    () => [authentication(12, "e=other-error"), authentication(0), readyForQuery],
    () => [readyForQuery],
  ]) {
    fake = await startFakePostgres(scram({ iterations: 4096, ending }));
    await expect(connectTo(fake)).rejects.toBeInstanceOf(ConnectionError);
    await sleep(20);
    // The two messages of SCRAM, and nothing after them.
    expect(messageTypes(fake.received())).toEqual(["p", "p"]);
    fake.close();
  }
});

test("connects to a server that does it right", async () => {
  fake = await startFakePostgres(scram({ iterations: 4096 }));
  const connection = await connectTo(fake);
  expect(fake.received()).toMatch(proof);
  await connection.close();
});

test("a server that announces an answer of a gigabyte is left, whatever it says that it is", async () => {
  for (const type of ["D", "T", "E", "N", "S", "?"]) {
    fake = await startFakePostgres(scram({ iterations: 4096, answer: messageHead(type, gigabyte) }));
    await using connection = await connectTo(fake);
    const error = await connection.query("select 1").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({
      message: "the connection was lost: the server answers one query with more than 134217728 bytes",
      isConnectionLost: true,
    });
    fake.close();
  }
});

test("an error of the server while logging in is told, and its control characters are not", async () => {
  fake = await startFakePostgres((socket) => socket.end(errorMessage(`\u001b[2Jgo away, ${password}\n::add-mask::x`)));
  const error = await connectTo(fake).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: " [2Jgo away, [password] ::add-mask::x" });
});

test.skipIf(suppliesContainers)(
  "refuses real servers that trust, or ask for a password in clear text, and takes `md5` lines over SCRAM verifiers",
  async () => {
    await using server = await startServer({
      hba: ["host all trusted 127.0.0.1/32 trust", "host all plain 127.0.0.1/32 password", "host all digest 127.0.0.1/32 md5"],
    });
    await server.run(
      "postgres",
      `create role trusted login; create role plain login password '${password}'; create role digest login password '${password}'`,
    );
    const target = { host: server.host, port: server.port };
    await expect(connectTo(target, "trusted")).rejects.toMatchObject({ code: "REQUIRE_AUTH" });
    await expect(connectTo(target, "plain")).rejects.toMatchObject({ code: "REQUIRE_AUTH" });
    const connection = await connectTo(target, "digest");
    await connection.close();
  },
);

function connectTo(target: { readonly host?: string; readonly port: number }, user = "admin") {
  const options = { host: "127.0.0.1", database: "postgres", tls: { mode: "disable" }, connectSeconds: 5, lockSeconds: 3 } as const;
  return connect({ ...options, port: target.port, user, password, statementSeconds: 5, applicationName: "test" });
}

function atStart(...messages: readonly Buffer[]): FakeLogin {
  return (socket, chunk) => {
    if (chunk === null) socket.write(Buffer.concat(messages));
  };
}

function inTurn(...messages: readonly Buffer[]): FakeLogin {
  let turn = 0;
  return (socket) => {
    const message = messages[turn];
    turn += 1;
    if (message !== undefined) socket.write(message);
  };
}

type Scram = {
  readonly iterations: number;
  readonly suffix?: string;
  readonly ending?: () => readonly Buffer[];
  /** To whatever comes after the login. */
  readonly answer?: Buffer;
};

function scram(how: Scram): FakeLogin {
  const server = scramServer(password, how.iterations);
  let turn = 0;
  return (socket, chunk) => {
    turn += 1;
    if (turn === 1) socket.write(offerScram);
    if (turn === 2 && chunk !== null) socket.write(authentication(11, server.first(chunk) + (how.suffix ?? "")));
    if (turn === 3 && chunk !== null) {
      socket.write(
        Buffer.concat(
          how.ending === undefined ? [authentication(12, server.final(chunk)), authentication(0), readyForQuery] : [...how.ending()],
        ),
      );
    }
    // The first question of the session, answered with no row.
    if (turn === 4 && chunk?.toString("latin1", 0, 1) === "Q") {
      socket.write(Buffer.concat([backendMessage("C", Buffer.from("SELECT 0\0")), readyForQuery]));
    }
    if (turn > 4 && how.answer !== undefined) socket.write(how.answer);
  };
}

/** Each message is a type and a length, which counts itself. */
function messageTypes(received: string): readonly string[] {
  const bytes = Buffer.from(received, "latin1");
  const types: string[] = [];
  for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1)) types.push(String.fromCharCode(bytes.readUInt8(at)));
  return types;
}

function errorMessage(text: string): Buffer {
  return backendMessage("E", Buffer.from(`SFATAL\0C99999\0M${text}\0\0`));
}
