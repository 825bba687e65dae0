// How a connection is encrypted and whom it trusts, in libpq's words.
import { isIPv4 } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { SslMode } from "../model/resource.ts";

export type TlsChoice = {
  readonly mode: SslMode;
  /** PEM text of the certificate authorities to trust; without it, those of Node. */
  readonly ca?: string | undefined;
};

/** The mode for a host that names none: nothing on the way to a loopback address can be read by others. */
export function defaultSslMode(host: string): SslMode {
  return isLoopback(host) ? "disable" : "verify-full";
}

/** True for `localhost` and for addresses that never leave the machine, written as addresses. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * @returns options for Node's TLS; `false` for a connection in plain text. There is no mode that falls back to plain text.
 */
export function tlsOptions(choice: TlsChoice): ConnectionOptions | false {
  const trusted: ConnectionOptions = {
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    ...(choice.ca === undefined ? {} : { ca: choice.ca }),
  };
  switch (choice.mode) {
    case "disable":
      return false;
    case "require":
      return { ...trusted, rejectUnauthorized: false };
    case "verify-ca":
      return { ...trusted, checkServerIdentity: () => undefined };
    case "verify-full":
      return trusted;
  }
}
