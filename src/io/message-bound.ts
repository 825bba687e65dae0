// Bounds what a server can make us keep. node-postgres collects a message until it is whole, however long it says that it is, and the
// rows of a query until the query is done. https://www.postgresql.org/docs/current/protocol-message-formats.html

/** For all that is said before the login is done. libpq takes 2,000 bytes of a request and 30,000 of an error; a real login has some hundreds. */
export const maximumLoginBytes = 65_536;

/**
 * For the answer to one query. The largest that is read are 100,000 entries or names, some 45 MB of JSON with names as long as they
 * can be; and a resource has few connections at once.
 */
export const maximumAnswerBytes = 134_217_728;

const headerBytes = 5;
const readyForQuery = "Z".charCodeAt(0);

/** Follows the messages of a server through its chunks, whole or not. */
export class MessageBound {
  readonly #header = Buffer.alloc(headerBytes);
  #headerLength = 0;
  #bodyLeft = 0;
  /** Of the login, or since the last query was done. */
  #bytes = 0;

  /**
   * To be asked before anything else looks at the chunk.
   * @param isLoggedIn whether the server has proved itself by what came before.
   * @returns what is wrong with what the server sends, or announces to send; `null` where it may go on.
   */
  problemOf(chunk: Uint8Array, isLoggedIn: boolean): string | null {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= taken;
        at += taken;
        continue;
      }
      this.#header[this.#headerLength] = chunk[at] ?? 0;
      this.#headerLength += 1;
      at += 1;
      if (this.#headerLength < headerBytes) continue;
      this.#headerLength = 0;
      const problem = this.#begin(isLoggedIn);
      if (problem !== null) return problem;
    }
    return null;
  }

  #begin(isLoggedIn: boolean): string | null {
    // It counts itself, but not the type before it.
    const length = this.#header.readUInt32BE(1);
    if (length < headerBytes - 1) return "the server sent a message of an impossible length";
    this.#bodyLeft = length - (headerBytes - 1);
    this.#bytes += length + 1;
    if (this.#bytes > (isLoggedIn ? maximumAnswerBytes : maximumLoginBytes))
      return isLoggedIn
        ? `the server answers one query with more than ${maximumAnswerBytes} bytes`
        : `the server sends more than ${maximumLoginBytes} bytes before the login is done`;
    if (this.#header[0] === readyForQuery) this.#bytes = 0;
    return null;
  }
}
