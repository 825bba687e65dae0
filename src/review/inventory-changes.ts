// The inventory of a pull request held against that of its base branch.
import type { Resource } from "../model/resource.ts";
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

/** Resources are the same where their names are. */
export function inventoryChanges(proposed: readonly Resource[], base: readonly Resource[]): InventoryChanges {
  const before = new Map(base.map((resource) => [resource.name, resource]));
  const known = proposed.flatMap((resource) => {
    const was = before.get(resource.name);
    return was === undefined ? [] : [{ name: resource.name, at: resource.origin, changes: valueChanges(was, resource) }];
  });
  const names = new Set(proposed.map(({ name }) => name));
  return {
    added: proposed.filter(({ name }) => !before.has(name)).map(({ name, origin }) => ({ name, at: origin })),
    updated: known.filter(({ changes }) => changes.length > 0),
    unchanged: known.filter(({ changes }) => changes.length === 0).length,
    removed: base.filter(({ name }) => !names.has(name)).map(({ name }) => ({ name })),
  };
}

function valueChanges(from: Resource, to: Resource): readonly ValueChange[] {
  return columns.flatMap(([column, key]) => {
    const [was, is] = [textOf(from[key]), textOf(to[key])];
    return was === is ? [] : [{ column, from: was, to: is }];
  });
}

function textOf(value: Resource[(typeof columns)[number][1]]): string {
  return typeof value === "object" ? value.join(", ") : String(value ?? "");
}
