// What `health` found of every resource, for a terminal.
import type { Line } from "../model/display.ts";
import { count } from "../model/count.ts";
import { renderTable } from "./table.ts";

export type ResourceHealth = {
  readonly resource: string;
  /** `host:port`. */
  readonly endpoint: string;
  readonly result:
    | {
        readonly isHealthy: true;
        readonly serverVersion: string;
        readonly isPrimary: boolean;
        readonly isEncrypted: boolean;
        /** The PostgreSQL role that was logged in as. */
        readonly login: string;
        /** Of one `SELECT 1`. */
        readonly latencyMilliseconds: number;
      }
    | { readonly isHealthy: false; readonly message: string };
};

export function renderHealth(resources: readonly ResourceHealth[], width: number | null): readonly Line[] {
  const failed = resources.filter((health) => !health.result.isHealthy);
  const columns = [
    { header: "resource" },
    { header: "health" },
    { header: "server" },
    { header: "role" },
    { header: "TLS" },
    { header: "latency", align: "right" as const },
    { header: "login" },
    { header: "endpoint" },
  ];
  const rows = resources.map(({ resource, endpoint, result }) =>
    result.isHealthy
      ? [
          resource,
          { text: "ok", style: "green" as const },
          result.serverVersion,
          result.isPrimary ? "primary" : { text: "standby", style: "yellow" as const },
          result.isEncrypted ? "yes" : "no",
          `${result.latencyMilliseconds} ms`,
          result.login,
          endpoint,
        ]
      : [resource, { text: "failed", style: "red" as const }, "", "", "", "", "", endpoint],
  );
  const reasons = failed.flatMap(({ resource, result }): readonly Line[] =>
    result.isHealthy ? [] : [[{ text: `${resource}: `, style: "red" }, result.message]],
  );
  const summary =
    failed.length === 0
      ? `${count(resources.length, "resource")}: all healthy`
      : `${count(resources.length, "resource")}: ${failed.length} failed`;
  return [
    ...renderTable({ columns, rows, width }),
    ...(reasons.length === 0 ? [] : ["", ...reasons]),
    "",
    [{ text: summary, style: "bold" }],
  ];
}
