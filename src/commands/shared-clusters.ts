// Resources of the inventory that turn out to be one cluster: only its server can tell.
import type { Diagnostic } from "../model/diagnostic.ts";

/** @param clusters the system identifier behind each resource. @returns a warning for each cluster that has several. */
export function sharedClusters(clusters: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const byCluster = Map.groupBy(clusters.keys(), (resource) => clusters.get(resource));
  return [...byCluster]
    .filter(([, resources]) => resources.length > 1)
    .map(([cluster, resources]) => ({
      severity: "warning",
      code: "same-cluster",
      message: `the resources ${resources.join(", ")} are one cluster (system identifier ${cluster}), or copies of one: each sees the roles of the others`,
      hint: "list a cluster once in the inventory, unless its roles are meant to go by several resources",
    }));
}
