// Looks at what goes over the wire: a proxy in front of one server that counts connections and queries and keeps their text, so that
// the floor can be measured with the very same queries. Runs behind it are counted, never timed.
import { connect, createServer, type Server as NetServer, type Socket } from "node:net";

/** One connection, as the client opened it. */
export type WireSession = {
  database: string;
  /** The `options` of the startup message. */
  options: string;
  readonly statements: WireStatement[];
};

/** A statement and the texts of its parameters; `null` is NULL. */
export type WireStatement = { readonly sql: string; parameters: readonly (string | null)[] };

export type Wire = {
  readonly port: number;
  /** In the order of their opening. */
  readonly sessions: readonly WireSession[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export async function openWire(serverPort: number): Promise<Wire> {
  const sessions: WireSession[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: serverPort });
    const session: WireSession = { database: "", options: "", statements: [] };
    const read = createReader(session);
    sessions.push(session);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.on("data", read);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(proxy),
    sessions,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function portOf(proxy: NetServer): number {
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return address.port;
}

/** Reads the frontend's messages: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function createReader(session: WireSession): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isStarted = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = isStarted ? 1 : 0;
      if (rest.length < head + 4) return;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return;
      const body = rest.subarray(head + 4, end);
      if (isStarted) readMessage(session, String.fromCodePoint(rest[0] ?? 0), body);
      else readStartup(session, body);
      isStarted = true;
      rest = rest.subarray(end);
    }
  };
}

function readStartup(session: WireSession, body: Buffer): void {
  const words = body.subarray(4).toString("utf8").split("\0");
  const valueOf = (name: string): string => words.find((_, index) => index % 2 === 1 && words[index - 1] === name) ?? "";
  session.database = valueOf("database");
  session.options = valueOf("options");
}

function readMessage(session: WireSession, type: string, body: Buffer): void {
  if (type === "Q") session.statements.push({ sql: body.toString("utf8", 0, body.length - 1), parameters: [] });
  if (type === "P") {
    const start = body.indexOf(0) + 1;
    session.statements.push({ sql: body.toString("utf8", start, body.indexOf(0, start)), parameters: [] });
  }
  const last = session.statements.at(-1);
  if (type === "B" && last) last.parameters = readParameters(body);
}

function readParameters(body: Buffer): readonly (string | null)[] {
  let at = body.indexOf(0, body.indexOf(0) + 1) + 1;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    const text = body.toString("utf8", at, at + length);
    at += length;
    return text;
  });
}
