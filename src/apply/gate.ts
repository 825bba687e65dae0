// The gate: what was reviewed is what runs, or nothing runs. Pure.
import { checksumVersion, type Blocker, type Hazard, type PlanConfig, type PlanTarget, type RolePlan } from "../model/plan.ts";
import { isSameConfig, shownOtherwise } from "./shown.ts";

/** What a person approved, as its session or result file says it. */
export type ReviewedPlan = {
  readonly sid: string;
  readonly roleName: string;
  readonly checksum: string;
  /** The meaning of the checksum when it was made. */
  readonly checksumVersion: number;
  readonly config: PlanConfig;
  readonly target: PlanTarget;
  readonly observed: readonly string[];
  readonly sqlPlan: string;
  readonly hazards: readonly Hazard[];
  /** From a result file, which nothing but its checksums ties to what was planned, and not from a session log or this very run. */
  readonly isFromFile: boolean;
  /** The plan as it was recorded, for the record of an apply that finds nothing to plan any more. */
  readonly recorded: RolePlan;
};

export type Staleness = {
  /**
   * `target`: made for another cluster (F33). `version`: nothing differs but the meaning of the checksum (F44). `altered`: the file
   * shows something else than its checksum stands for.
   */
  readonly reason: "target" | "declaration" | "catalog" | "version" | "altered";
  readonly message: string;
};

export type Decision =
  | { readonly kind: "proceed" }
  | { readonly kind: "skip"; readonly message: string }
  | { readonly kind: "refuse"; readonly staleness: Staleness }
  | { readonly kind: "fail"; readonly message: string };

/** @param fresh the plan made again under the lock; `null` where there is nothing to plan for the role any more. */
export function gate(reviewed: ReviewedPlan, fresh: RolePlan | null): Decision {
  if (fresh === null) return { kind: "refuse", staleness: gone(reviewed.roleName) };
  const target = staleTarget(reviewed.target, fresh.target);
  if (target) return { kind: "refuse", staleness: target };
  if (reviewed.checksumVersion !== checksumVersion) return { kind: "refuse", staleness: otherVersion };
  if (fresh.status === "failed") return { kind: "fail", message: fresh.message };
  if (reviewed.checksum !== fresh.checksum) {
    // Somebody applied it by hand, or an earlier run got this far: converged is converged (F42).
    if (isConverged(fresh) && isSameConfig(reviewed.config, fresh.config))
      return { kind: "skip", message: "already in sync: nothing is left of what was planned" };
    return { kind: "refuse", staleness: staleness(reviewed, fresh) };
  }
  const other = reviewed.isFromFile ? shownOtherwise(reviewed, fresh) : null;
  if (other !== null) return { kind: "refuse", staleness: altered(other) };
  if (fresh.status === "in-sync") return { kind: "skip", message: "already in sync" };
  // What is not blocked is done; where nothing is left to do, others have to go first.
  return fresh.statements.length > 0 ? { kind: "proceed" } : { kind: "fail", message: blockedMessage(fresh.blockers) };
}

/** What has to be done by others before the role is as it is to be, in a line. */
export function blockedMessage(blockers: readonly Blocker[]): string {
  const [first] = blockers;
  if (first === undefined) return "";
  const more = blockers.length > 1 ? `, and ${blockers.length - 1} more like it` : "";
  return `${first.message}${first.sql.length > 0 ? `, by ${first.by}; the plan has the statements` : ""}${more}`;
}

/** An orphan that may still log in is in sync only because it is left alone: it is a superuser, or the settings have changed. */
function isConverged({ status, config, currentState }: RolePlan): boolean {
  const isRetired = !currentState.exists || currentState.attributes["login"] === false;
  return status === "in-sync" && (config.type !== "orphaned" || isRetired);
}

function staleTarget(reviewed: PlanTarget, fresh: PlanTarget): Staleness | null {
  const same =
    reviewed.resource === fresh.resource &&
    reviewed.host === fresh.host &&
    reviewed.port === fresh.port &&
    reviewed.system_identifier === fresh.system_identifier;
  if (same) return null;
  return { reason: "target", message: `the plan was made for ${describe(reviewed)}, and this is ${describe(fresh)}` };
}

function describe(target: PlanTarget): string {
  return `${target.resource} at ${target.host}:${target.port} (cluster ${target.system_identifier})`;
}

function staleness(reviewed: ReviewedPlan, fresh: RolePlan): Staleness {
  if (!isSameConfig(reviewed.config, fresh.config)) {
    const where = fresh.origin ? ` in ${fresh.origin.file}:${fresh.origin.line}` : "";
    return { reason: "declaration", message: `the declaration of ${fresh.roleName}${where} has changed since the plan` };
  }
  if (JSON.stringify(reviewed.observed) !== JSON.stringify(fresh.observed)) {
    return { reason: "catalog", message: `the catalog of ${fresh.resource} has changed since the plan` };
  }
  if (reviewed.sqlPlan !== fresh.sqlPlan) {
    return { reason: "declaration", message: `the settings, or role specs beside that of ${fresh.roleName}, have changed since the plan` };
  }
  // The same inputs and other statements: the planner itself has changed.
  return otherVersion;
}

const otherVersion: Staleness = { reason: "version", message: "the plan was made by another version of rolewright; plan again" };

function altered(other: string): Staleness {
  const message = `the result file shows ${other} than its checksum stands for: it was changed, or written by another version; plan again`;
  return { reason: "altered", message };
}

/** An orphan that is one no longer: it was declared for another resource, or somebody took our marker from it. */
function gone(roleName: string): Staleness {
  return { reason: "catalog", message: `there is nothing to plan for ${roleName} any more; plan again` };
}
