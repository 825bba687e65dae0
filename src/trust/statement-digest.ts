// One digest for each statement of a plan: how a later plan is held against the statements that people have approved.
import { createHash } from "node:crypto";
import { partKey } from "../model/change.ts";
import type { PlanTarget, Statement } from "../model/plan.ts";

/** 32 hex digits of SHA-256 over the cluster, where in it the statement runs, and what it says. */
export function statementDigest(target: PlanTarget, { part, sql }: Pick<Statement, "part" | "sql">): string {
  const text = JSON.stringify([target.resource, target.system_identifier, partKey(part), sql]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
