// Whether `drift: apply` may put right what differs: only where people have approved what the default branch declares, by the rules of an
// apply. What the catalog says may be something else than in the plan that they saw: that is what drift is.
import type { PlannedRun } from "../commands/planning.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import { roleSpecKey, type RoleSpec } from "../model/role-spec.ts";
import type { RolePlan } from "../model/plan.ts";
import type { Settings } from "../model/settings.ts";
import { fingerprintsOf } from "../review/fingerprint.ts";
import type { Evidence, EvidenceRole } from "../trust/evidence.ts";
import { targetsDigest } from "../trust/targets-digest.ts";
import { findApproval } from "./approval.ts";
import { problemOfStore } from "./approved-store.ts";
import type { ActionContext } from "./context.ts";
import type { Denial } from "./trusted-plan.ts";

/** `unseen`: resources that the approved plan has left out, since it did not connect to them. */
export type RepairVerdict = { readonly unseen: ReadonlySet<string> } | Denial;

type Looked = {
  readonly commit: string;
  readonly branch: string;
  /** As the files declare them. */
  readonly specs: readonly RoleSpec[];
  readonly planned: PlannedRun;
  /** Where the passwords go that it makes. */
  readonly credentials: Settings["credentials"];
};

/** With `evidence: none` whoever may let the job into its environment decides, as for every apply without a pull request. */
export async function approvalOfRepair(
  context: ActionContext,
  { commit, branch, specs, planned, credentials }: Looked,
): Promise<RepairVerdict> {
  if (context.inputs.evidence === "none") return { unseen: new Set() };
  const { verdict } = await findApproval(context, { commit, branch, before: null });
  if ("reason" in verdict) return verdict;
  const unseen = new Set(verdict.evidence.unconnected);
  const plans = planned.roles.filter(({ resource }) => !unseen.has(resource));
  const problem = problemOfStore(verdict.evidence, plans, credentials);
  if (problem !== null) return { reason: "declaration", message: problem };
  return differenceOf(verdict.evidence, withRotations(plans, specs)) ?? { unseen };
}

/** Whoever looks for drift rotates nothing, and plans as if nobody had asked for it. */
function withRotations(plans: readonly RolePlan[], specs: readonly RoleSpec[]): readonly RolePlan[] {
  const rotating = new Set(specs.filter(({ rotatePassword }) => rotatePassword).map(roleSpecKey));
  return plans.map((plan) => (rotating.has(roleSpecKey(plan)) ? { ...plan, config: { ...plan.config, rotate_password: true } } : plan));
}

/** @param plans of what the approved plan has connected to. @returns `null` where they declare what was approved, for the same clusters. */
export function differenceOf(approved: Evidence, plans: readonly RolePlan[]): Denial | null {
  const problem = problemOfTargets(approved, plans);
  if (problem !== null) return { reason: "target", message: problem };
  if (declaresSame(approved, plans)) return null;
  return { reason: "declaration", message: "the default branch declares something else than the approved plan was made of" };
}

/** Role by role where the approved plan has kept what it was, so that a server that does not answer is in nobody's way; else all at once. */
function problemOfTargets(approved: Evidence, plans: readonly RolePlan[]): string | null {
  if (basesOf(approved.roles ?? []) === null) {
    if (targetsDigest(plans) === approved.targets) return null;
    const failed = plans.find(({ status }) => status === "failed");
    if (failed === undefined) return "the approved plan was made on other clusters";
    return `${failed.resource} could not be planned, so that nothing says whether the approved plan was made on the same clusters`;
  }
  const moved = plans.find((plan) => {
    const then = approved.roles?.find(({ resource, role }) => resource === plan.resource && role === plan.roleName)?.basis?.target;
    return plan.status !== "failed" && then !== undefined && canonicalJson(then) !== canonicalJson(plan.target);
  });
  return moved === undefined ? null : `${moved.resource} was planned on another cluster`;
}

/** Orphans are declared by nobody, and come and go: they count only where the approved plan has not kept what they were. */
function declaresSame(approved: Evidence, plans: readonly RolePlan[]): boolean {
  if (fingerprintsOf(plans, "").declared === approved.declared) return true;
  const now = fingerprintsOf(plans.filter(isDeclared), "").declared;
  const kept = basesOf(approved.roles ?? []);
  const then = kept === null ? approved.declared : fingerprintsOf(kept.filter(isDeclared), "").declared;
  return now === then;
}

function isDeclared({ config }: Pick<RolePlan, "config">): boolean {
  return config.type !== "orphaned";
}

/** @returns `null` where they are not all there. */
function basesOf(roles: readonly EvidenceRole[]) {
  const bases = roles.flatMap(({ resource, checksum, basis }) => (basis === undefined ? [] : [{ ...basis, resource, checksum }]));
  return roles.length > 0 && bases.length === roles.length ? bases : null;
}
