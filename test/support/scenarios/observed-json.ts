// Observed ⇄ before.json. What differs from server to server is normalised: the endpoint, the system identifier, and the minor version.
import type { Observed } from "../../../src/model/observed.ts";
import { placeholder } from "./scenario.ts";

const systemIdentifier = "7000000000000000001";

/** @param endpoint of the server that was read: error messages name it. */
export function normaliseObserved(observed: Observed, endpoint: { readonly host: string; readonly port: number }): Observed {
  const { cluster, databases } = observed;
  const server = { ...cluster.server, version: Math.floor(cluster.server.version / 10_000) * 10_000, systemIdentifier };
  const hide = (text: string): string => text.replaceAll(`${endpoint.host}:${endpoint.port}`, `${placeholder.host}:${placeholder.port}`);
  return {
    cluster: { ...cluster, server },
    databases: new Map(
      [...databases].map(([name, database]) => [
        name,
        "unreachable" in database ? { ...database, unreachable: hide(database.unreachable) } : database,
      ]),
    ),
  };
}

/** Names are the keys; lists keep the order of introspection, which is part of its contract. */
export function formatObserved({ cluster, databases }: Observed): string {
  const { roles, sources, ...rest } = cluster;
  return `${print({ cluster: { ...rest, roles: Object.fromEntries(roles), sources: Object.fromEntries(sources) }, databases: Object.fromEntries(databases) }, "")}\n`;
}

export function parseObserved(text: string): Observed {
  const { cluster, databases } = JSON.parse(text) as {
    cluster: Omit<Observed["cluster"], "roles" | "sources"> & { roles: object; sources: object };
    databases: object;
  };
  return {
    cluster: { ...cluster, roles: new Map(Object.entries(cluster.roles)), sources: new Map(Object.entries(cluster.sources)) },
    databases: new Map(Object.entries(databases)),
  };
}

const lineWidth = 180;

/** JSON with one line for what fits into one, so that a difference shows as one line. */
function print(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || flat.length + indent.length <= lineWidth) return flat;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => print(item, deeper))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${print(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}${close}`;
}
