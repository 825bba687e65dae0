// A node-postgres client that proves its password by SCRAM-SHA-256 only, and only to a server that proves that it knows it, too.
// node-postgres answers whatever it is asked: a clear-text password to whoever asks for one, queries to whoever asks for nothing.
// It has no `require_auth`, so this leans on its internals (pg is pinned; test/postgres/io/scram-only-client.test.ts notices a change).
import { Client, type ClientConfig } from "pg";
import type { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { MessageBound } from "./message-bound.ts";

/** PostgreSQL's own default. Fewer make it cheap to guess the password from one recorded login. */
export const minimumScramIterations = 4096;

/** The server wanted a login that gives the password away or proves nothing. Nothing secret was sent. */
export class AuthenticationRefusedError extends Error {
  override readonly name = "AuthenticationRefusedError";
  readonly code = "REQUIRE_AUTH";
}

/** What of node-postgres' internals is used here. */
type Internals = {
  readonly connection: Wire;
  readonly processID: number | null;
  readonly secretKey: number | null;
  /** Null when, and only when, the server's signature was right. */
  readonly saslSession?: unknown;
};

type Wire = EventEmitter & {
  readonly stream: Duplex & { readonly remoteAddress?: string };
  password: (text: string) => void;
  attachListeners: (stream: { on: (event: string, listener: (chunk: Buffer) => void) => unknown }) => void;
};

type Startup = { readonly user: string; readonly database: string; readonly applicationName: string; readonly options: string | null };

export class ScramOnlyClient extends Client {
  readonly #startup: Startup;
  readonly #bound = new MessageBound();
  #isServerProved = false;
  #isEnded = false;
  #serverVersion = "";

  /** @param startup is sent as it stands: nothing of it comes from the environment, as node-postgres would have it. */
  constructor(config: ClientConfig, startup: Startup) {
    super(config);
    this.#startup = startup;
    const wire = this.#internals().connection;
    // Used by node-postgres for nothing but these two requests; SCRAM has messages of its own.
    wire.password = () => this.#refuse("the server asked for the password in clear text or as an MD5 digest");
    this.#guardParser(wire);
    this.#guardLogin(wire);
    wire.on("parameterStatus", (status: { parameterName: string; parameterValue: string }) => {
      if (status.parameterName === "server_version") this.#serverVersion = status.parameterValue;
    });
  }

  /** Called by node-postgres for the startup message. */
  getStartupConf(): Record<string, string> {
    const { user, database, applicationName, options } = this.#startup;
    return { user, database, application_name: applicationName, ...(options === null ? {} : { options }) };
  }

  /** As the server said at login: 18. */
  serverMajor(): number {
    return Number.parseInt(this.#serverVersion, 10);
  }

  /** What a cancel request names. Zeros before the login is done. */
  backendKey(): { readonly processId: number; readonly secretKey: number } {
    const { processID, secretKey } = this.#internals();
    return { processId: processID ?? 0, secretKey: secretKey ?? 0 };
  }

  /** The address that the host name led to. */
  remoteAddress(): string | undefined {
    return this.#internals().connection.stream.remoteAddress;
  }

  #internals(): Internals {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of node-postgres leave its internals out
    return this as unknown as Internals;
  }

  #guardLogin(wire: Wire): void {
    wire.on("authenticationSASLContinue", (message: { data: string }) => {
      // Every `i=`, because node-postgres takes the last of them.
      const iterations = message.data.split(",").filter((attribute) => attribute.startsWith("i="));
      if (!iterations.every((attribute) => Number(attribute.slice(2)) >= minimumScramIterations)) {
        this.#refuse(`the server asked for SCRAM with ${iterations.join(", ")} iterations, fewer than ${minimumScramIterations}`);
      }
    });
    // Listeners of node-postgres are attached on connect, after these: its session is checked once it has seen the final message.
    wire.on("authenticationOk", () => {
      this.#isServerProved = this.#internals().saslSession === null;
      if (!this.#isServerProved) this.#refuse("the server let us in without a SCRAM login that proves that it knows the password");
    });
    wire.on("readyForQuery", () => {
      if (!this.#isServerProved) this.#refuse("the server went on without any login");
    });
  }

  /**
   * The parser collects whatever is announced, and throws on what it does not know, such as a request for Kerberos, into the event loop,
   * where nobody can catch it.
   */
  #guardParser(wire: Wire): void {
    const attachListeners = wire.attachListeners.bind(wire);
    wire.attachListeners = (stream) =>
      attachListeners({
        on: (event, listener) => stream.on(event, event === "data" ? (chunk) => this.#take(chunk, listener) : listener),
      });
  }

  #take(chunk: Buffer, parse: (chunk: Buffer) => void): void {
    if (this.#isEnded) return;
    const problem = this.#bound.problemOf(chunk, this.#isServerProved);
    if (problem !== null) {
      if (this.#isServerProved) this.#end(new Error(problem));
      else this.#refuse(problem);
      return;
    }
    try {
      parse(chunk);
    } catch (cause) {
      this.#refuse("the server sent something that is not a SCRAM login", cause);
    }
  }

  #refuse(reason: string, cause?: unknown): void {
    this.#end(new AuthenticationRefusedError(reason, { cause }));
  }

  #end(error: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const wire = this.#internals().connection;
    wire.emit("error", error);
    // Nothing is written to a destroyed stream: answers that node-postgres still computes, such as the SCRAM proof, go nowhere.
    wire.stream.destroy();
  }
}
