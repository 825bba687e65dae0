// One digest for each statement of a plan: how a later plan is held against the statements that people have approved.
import { createHash } from "node:crypto";
import { partKey } from "../model/change.ts";
import type { Statement } from "../model/plan.ts";

/** 32 hex digits of SHA-256 over where the statement runs and what it says. */
export function statementDigest({ part, sql }: Pick<Statement, "part" | "sql">): string {
  return createHash("sha256")
    .update(JSON.stringify([partKey(part), sql]))
    .digest("hex")
    .slice(0, 32);
}
