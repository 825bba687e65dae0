// What the inputs `resources` and `rotate` leave of the repository.
import { choices } from "../model/count.ts";
import { UsageError } from "../commands/context.ts";
import { repositoryGoals, type Selection } from "../commands/goals.ts";
import type { Workspace } from "../commands/workspace.ts";
import type { Resource } from "../model/resource.ts";
import type { Inputs } from "./inputs.ts";

/** `workspace`: with the new password that is to be made, which a plan made again has to want as well. */
export type Chosen = { readonly workspace: Workspace; readonly selection: Selection };

/**
 * Every role of the chosen resources with their orphans; or, with `rotate`, one role, with a new password.
 * @throws UsageError for a resource or label that is not declared; it names those that are.
 */
export function chosenGoals(inputs: Pick<Inputs, "resources" | "rotate">, workspace: Workspace): Chosen {
  const { rotate } = inputs;
  if (rotate === null) {
    const names = new Set(chosenResources(inputs, workspace).map(({ name }) => name));
    const goals = repositoryGoals(workspace, { resource: null, label: null }).filter(({ resource }) => names.has(resource.name));
    return { workspace, selection: { source: "repository", goals } };
  }
  requireKnown("rotate", [rotate.resource], workspace);
  requireLabel(rotate, workspace);
  const rotating = withRotation(workspace, rotate);
  return { workspace: rotating, selection: { source: "repository", goals: repositoryGoals(rotating, rotate) } };
}

/** @throws UsageError for a name that is not in the inventory. @returns all of them where the input names none. */
export function chosenResources({ resources: names }: Pick<Inputs, "resources">, workspace: Workspace): readonly Resource[] {
  requireKnown("resources", names, workspace);
  return workspace.desired.resources.filter(({ name }) => names.length === 0 || names.includes(name));
}

function requireKnown(input: string, names: readonly string[], { desired }: Workspace): void {
  const resources = desired.resources.map(({ name }) => name);
  const unknown = names.filter((name) => !resources.includes(name));
  if (unknown.length === 0) return;
  const which = unknown.map((name) => JSON.stringify(name)).join(", ");
  throw new UsageError(`input ${input}: there is no resource ${which} in the inventory`, choices(resources));
}

type Rotation = NonNullable<Inputs["rotate"]>;

function requireLabel({ resource, label }: Rotation, { desired }: Workspace): void {
  const labels = desired.roles.filter((spec) => spec.resource === resource).map((spec) => spec.label);
  if (labels.includes(label)) return;
  const hint = labels.length === 0 ? "No role is declared for it." : choices(labels);
  throw new UsageError(`input rotate: no role ${JSON.stringify(label)} is declared for ${resource}`, hint);
}

function withRotation(workspace: Workspace, { resource, label }: Rotation): Workspace {
  const roles = workspace.desired.roles.map((spec) =>
    spec.resource === resource && spec.label === label ? { ...spec, rotatePassword: true } : spec,
  );
  return { ...workspace, desired: { ...workspace.desired, roles } };
}
