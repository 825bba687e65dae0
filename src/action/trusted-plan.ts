// What looking for a reviewed plan comes to: the plan, or why there is none that counts.
import type { RefusalReason } from "../review/apply-refusal.ts";
import type { Evidence } from "../trust/evidence.ts";

export type TrustedPlan = {
  readonly evidence: Evidence;
  /** An approval from before was of something else; `null` where every approval is from before, or nobody dates them. */
  readonly since: string | null;
};

export type Denial = { readonly reason: RefusalReason; readonly message: string };
