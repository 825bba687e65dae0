// The checksum of a plan of many role specs.
import { createHash } from "node:crypto";

/**
 * SHA-256 (hex) of the sorted `sql_plan_checksum`s, one a line, so that neither order nor concurrency changes it.
 * @param checksums one per role plan, also the empty ones of plans that failed: their number enters.
 */
export function planChecksum(checksums: readonly string[]): string {
  return createHash("sha256").update(checksums.toSorted().join("\n")).digest("hex");
}
