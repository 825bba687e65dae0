// Evidence for hosts without check runs: a message authentication code in the comment, by a key that only the plan's and the apply's
// environments hold. Bound to one pull request, one head and one plan, so that copying it elsewhere proves nothing. RFC 2104.
import { createHmac, timingSafeEqual } from "node:crypto";

export type SealedPlan = {
  readonly repositoryId: number;
  readonly pullRequest: number;
  readonly head: string;
  readonly environment: string;
  readonly checksum: string;
  readonly catalog: string;
  readonly declared: string;
  /** See Evidence.targets. */
  readonly targets: string;
  /** See Evidence.unconnected. */
  readonly unconnected: readonly string[];
  /** See Evidence.store. */
  readonly store: string;
  /** When it was first sealed, by the host's clock: an approval from before was of something else. */
  readonly since: string;
};

/** @returns HMAC-SHA256, 64 hex digits. */
export function sealPlan(key: string, plan: SealedPlan): string {
  const { repositoryId, pullRequest, head, environment, checksum, catalog, declared, targets, unconnected, store, since } = plan;
  const fields = [repositoryId, pullRequest, head, environment, checksum, catalog, declared, targets, unconnected, store, since];
  const text = JSON.stringify(["rolewright v1", ...fields]);
  return createHmac("sha256", key).update(text).digest("hex");
}

/** In a time that does not depend on where they differ. */
export function isSealedBy(key: string, plan: SealedPlan, mac: string): boolean {
  const expected = Buffer.from(sealPlan(key, plan));
  const given = Buffer.from(mac);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
