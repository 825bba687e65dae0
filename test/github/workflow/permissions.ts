// What a job's token may do.
import { isObject, type Json } from "../openapi/contract.ts";
import type { Level, Permissions, Scope } from "../host/state.ts";

const scopes: readonly Scope[] = ["actions", "checks", "contents", "deployments", "id-token", "issues", "pull-requests", "statuses"];

/** Where neither job nor workflow says: GitHub's restricted default. */
const unsaid: Permissions = { contents: "read" };

/** The job's `permissions`, else the workflow's, else the default; with `trusted` false, as for forks, nothing is written. */
export function jobPermissions(job: Json | undefined, workflow: Json | undefined, trusted: boolean): Permissions {
  const declared = job ?? workflow;
  const granted = declared === undefined ? unsaid : read(declared);
  if (trusted) return granted;
  return Object.fromEntries(
    Object.entries(granted).map(([scope, level]) => [scope, scope === "id-token" ? "none" : level === "write" ? "read" : level]),
  );
}

function read(declared: Json): Permissions {
  if (declared === "read-all" || declared === "write-all")
    return Object.fromEntries(scopes.map((scope): [Scope, Level] => [scope, declared === "read-all" ? "read" : "write"]));
  if (!isObject(declared)) return {};
  return Object.fromEntries(
    Object.entries(declared).map(([scope, level]) => [scope, level === "write" || level === "read" ? level : "none"]),
  );
}
