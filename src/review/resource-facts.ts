// What a resource's role plans come to: counts, and which resources a reviewer should read first.
import type { Change } from "../model/change.ts";
import { compareNames } from "../model/name.ts";
import type { HazardCode, RolePlan } from "../model/plan.ts";
import { parseScope } from "../model/scope.ts";
import { sourcePowers } from "../model/source-power.ts";
import type { CommentInput, CommentResource } from "./comment-input.ts";
import { byRisk, riskOf } from "./risk.ts";

/**
 * The most pressing first. `elevates`: widens access to something that reaches further than it looks.
 * `not-planned`: roles are declared, and nobody asked the server about them: never to be taken for in sync.
 */
export const verdicts = [
  "failed",
  "blocked",
  "drops",
  "revokes",
  "elevates",
  "widens",
  "changes",
  "not-connected",
  "not-planned",
  "notes",
  "in-sync",
] as const;

export type Verdict = (typeof verdicts)[number];

export type Counts = {
  readonly created: number;
  readonly dropped: number;
  /** Roles with statements that are neither created nor dropped. */
  readonly changed: number;
  readonly failed: number;
  readonly blocked: number;
  readonly statements: number;
  /** Statements by what they are. */
  readonly grants: number;
  readonly revokes: number;
  /** By hazard: statements that take access away, roles that lose their login. */
  readonly revocations: number;
  readonly disabled: number;
};

export type ResourceFacts = {
  readonly resource: CommentResource;
  readonly roles: readonly RolePlan[];
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** Declared or touched. */
  readonly databases: number;
  /** 1: in the inventory. 2: and roles are declared for it. 3: and every one of them is provisioned. */
  readonly setup: 1 | 2 | 3;
};

/** One for each resource, the most pressing first, then by name; a plan without its resource is not lost. */
export function factsOf({ plan, resources }: Pick<CommentInput, "plan" | "resources">): readonly ResourceFacts[] {
  const plans = Map.groupBy(plan.roles, (role) => role.resource);
  const known = new Set(resources.map((resource) => resource.name));
  const unknown = [...plans.keys()].filter((name) => !known.has(name)).map((name) => unlisted(name, plans.get(name)?.length ?? 0));
  return [...resources, ...unknown]
    .map((resource) => resourceFacts(resource, plans.get(resource.name) ?? []))
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || compareNames(a.resource.name, b.resource.name));
}

function unlisted(name: string, declaredRoles: number): CommentResource {
  return { name, serverVersion: null, origin: null, connection: "used", declaredRoles };
}

function resourceFacts(resource: CommentResource, plans: readonly RolePlan[]): ResourceFacts {
  const roles = plans.toSorted(byRisk);
  const declared = roles.filter((role) => role.config.type !== "orphaned");
  const isProvisioned =
    resource.connection === "used" &&
    declared.length >= Math.max(1, resource.declaredRoles) &&
    declared.every(({ status, blockers }) => status === "in-sync" && blockers.length === 0);
  const hasRoles = declared.length > 0 || resource.declaredRoles > 0;
  return {
    resource,
    roles,
    verdict: verdictOf(resource, roles),
    counts: countsOf(roles),
    databases: databasesOf(roles).size,
    setup: isProvisioned ? 3 : hasRoles ? 2 : 1,
  };
}

const elevating: readonly HazardCode[] = ["reads-password-verifiers", ...sourcePowers];

function verdictOf(resource: CommentResource, roles: readonly RolePlan[]): Verdict {
  if (roles.some((role) => role.status === "failed")) return "failed";
  if (roles.some((role) => role.blockers.length > 0)) return "blocked";
  const worst = new Set(roles.filter((role) => role.status === "out-of-sync").map(riskOf));
  if (worst.has("drops")) return "drops";
  if (worst.has("revokes")) return "revokes";
  if (roles.some((role) => role.statements.length > 0 && hasHazard(role, elevating))) return "elevates";
  if (worst.has("widens")) return "widens";
  if (worst.has("changes")) return "changes";
  if (resource.connection !== "used") return "not-connected";
  if (resource.declaredRoles > 0 && roles.length === 0) return "not-planned";
  return roles.some((role) => role.warnings.length > 0) ? "notes" : "in-sync";
}

/** Resources whose roles this plan says nothing of. */
export function countUnplanned(facts: readonly ResourceFacts[]): number {
  return facts.filter(({ resource, roles }) => resource.connection !== "used" || (resource.declaredRoles > 0 && roles.length === 0)).length;
}

/** What several roles come to. */
export function countsOf(roles: readonly RolePlan[]): Counts {
  const statements = roles.flatMap((role) => role.statements);
  const by = (...kinds: readonly Change["kind"][]): number => statements.filter(({ change }) => kinds.includes(change.kind)).length;
  const has = (role: RolePlan, kind: Change["kind"]): boolean => role.statements.some(({ change }) => change.kind === kind);
  const number = (matches: (role: RolePlan) => boolean): number => roles.filter(matches).length;
  return {
    created: number((role) => has(role, "createRole")),
    dropped: number((role) => has(role, "dropRole")),
    changed: number((role) => role.statements.length > 0 && !has(role, "createRole") && !has(role, "dropRole")),
    failed: number((role) => role.status === "failed"),
    blocked: number((role) => role.blockers.length > 0),
    statements: statements.length,
    grants: by("grant", "grantDefault", "grantMembership"),
    revokes: by("revoke", "revokeDefault", "revokeMembership"),
    revocations: statements.filter(({ hazards }) => hazards.some(({ code }) => code === "revokes-access")).length,
    disabled: number((role) => hasHazard(role, ["disables-login"])),
  };
}

function hasHazard(role: RolePlan, codes: readonly HazardCode[]): boolean {
  return role.statements.some(({ hazards }) => hazards.some(({ code }) => codes.includes(code)));
}

function databasesOf(roles: readonly RolePlan[]): ReadonlySet<string> {
  const touched = roles.flatMap((role) => role.statements.flatMap(({ part }) => (part.phase === "database" ? [part.database] : [])));
  const declared = roles.flatMap((role) =>
    role.config.scopes.flatMap((text) => {
      const scope = parseScope(text);
      return "problem" in scope ? [] : [scope.database];
    }),
  );
  return new Set([...touched, ...declared]);
}
