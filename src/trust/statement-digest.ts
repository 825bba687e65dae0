// One digest for each statement of a plan: how a later plan is held against the statements that people have approved.
import { createHash } from "node:crypto";
import { partKey, schemaOf } from "../model/change.ts";
import type { RolePlan, Statement } from "../model/plan.ts";
import { isRelationsEntry } from "../model/relations-entry.ts";

/**
 * 32 hex digits of SHA-256 over the cluster, where in it the statement runs, what it says, and which relations its schema had: what
 * `ALL TABLES` are the text does not tell.
 */
export function statementDigest({ target, observed }: Pick<RolePlan, "target" | "observed">, statement: Statement): string {
  const { part, sql } = statement;
  const text = JSON.stringify([target.resource, target.system_identifier, partKey(part), sql, relationsOf(observed, statement)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function relationsOf(observed: readonly string[], { part, change }: Statement): readonly string[] {
  const schema = schemaOf(change);
  if (schema === null || part.phase !== "database") return [];
  return observed.filter((entry) => isRelationsEntry(entry, { database: part.database, schema }));
}
