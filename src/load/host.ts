// The host of a resource: a name or an address alone. Everything else that drivers read out of a host is refused, because
// a scheme, a user or a comma in it would lead the connection somewhere else.
import { isIPv6 } from "node:net";
import { show } from "./show.ts";

export type HostProblem = { readonly problem: string; readonly hint: string };

/** @returns the host as drivers take it (IPv6 without brackets), or what is wrong with it. */
export function readHost(text: string): { readonly host: string } | HostProblem {
  const bare = /^\[(.*)\]$/su.exec(text)?.[1] ?? text;
  if (isIPv6(bare)) return { host: bare };
  const hint = hintFor(text);
  if (hint !== null) return { problem: `${show(text)} is more than a host name or address`, hint };
  const isName = /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?$/u.test(text) && text.length <= 253 && !text.includes("..");
  if (isName) return { host: text };
  return {
    problem: `${show(text)} is not a host name or address`,
    hint: "write a name of letters, digits, dots and dashes, or an IP address",
  };
}

function hintFor(text: string): string | null {
  if (text.includes("://")) return "write the host alone, without scheme, user, port and database";
  if (text.includes("@")) return "write the host alone; a login is named by a reference under admin";
  if (text.includes("/")) return "write a TCP host; sockets in the file system are not supported";
  if (text.includes(",")) return "write one host; several are several resources";
  return /^[^:]*:\d*$/u.test(text) ? "write the port under port" : null;
}
