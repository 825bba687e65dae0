// A port of 127.0.0.1 where nobody should ever knock.
import { once } from "node:events";
import { createServer } from "node:net";

export type Listener = {
  readonly port: number;
  /** How often somebody has connected. */
  readonly connections: () => number;
  readonly [Symbol.dispose]: () => void;
};

/** Listens, counts who connects, and hangs up at once. */
export async function startListener(): Promise<Listener> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return { port: address.port, connections: () => connections, [Symbol.dispose]: () => void server.close() };
}
