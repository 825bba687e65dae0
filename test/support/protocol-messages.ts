// The messages of one side of a connection. https://www.postgresql.org/docs/current/protocol-message-formats.html
import type { Socket } from "node:net";

/** `bytes` is the whole message. A startup message has no type: `""`. */
export type Message = { readonly type: string; readonly bytes: Buffer };

/** Throws where the connection ends. */
export type Messages = { readonly next: () => Promise<Message> };

/** @param options.hasStartup the first message is one without a type. */
export function messagesOf(socket: Socket, options: { readonly hasStartup?: boolean } = {}): Messages {
  const messages = split(socket, options.hasStartup ?? false);
  return {
    next: async () => {
      const { value, done } = await messages.next();
      if (done === true) throw new Error("the connection has ended");
      return value;
    },
  };
}

async function* split(socket: Socket, hasStartup: boolean): AsyncGenerator<Message, undefined> {
  let head = hasStartup ? 0 : 1;
  let buffer = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= head + 4 && buffer.length >= head + buffer.readInt32BE(head)) {
      const size = head + buffer.readInt32BE(head);
      yield { type: head === 0 ? "" : buffer.toString("latin1", 0, 1), bytes: buffer.subarray(0, size) };
      buffer = buffer.subarray(size);
      head = 1;
    }
  }
  return undefined;
}
