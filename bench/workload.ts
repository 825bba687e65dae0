// What one line of the table measures: an access repository, the servers behind it, and what `plan` has to find there.
import type { Server } from "../test/support/server.ts";

export type BenchResource = { readonly name: string; readonly server: Pick<Server, "port" | "user" | "password"> };

export type Workload = {
  /** The first column. */
  readonly name: string;
  readonly resources: readonly BenchResource[];
  /** As the marker on the roles says it. */
  readonly repository: string;
  /** Lines of roles.csv below its header. */
  readonly roles: readonly string[];
  /** A plan that finds anything else is no measurement. */
  readonly expected: "in-sync" | "out-of-sync";
  /** Runs of each contender, one after the other in turn. */
  readonly rounds: number;
  readonly hub: HubWay;
};

/** What the hub would start processes for. */
export type HubWay = {
  /** All of them, for the extrapolation. */
  readonly roles: number;
  readonly databases: number;
  /** The part that is run: each round takes the next of these. */
  readonly sample: readonly { readonly resource: BenchResource; readonly role: string; readonly databases: readonly string[] }[];
};

/** One finished line. Times are medians in milliseconds. */
export type Row = {
  readonly name: string;
  readonly ours: number;
  /** The largest of all rounds, in bytes. */
  readonly memory: number;
  readonly connections: number;
  readonly queries: number;
  readonly floor: number;
  /** Median of the ratios within a round, so that what disturbs the machine disturbs both. */
  readonly overFloor: number;
  readonly hub: number;
  /** Processes that the hub's time was extrapolated from, and to. */
  readonly hubSample: number;
  readonly hubProcesses: number;
};
