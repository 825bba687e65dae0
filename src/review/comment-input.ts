// What a plan comment is made of. Everything in it may be hostile; nothing in it is a clock, a connection or a secret.
import type { Diagnostic, SourceLocation } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { CommentSeal } from "./comment-marker.ts";
import type { Fingerprints } from "./fingerprint.ts";
import type { Link, Places } from "./link.ts";

/** A resource of the inventory, whether it has role plans or not. */
export type CommentResource = {
  readonly name: string;
  /** `server_version_num`; `null` where nobody connected. */
  readonly serverVersion: number | null;
  readonly origin: SourceLocation | null;
  /** `added`, `changed`: the pull request adds or changes its connection data, so that it is not connected to. */
  readonly connection: "used" | "added" | "changed";
  /** Role specs that the files declare for it. */
  readonly declaredRoles: number;
};

/** One column or key that gets another value; "" for nothing. */
export type ValueChange = { readonly column: string; readonly from: string; readonly to: string };

/** What the pull request does to the inventory. */
export type InventoryChanges = {
  readonly added: readonly { readonly name: string; readonly at: SourceLocation }[];
  readonly updated: readonly { readonly name: string; readonly at: SourceLocation; readonly changes: readonly ValueChange[] }[];
  readonly unchanged: number;
  readonly removed: readonly { readonly name: string }[];
};

/** What has become of the plan that the comment shows. Without a `url`, nothing is linked. */
export type CommentState =
  /** Fresh: what the plan and the diagnostics say. */
  | { readonly kind: "planned" }
  /** Fresh as well, but of the default branch itself: no merge applies it. */
  | { readonly kind: "planned-by-hand" }
  /** The files were read, and no server was asked: for a fork, or since it goes to a branch from which nothing is applied. */
  | { readonly kind: "validated-only"; readonly because: "no-credentials" | "other-branch" }
  /** Merged, and what was reviewed ran: in all resources, in some, nobody knows where, in none. */
  | { readonly kind: "applied" | "partly-applied" | "in-doubt" | "not-applied"; readonly url: string }
  /** Something else was applied to the same clusters since. */
  | { readonly kind: "stale"; readonly appliedBy: number | null };

export type CommentInput = {
  /** At most 255 characters. */
  readonly environment: string;
  readonly pullRequest: number;
  /** The commit that was planned, in full. */
  readonly head: string;
  /** What it was planned on top of. */
  readonly base: { readonly branch: string; readonly commit: string } | null;
  readonly places: Places;
  /** Every role plan of the run, orphans included; empty where no server was asked. */
  readonly plan: Plan;
  /** Of the plan before anything in it was masked; those of {@link plan}, unless said. */
  readonly fingerprints?: Fingerprints;
  /** Every resource of the inventory as the pull request leaves it. */
  readonly resources: readonly CommentResource[];
  readonly inventory: InventoryChanges;
  /** `credentials.store` as the pull request leaves it, and as the base branch has it; `null` for none. */
  readonly store?: { readonly now: string | null; readonly before: string | null };
  /** Of the files; with an error nothing is planned. */
  readonly diagnostics: readonly Diagnostic[];
  readonly state: CommentState;
  /** When the catalogs were read, RFC 3339 in UTC; `null` where none was. */
  readonly readAt: string | null;
  /** Check, log, plan file: at most eight are shown. */
  readonly evidence: readonly Link[];
  /** Where the whole plan is, for what the comment leaves out. */
  readonly whole: readonly Link[];
  /** The run to repeat for planning again; "" without one. */
  readonly runUrl: string;
  /** For hosts without check runs. */
  readonly seal?: CommentSeal;
};
