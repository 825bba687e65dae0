// What `plan` was asked for → one goal for each resource.
import { choices } from "../model/count.ts";
import { loadRolesPath, roleSpecFromFlags, type LoadedRoles } from "../load/load-roles-file.ts";
import type { Desired } from "../model/desired.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { roleSpecKey, type RoleSpec } from "../model/role-spec.ts";
import type { Session } from "../model/session.ts";
import type { Goal } from "../reconcile.ts";
import { renderDiagnostics } from "../review/diagnostics-text.ts";
import { configOf } from "../plan/config.ts";
import { UsageError, type CommandContext } from "./context.ts";
import { contradictedSpec, contradictionWarning } from "./contradiction.ts";
import type { PlanSource } from "./selection.ts";
import type { Workspace } from "./workspace.ts";

export type Selection = { readonly goals: readonly Goal[]; readonly source: Exclude<Session["source"], "orphan"> };

/**
 * @returns `null` where role specs have errors: they have been said, and the command ends with 1.
 * @throws UsageError for a resource or role that the repository does not have.
 */
export async function selectGoals(context: CommandContext, workspace: Workspace, source: PlanSource): Promise<Selection | null> {
  switch (source.from) {
    case "repository":
      return { goals: repositoryGoals(workspace, source), source: "repository" };
    case "file":
      return selectionOf(
        workspace,
        usable(context, workspace, await loadRolesPath({ path: source.path, desired: workspace.desired, now: context.now() })),
        "file",
      );
    case "flags": {
      const rotated = rotatedSpec(workspace.desired, source);
      if (rotated !== null) return selectionOf(workspace, [rotated], "flags");
      return selectionOf(workspace, usable(context, workspace, roleSpecFromFlags(flagsOf(source), workspace.desired)), "flags");
    }
  }
}

/** A declared role of which the flags say nothing but that it gets a new password: it stays as it is declared. */
function rotatedSpec({ roles }: Desired, source: Extract<PlanSource, { from: "flags" }>): RoleSpec | null {
  const { resource, label, type, scopes, privileges, sourceRole, rotatePassword } = source;
  if (!rotatePassword || scopes.length > 0 || privileges.length > 0 || sourceRole !== null) return null;
  const declared = roles.find((spec) => roleSpecKey(spec) === roleSpecKey({ resource, label }));
  if (declared === undefined || (type !== "managed" && type !== declared.type)) return null;
  return { ...declared, rotatePassword: true };
}

function selectionOf(workspace: Workspace, specs: readonly RoleSpec[] | null, source: "file" | "flags"): Selection | null {
  return specs === null ? null : { goals: specGoals(workspace, specs), source };
}

/** @throws UsageError for a resource or role that the repository does not have. */
export function repositoryGoals(
  { desired }: Workspace,
  source: { readonly resource: string | null; readonly label: string | null },
): readonly Goal[] {
  const { resource: name, label } = source;
  const resources = desired.resources.filter((resource) => name === null || resource.name === name);
  if (name !== null && resources.length === 0) {
    throw new UsageError(
      `there is no resource ${JSON.stringify(name)} in the inventory`,
      choices(desired.resources.map((resource) => resource.name)),
    );
  }
  return resources.map((resource) => {
    const specs = desired.roles.filter((spec) => spec.resource === resource.name);
    const chosen = specs.filter((spec) => label === null || spec.label === label);
    if (label !== null && chosen.length === 0) {
      throw new UsageError(
        `no role ${JSON.stringify(label)} is declared for ${resource.name}`,
        "To plan one that stands in no file, give --scopes and --privileges, or --source-role.",
      );
    }
    // A resource without a role spec may still have orphans.
    const declaredElsewhere = rolesOfOthers(desired, resource.name);
    return { resource, specs, planned: namesOf(chosen), declaredElsewhere, withOrphans: label === null, settings: desired.settings };
  });
}

/** Role specs from elsewhere take the place of declared ones of the same name. */
export function specGoals({ desired }: Workspace, specs: readonly RoleSpec[]): readonly Goal[] {
  return desired.resources
    .filter((resource) => specs.some((spec) => spec.resource === resource.name))
    .map((resource) => {
      const own = specs.filter((spec) => spec.resource === resource.name);
      const replaced = new Set(own.map(roleSpecKey));
      const declared = desired.roles.filter((spec) => spec.resource === resource.name);
      const known = new Set(declared.map(roleSpecKey));
      return {
        resource,
        specs: [...declared.filter((spec) => !replaced.has(roleSpecKey(spec))), ...own],
        planned: namesOf(own),
        undeclared: namesOf(own.filter((spec) => !known.has(roleSpecKey(spec)))),
        declaredElsewhere: rolesOfOthers(desired, resource.name),
        withOrphans: false,
        settings: desired.settings,
      };
    });
}

/** The hub's sample has two resources on one address: a role of the one is no orphan of the other. */
export function rolesOfOthers(desired: Desired, resource: string): ReadonlyMap<string, RoleSpec> {
  return new Map(desired.roles.filter((spec) => spec.resource !== resource).map((spec) => [spec.roleName, spec]));
}

function namesOf(specs: readonly RoleSpec[]): ReadonlySet<string> {
  return new Set(specs.map((spec) => spec.roleName));
}

function flagsOf(source: Extract<PlanSource, { from: "flags" }>): Parameters<typeof roleSpecFromFlags>[0] {
  return {
    resource: source.resource,
    role: source.label,
    type: source.type,
    ...(source.scopes.length > 0 ? { scopes: source.scopes.join(",") } : {}),
    ...(source.privileges.length > 0 ? { privileges: source.privileges.join(",") } : {}),
    ...(source.sourceRole === null ? {} : { sourceRole: source.sourceRole }),
    rotatePassword: source.rotatePassword,
  };
}

function usable(context: CommandContext, { desired }: Workspace, { roles, diagnostics }: LoadedRoles): readonly RoleSpec[] | null {
  const contradicted = roles.flatMap((spec) => contradictedSpec(desired, spec, configOf(spec, false)) ?? []);
  for (const line of renderDiagnostics([...diagnostics, ...contradicted.map(contradictionWarning)])) context.output.error(line);
  if (!hasErrors(diagnostics)) return roles;
  const message = "the role specs have errors; nothing was planned or changed";
  if (context.json) context.output.json({ error: { message, hint: null }, diagnostics });
  return null;
}
