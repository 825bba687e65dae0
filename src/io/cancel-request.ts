// A CancelRequest of the protocol: a connection of its own that names the backend and its secret, and says nothing else.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
import { isIP, Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { once } from "node:events";

const sslRequestCode = 80_877_103;
const cancelRequestCode = 80_877_102;

/**
 * Asks the server to cancel what the backend runs. The answer, if any, comes to the connection of the backend.
 * @param address the one that the connection itself uses: a host name may lead elsewhere now.
 * @param host as in the inventory, for the server's certificate.
 * @param tls `false`: in plain text, as the connection itself.
 * @throws Error where the request could not be handed over.
 */
export async function sendCancelRequest(request: {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | false;
  readonly processId: number;
  readonly secretKey: number;
  readonly seconds: number;
}): Promise<void> {
  const signal = AbortSignal.timeout(request.seconds * 1000);
  const socket = new Socket();
  try {
    socket.connect(request.port, request.address);
    await once(socket, "connect", { signal });
    const stream = request.tls === false ? socket : await encrypt({ socket, host: request.host, tls: request.tls, signal });
    const closed = once(stream, "close", { signal });
    stream.on("error", () => {}); // The server closes without a goodbye.
    stream.end(message(cancelRequestCode, request.processId, request.secretKey));
    stream.resume();
    await closed;
  } finally {
    socket.destroy();
  }
}

async function encrypt(input: {
  readonly socket: Socket;
  readonly host: string;
  readonly tls: ConnectionOptions;
  readonly signal: AbortSignal;
}): Promise<Socket> {
  input.socket.write(message(sslRequestCode));
  const [answer]: unknown[] = await once(input.socket, "data", { signal: input.signal });
  if (!Buffer.isBuffer(answer) || answer.toString("latin1") !== "S")
    throw new Error("the server did not agree to TLS for a cancel request");
  const servername = isIP(input.host) === 0 ? { servername: input.host } : {};
  const encrypted = connectTls({ ...input.tls, ...servername, host: input.host, socket: input.socket });
  await once(encrypted, "secureConnect", { signal: input.signal });
  return encrypted;
}

function message(...words: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 + words.length * 4);
  [buffer.length, ...words].forEach((word, index) => buffer.writeInt32BE(word | 0, index * 4));
  return buffer;
}
