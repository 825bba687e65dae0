// Whose word counts for where a plan connects to: the base branch's. A pull request may name another host for a resource, and the
// planner's password would go there.
import type { Resource } from "../model/resource.ts";
import type { TrustingInventory } from "../model/trust.ts";

export type ResourceConnection = {
  /** With the connection data of the base branch, where it is used. */
  readonly resource: Resource;
  /** `added`, `changed`: by the pull request, so that it is not connected to. */
  readonly connection: "used" | "added" | "changed";
};

type Inventory = TrustingInventory<Resource>;

const connectionKeys = ["type", "host", "port", "sslmode", "sslrootcert", "admin", "planner", "maintenanceDatabase"] as const;

/**
 * @param proposed the inventory as the pull request leaves it. @param trusted that of the base branch.
 * @returns one entry for each proposed resource, in their order.
 */
export function trustedConnections(proposed: Inventory, trusted: Inventory): readonly ResourceConnection[] {
  return proposed.resources.map((resource) => {
    const known = trusted.resources.find(({ name }) => name === resource.name);
    if (known === undefined) return { resource, connection: "added" };
    const isSame = connectionKeys.every((key) => resource[key] === known[key]) && trustsTheSame(resource, proposed, trusted);
    return { resource, connection: isSame ? "used" : "changed" };
  });
}

/** Who trusts another authority connects to whomever that one vouches for, wherever it is named. */
function trustsTheSame({ name }: Resource, proposed: Inventory, trusted: Inventory): boolean {
  const [is, was] = [proposed.trust.get(name), trusted.trust.get(name)];
  return is?.path === was?.path && is?.content === was?.content;
}

/** Names of the resources that were not connected to. */
export function unconnectedOf(connections: readonly ResourceConnection[]): readonly string[] {
  return connections.flatMap(({ resource, connection }) => (connection === "used" ? [] : [resource.name]));
}
