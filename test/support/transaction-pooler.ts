// A connection pooler in transaction mode, as PgBouncer behaves in front of SCRAM logins: it logs clients in itself, makes up what it
// calls their backend, takes no `options`, and lends each transaction a backend that others have used before. It does not reset a
// backend between two clients, which is what transaction mode means.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { authentication, backendMessage, offerScram, readyForQuery, scramServer } from "./fake-postgres.ts";
import { messagesOf, type Messages } from "./protocol-messages.ts";

/**
 * What becomes of `options` in the startup message. `refused`: by PgBouncer up to 1.19. `setting-refused`: from 1.20 on, which takes only
 * settings that it tracks. `ignored`: with `ignore_startup_parameters = options`.
 */
export type OptionsPolicy = "refused" | "setting-refused" | "ignored";

export type TransactionPooler = { readonly port: number; readonly [Symbol.dispose]: () => void };

/** @param server lets `user` in without asking it for anything. @param login what clients have to prove. */
export async function startTransactionPooler(
  server: { readonly host: string; readonly port: number },
  login: { readonly user: string; readonly password: string },
  policy: OptionsPolicy,
): Promise<TransactionPooler> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket.on("error", () => {}).setNoDelay(true));
    return socket;
  };
  const pools = new Map<string, Pool>();
  const poolOf = (database: string): Pool => {
    const pool = pools.get(database) ?? createPool(() => openBackend(track(connect(server.port, server.host)), login.user, database));
    pools.set(database, pool);
    return pool;
  };
  const listener = createServer((client) => {
    track(client);
    void serve(client, { password: login.password, policy, poolOf }).catch(() => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return {
    port: address.port,
    [Symbol.dispose]: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Backend = { readonly socket: Socket; readonly answers: Messages };

/** One backend, lent to one client at a time. */
type Pool = (use: (backend: Backend) => Promise<void>) => Promise<void>;

function createPool(open: () => Promise<Backend>): Pool {
  let backend: Promise<Backend> | undefined;
  let last: Promise<void> = Promise.resolve();
  return (use) => {
    const lent = last.then(async () => use(await (backend ??= open())));
    last = lent.catch(() => {
      backend = undefined; // It may be within a transaction.
    });
    return lent;
  };
}

async function openBackend(socket: Socket, user: string, database: string): Promise<Backend> {
  const fields = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + fields.length);
  head.writeInt32BE(0x00_03_00_00, 4);
  socket.write(Buffer.concat([head, fields]));
  const answers = messagesOf(socket);
  for (let message = await answers.next(); message.type !== "Z"; message = await answers.next()) {
    if (message.type === "E") throw new Error(message.bytes.toString("utf8"));
  }
  return { socket, answers };
}

type House = { readonly password: string; readonly policy: OptionsPolicy; readonly poolOf: (database: string) => Pool };

async function serve(client: Socket, { password, policy, poolOf }: House): Promise<void> {
  const messages = messagesOf(client, { hasStartup: true });
  const startup = (await messages.next()).bytes.toString("utf8", 8).split("\0");
  if (startup.includes("options") && policy !== "ignored") {
    const what = policy === "refused" ? ": options" : " in options: statement_timeout";
    client.end(backendMessage("E", Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter${what}\0\0`)));
    return;
  }
  const scram = scramServer(password);
  client.write(offerScram);
  client.write(authentication(11, scram.first((await messages.next()).bytes)));
  const proof = authentication(12, scram.final((await messages.next()).bytes));
  const version = backendMessage("S", Buffer.from("server_version\x0018.0\0"));
  client.write(Buffer.concat([proof, authentication(0), version, backendMessage("K", randomBytes(8)), readyForQuery]));
  const lend = poolOf(startup[startup.indexOf("database") + 1] ?? "");
  for (let first = await messages.next(); first.type !== "X"; first = await messages.next()) {
    const { bytes, type } = first;
    await lend((backend) => relayTransaction({ backend, client, messages, first: { bytes, type } }));
  }
  client.end();
}

/** Passes messages on until the backend is in no transaction any more. */
async function relayTransaction(input: {
  readonly backend: Backend;
  readonly client: Socket;
  readonly messages: Messages;
  readonly first: Awaited<ReturnType<Messages["next"]>>;
}): Promise<void> {
  const { backend, client, messages } = input;
  for (let message = input.first; ; message = await messages.next()) {
    backend.socket.write(message.bytes);
    // A simple query, and the Sync of an extended one, are answered up to a message that says whether a transaction is open.
    if (message.type !== "Q" && message.type !== "S") continue;
    let answer = await backend.answers.next();
    for (; answer.type !== "Z"; answer = await backend.answers.next()) client.write(answer.bytes);
    client.write(answer.bytes);
    if (answer.bytes.toString("latin1", 5) === "I") return;
  }
}
