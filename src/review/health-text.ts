// What `health` found of every resource, for a terminal.
import { textOf, type Line, type Span } from "../model/display.ts";
import { count } from "../model/count.ts";
import { renderTable } from "./table.ts";

export type ResourceHealth = {
  readonly resource: string;
  /** The login that this is about: plans use the planner's where there is one, applies the admin's. */
  readonly as: "planner" | "admin";
  /** `host:port`. */
  readonly endpoint: string;
  readonly result:
    | {
        readonly isHealthy: true;
        readonly serverVersion: string;
        readonly isPrimary: boolean;
        readonly isEncrypted: boolean;
        /** A connection pooler stands in between. */
        readonly isPooled: boolean;
        /** The PostgreSQL role that was logged in as. */
        readonly login: string;
        /** Of one `SELECT 1`. */
        readonly latencyMilliseconds: number;
      }
    | { readonly isHealthy: false; readonly message: string };
};

const columns = [
  { header: "resource" },
  { header: "as" },
  { header: "health" },
  { header: "server" },
  { header: "role" },
  { header: "TLS" },
  { header: "latency", align: "right" },
  { header: "login" },
  { header: "endpoint" },
] as const;

/** @param logins one or two of each resource. */
export function renderHealth(logins: readonly ResourceHealth[], width: number | null): readonly Line[] {
  const failed = new Set(logins.filter(({ result }) => !result.isHealthy).map(({ resource }) => resource)).size;
  const remarks = [...new Map(logins.flatMap(remarkOn).map((line) => [textOf(line), line])).values()];
  const all = count(new Set(logins.map(({ resource }) => resource)).size, "resource");
  return [
    ...renderTable({ columns, rows: logins.map(rowOf), width }),
    ...(remarks.length === 0 ? [] : ["", ...remarks]),
    "",
    [{ text: failed === 0 ? `${all}: all healthy` : `${all}: ${failed} failed`, style: "bold" }],
  ];
}

function rowOf({ resource, as, endpoint, result }: ResourceHealth): readonly (string | Span)[] {
  if (!result.isHealthy) return [resource, as, { text: "failed", style: "red" }, "", "", "", "", "", endpoint];
  const { serverVersion, isPrimary, isPooled, isEncrypted, login, latencyMilliseconds } = result;
  const role = `${isPrimary ? "primary" : "standby"}${isPooled ? ", pooled" : ""}`;
  return [
    resource,
    as,
    { text: "ok", style: "green" },
    serverVersion,
    isPrimary && !isPooled ? role : { text: role, style: "yellow" },
    isEncrypted ? "yes" : "no",
    `${latencyMilliseconds} ms`,
    login,
    endpoint,
  ];
}

/** What is wrong with a resource, or will be. */
function remarkOn({ resource, as, result }: ResourceHealth): readonly Line[] {
  if (!result.isHealthy) return [[{ text: `${resource} as ${as}: `, style: "red" }, result.message]];
  if (!result.isPooled) return [];
  const text =
    "a connection pooler stands between here and PostgreSQL: plans can be made through it, and applies are refused; give the resource the address of the server itself";
  return [[{ text: `${resource}: `, style: "yellow" }, text]];
}
