// The checksum of one plan: what the reviewer relied on and what would run. Passwords, times, the order of input, wording and the
// login that looked do not enter it.
import { createHash } from "node:crypto";
import { checksumVersion, type PlanConfig, type PlanTarget } from "../model/plan.ts";
import { canonicalJson } from "../model/canonical-json.ts";

/** @returns 64 hex digits of SHA-256. */
export function checksumOf(input: {
  readonly target: PlanTarget;
  readonly config: PlanConfig;
  readonly observed: readonly string[];
  readonly statements: readonly string[];
  /** What others have to run first. */
  readonly blocked: readonly string[];
}): string {
  const { target, config, observed, statements, blocked } = input;
  return createHash("sha256")
    .update(canonicalJson({ v: checksumVersion, target, config, observed, statements, ...(blocked.length > 0 && { blocked }) }))
    .digest("hex");
}
