// A listener that speaks just enough of the protocol to ask for a login in a given, mostly wrong, way, and records every byte it gets.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export type FakeServer = {
  readonly port: number;
  /** Everything after the startup message, as text of single bytes. */
  readonly received: () => string;
  readonly close: () => void;
};

/** Called with each chunk after the startup message; the first time with `null`, for the startup itself. */
export type FakeLogin = (socket: Socket, chunk: Buffer | null) => void;

export async function startFakePostgres(login: FakeLogin): Promise<FakeServer> {
  const chunks: Buffer[] = [];
  let hasStarted = false;
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      if (hasStarted) chunks.push(chunk);
      login(socket, hasStarted ? chunk : null);
      hasStarted = true;
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return { port: address.port, received: () => Buffer.concat(chunks).toString("latin1"), close: () => listener.close() };
}

/** Authentication request of the given kind. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export function authentication(kind: number, body: Buffer | string = ""): Buffer {
  const code = Buffer.alloc(4);
  code.writeInt32BE(kind);
  return backendMessage("R", Buffer.concat([code, Buffer.from(body)]));
}

export const readyForQuery = backendMessage("Z", Buffer.from("I"));
export const offerScram = authentication(10, "SCRAM-SHA-256\0\0");

/** A message of the server: its type, its length, its body. */
export function backendMessage(type: string, body: Buffer): Buffer {
  return Buffer.concat([messageHead(type, body.length), body]);
}

/** The head of a message whose body is as long as it says, or never comes. */
export function messageHead(type: string, bodyLength: number): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(bodyLength + 4, 1);
  return head;
}

/** The server's side of SCRAM-SHA-256. https://www.rfc-editor.org/rfc/rfc5802#section-3 */
export function scramServer(
  password: string,
  iterations = 4096,
): { readonly first: (chunk: Buffer) => string; readonly final: (chunk: Buffer) => string } {
  const salt = randomBytes(16);
  let clientFirst = "";
  let serverFirst = "";
  return {
    first: (chunk) => {
      clientFirst = /n=.*$/su.exec(chunk.toString("latin1").split(",,")[1] ?? "")?.[0] ?? "";
      serverFirst = `r=${clientFirst.split("r=")[1]}${randomBytes(9).toString("base64")},s=${salt.toString("base64")},i=${iterations}`;
      return serverFirst;
    },
    final: (chunk) => {
      const withoutProof = chunk.toString("latin1").slice(5).split(",p=")[0] ?? "";
      const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
      const serverKey = createHmac("sha256", salted).update("Server Key").digest();
      const signature = createHmac("sha256", serverKey).update(`${clientFirst},${serverFirst},${withoutProof}`).digest("base64");
      return `v=${signature}`;
    },
  };
}

export function md5Digest(user: string, password: string, salt: Buffer): string {
  const inner = createHash("md5")
    .update(password + user)
    .digest("hex");
  return `md5${createHash("md5").update(inner).update(salt).digest("hex")}`;
}
