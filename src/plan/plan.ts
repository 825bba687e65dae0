// One difference → one plan: ordered, rendered, with hazards, a script and a checksum.
import { partKey, partOf, type Change } from "../model/change.ts";
import { count } from "../model/count.ts";
import type { Blocker, Hazard, PlanTarget, RolePlan, Statement } from "../model/plan.ts";
import type { Blocked, RoleDiff } from "../model/role-diff.ts";
import type { RoleSpec } from "../model/role-spec.ts";
import { checksumOf } from "./checksum.ts";
import { configOf } from "./config.ts";
import { compareNames } from "../model/name.ts";
import { connectArgument } from "../model/quote.ts";
import { hazardsOf } from "./hazards.ts";
import { orderChanges } from "./order.ts";
import { renderChange } from "./render.ts";
import { renderScript } from "./script.ts";

/** @param target the cluster that was read. @param maintenanceDatabase where shared changes run. */
export function planRole(input: RoleDiff, target: PlanTarget, maintenanceDatabase: string): RolePlan {
  const { spec, isOrphan } = input;
  const config = configOf(spec, isOrphan);
  const statements = orderChanges(input.changes).map(statementOf);
  const blockers = input.blocked.map(blockerOf);
  const isFailed = input.failures.length > 0;
  const status = isFailed ? "failed" : statements.length > 0 || input.blocked.length > 0 ? "out-of-sync" : "in-sync";
  return {
    resource: target.resource,
    label: spec.label,
    roleName: spec.roleName,
    status,
    message: isFailed ? input.failures.join("; ") : summary(statements, input),
    config,
    target,
    currentState: input.currentState,
    observed: input.observedEntries,
    statements,
    sqlPlan: renderScript({ heading: heading(spec, target, isOrphan), statements, whenEmpty: emptiness(input), maintenanceDatabase }),
    checksum: isFailed
      ? ""
      : checksumOf({
          target,
          config,
          observed: input.observedEntries,
          statements: statements.map((statement) => statement.sql),
          blocked: blockers.map(({ sql, message }) => (sql.length > 0 ? sql.join("\n") : message)).toSorted(compareNames),
        }),
    effective: input.effective,
    hazards: distinct(statements.flatMap((statement) => statement.hazards)),
    warnings: input.warnings,
    blockers,
    origin: spec.origin.line > 0 ? spec.origin : null,
  };
}

function statementOf(change: Change): Statement {
  return { sql: renderChange(change), part: partOf(change), change, hazards: hazardsOf(change) };
}

function blockerOf(blocked: Blocked): Blocker {
  const { message, by, change, database } = blocked;
  const connect = database === null ? [] : [`\\connect ${connectArgument(database)}`];
  return { message, by, sql: change === null ? [] : [...connect, "BEGIN;", `${renderChange(change)};`, "COMMIT;"] };
}

function heading(spec: RoleSpec, target: PlanTarget, isOrphan: boolean): readonly string[] {
  return [
    `Role: ${spec.roleName}`,
    `Resource: ${target.resource} (${target.host}:${target.port})`,
    isOrphan ? "Type: orphaned" : `Type: ${spec.type}`,
  ];
}

function emptiness({ failures, blocked, isOrphan, currentState }: RoleDiff): string {
  if (failures.length > 0) return "failed: nothing was planned, and the message of the plan says why";
  if (blocked.length > 0) return "nothing to do here, but others have to revoke something first";
  return isOrphan ? idleOrphan(currentState.exists) : "in sync: nothing to do";
}

function idleOrphan(exists: boolean): string {
  return exists ? "orphaned, left alone" : "orphaned, and gone";
}

function summary(statements: readonly Statement[], { blocked, isOrphan, currentState }: RoleDiff): string {
  const databases = new Set(statements.map((statement) => partKey(statement.part)).filter((key) => key.startsWith("database:"))).size;
  const parts = [
    ...(statements.length > 0
      ? [`${count(statements.length, "statement")}${databases > 0 ? ` in ${count(databases, "database")}` : ""}`]
      : []),
    ...blockedWords(blocked),
  ];
  if (parts.length > 0) return parts.join(", ");
  return isOrphan ? idleOrphan(currentState.exists) : "in sync";
}

/** What can be run is a grant to be revoked; what has no SQL is for people to decide. */
function blockedWords(blocked: readonly Blocked[]): readonly string[] {
  const grants = blocked.filter(({ change }) => change !== null).length;
  const others = blocked.length - grants;
  return [
    ...(grants > 0 ? [`${count(grants, "grant")} to be revoked by others first`] : []),
    ...(others > 0 ? [`${count(others, "obstacle")} for people to decide about`] : []),
  ];
}

function distinct(hazards: readonly Hazard[]): readonly Hazard[] {
  return [...new Map(hazards.map((hazard) => [`${hazard.code} ${hazard.message}`, hazard])).values()];
}
