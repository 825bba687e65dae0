// Fingerprints: the two things a plan rests on, each as one digest, so that a refusal can say which of them has changed.
// For people; the gate compares checksums.
import { createHash } from "node:crypto";
import { canonicalJson } from "../model/canonical-json.ts";
import { compareNames } from "../model/name.ts";
import type { PlanConfig, PlanTarget } from "../model/plan.ts";

/** SHA-256, 64 hex digits each; "" where nothing was planned. */
export type Fingerprints = {
  /** Of the plan, over catalog, declaration, target and statements. */
  readonly checksum: string;
  /** Of what the catalogs say. */
  readonly catalog: string;
  /** Of what the files declare. */
  readonly declared: string;
};

type Basis = {
  readonly resource: string;
  readonly config: PlanConfig;
  readonly target: PlanTarget;
  readonly observed: readonly string[];
  /** "" for a plan that failed: it has seen nothing to go by. */
  readonly checksum: string;
};

/** @param plans role plans, or plan sessions with their names changed. @param checksum of all of them. The order is of no matter. */
export function fingerprintsOf(plans: readonly Basis[], checksum: string): Fingerprints {
  const seen = plans.filter((plan) => plan.checksum !== "");
  return {
    checksum,
    catalog: digest(seen.map(({ config, target, observed }) => [target.resource, target.system_identifier, config.role_name, observed])),
    declared: digest(plans.map(({ resource, config }) => [resource, canonicalJson(config)])),
  };
}

/** One JSON array a line, so that no text of one entry reads as another. */
function digest(entries: readonly (readonly unknown[])[]): string {
  if (entries.length === 0) return "";
  const lines = entries.map((entry) => JSON.stringify(entry)).toSorted(compareNames);
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
