// On which clusters a plan was made, as evidence says it: the same declaration on another cluster is not what people have approved.
import { createHash } from "node:crypto";
import { compareNames } from "../model/name.ts";
import type { RolePlan } from "../model/plan.ts";

/**
 * Orphans do not count: nobody declares them, and the last one of a cluster takes it along.
 * @returns SHA-256, 64 hex digits, over resource, host, port and system identifier of each; "" where nothing declared was planned.
 */
export function targetsDigest(plans: readonly Pick<RolePlan, "config" | "target">[]): string {
  const targets = plans
    .filter(({ config }) => config.type !== "orphaned")
    .map(({ target: { resource, host, port, system_identifier: identifier } }) => JSON.stringify([resource, host, port, identifier]));
  if (targets.length === 0) return "";
  const lines = [...new Set(targets)].toSorted(compareNames);
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
