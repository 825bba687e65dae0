// The inventory of a pull request held against that of its base branch.
import type { Resource } from "../model/resource.ts";
import type { TrustingInventory } from "../model/trust.ts";
import type { InventoryChanges, ValueChange } from "./comment-input.ts";

const columns: readonly (readonly [column: string, key: Exclude<keyof Resource, "origin" | "name">])[] = [
  ["type", "type"],
  ["host", "host"],
  ["port", "port"],
  ["sslmode", "sslmode"],
  ["sslrootcert", "sslrootcert"],
  ["admin", "admin"],
  ["planner", "planner"],
  ["agent", "agent"],
  ["maintenance_database", "maintenanceDatabase"],
  ["tags", "tags"],
  ["description", "description"],
];

type Inventory = TrustingInventory<Resource>;

/** Resources are the same where their names are. */
export function inventoryChanges(proposed: Inventory, base: Inventory): InventoryChanges {
  const before = new Map(base.resources.map((resource) => [resource.name, resource]));
  const known = proposed.resources.flatMap((resource) => {
    const { name, origin: at } = resource;
    const was = before.get(name);
    if (was === undefined) return [];
    const changes = valueChanges(was, resource);
    return [
      { name, at, changes: was.sslrootcert === resource.sslrootcert ? [...changes, ...trustChanges(name, proposed, base)] : changes },
    ];
  });
  const names = new Set(proposed.resources.map(({ name }) => name));
  return {
    added: proposed.resources.filter(({ name }) => !before.has(name)).map(({ name, origin }) => ({ name, at: origin })),
    updated: known.filter(({ changes }) => changes.length > 0),
    unchanged: known.filter(({ changes }) => changes.length === 0).length,
    removed: base.resources.filter(({ name }) => !names.has(name)).map(({ name }) => ({ name })),
  };
}

function valueChanges(from: Resource, to: Resource): readonly ValueChange[] {
  return columns.flatMap(([column, key]) => {
    const [was, is] = [textOf(from[key]), textOf(to[key])];
    return was === is ? [] : [{ column, from: was, to: is }];
  });
}

/** By the settings, or in the file itself. */
function trustChanges(name: string, proposed: Inventory, base: Inventory): readonly ValueChange[] {
  const [was, is] = [base.trust.get(name), proposed.trust.get(name)];
  const [from, to] = [was?.path ?? "", is?.path ?? ""];
  if (from === to && was?.content === is?.content) return [];
  return [{ column: "certificate authorities", from, to: from === to ? `${to} with another content` : to }];
}

function textOf(value: Resource[(typeof columns)[number][1]]): string {
  return typeof value === "object" ? value.join(", ") : String(value ?? "");
}
