// A proxy between a client and a PostgreSQL server that reads the protocol, so that a test can lose, change or redirect what passes.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** One message of the client after the startup: `Q` a simple query, `P` a parsed one; the text of its body. */
export type ClientMessage = { readonly type: string; readonly text: string };

export type ProxyOptions = {
  /** The port of the server for the next connection, by its number from 1. */
  readonly target: (connection: number) => number;
  /**
   * `pass`: on to the server. `lose-request`: both sides are cut off before the server has it. `lose-answer`: the server gets it, and
   * the client is cut off instead of the answer. A promise holds the message back.
   */
  readonly onMessage?: (message: ClientMessage, connection: number) => Verdict | Promise<Verdict>;
  /** Changes what the server says; called with each chunk. */
  readonly onAnswer?: (chunk: Buffer) => Buffer;
};

export type Verdict = "pass" | "lose-request" | "lose-answer";

export type Proxy = {
  readonly port: number;
  /** So far, and the most that there were at once. */
  readonly connections: () => number;
  readonly mostAtOnce: () => number;
  readonly close: () => void;
};

export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let count = 0;
  let open = 0;
  let mostAtOnce = 0;
  const listener = createServer((client) => {
    count += 1;
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    client.once("close", () => (open -= 1));
    const server = connect(options.target(count), "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.setNoDelay(true);
    }
    relay({ client, server, options, number: count });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return {
    port: address.port,
    connections: () => count,
    mostAtOnce: () => mostAtOnce,
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

function relay({
  client,
  server,
  options,
  number,
}: {
  readonly client: Socket;
  readonly server: Socket;
  readonly options: ProxyOptions;
  readonly number: number;
}): void {
  let isAnswerLost = false;
  server.on("data", (chunk) => {
    if (isAnswerLost) return client.destroy();
    client.write(options.onAnswer?.(chunk) ?? chunk);
    return undefined;
  });
  server.on("close", () => client.destroy());
  client.on("close", () => server.end());
  let buffer = Buffer.alloc(0);
  let hasStarted = false;
  let last: Promise<void> = Promise.resolve();
  client.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = hasStarted ? 1 : 0;
      if (buffer.length < head + 4 || buffer.length < head + buffer.readInt32BE(head)) return;
      const size = head + buffer.readInt32BE(head);
      const message = buffer.subarray(0, size);
      buffer = buffer.subarray(size);
      const parsed = hasStarted
        ? { type: String.fromCharCode(message[0] ?? 0), text: message.subarray(5).toString("utf8").replaceAll("\0", "") }
        : null;
      hasStarted = true;
      last = last.then(async () => {
        const verdict = parsed === null ? "pass" : await (options.onMessage?.(parsed, number) ?? "pass");
        if (verdict === "lose-request") {
          server.destroy();
          client.destroy();
          return;
        }
        if (verdict === "lose-answer") isAnswerLost = true;
        server.write(message);
      });
    }
  });
}
