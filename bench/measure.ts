// One line of the table: ours, the floor and the hub's way in turn, so that what disturbs the machine disturbs all three.
import { runFloor, type Recording } from "./floor.ts";
import { extrapolated, processesOf, sampleHub, type HubTimes } from "./hub.ts";
import { makeSubject, type Measured } from "./subject.ts";
import { openWire, type Wire } from "./wire.ts";
import type { BenchResource, Row, Workload } from "./workload.ts";

export type Bench = {
  /** A folder that is removed in the end. */
  readonly folder: string;
  /** The installed program. */
  readonly bin: string;
  readonly say: (text: string) => void;
};

export async function measure(bench: Bench, workload: Workload): Promise<Row> {
  bench.say(`measuring ${workload.name}`);
  const subject = makeSubject({ ...bench, workload });
  const recordings = await record(workload, (ports) => subject.plan(ports));
  const ours: Measured[] = [];
  const floors: number[] = [];
  const hubs: HubTimes[] = [];
  for (let round = 0; round < workload.rounds; round += 1) {
    ours.push(await subject.plan());
    const start = performance.now();
    await runFloor(recordings);
    floors.push(performance.now() - start);
    hubs.push(await sampleHub(workload.hub, round));
  }
  const sessions = recordings.flatMap((recording) => recording.sessions);
  const hubTimes = { clusterMs: median(hubs.map((hub) => hub.clusterMs)), databaseMs: median(hubs.map((hub) => hub.databaseMs)) };
  return {
    name: workload.name,
    ours: median(ours.map(({ ms }) => ms)),
    memory: Math.max(...ours.map(({ memory }) => memory)),
    connections: sessions.length,
    queries: sessions.reduce((sum, session) => sum + session.statements.length, 0),
    floor: median(floors),
    overFloor: median(ours.map(({ ms }, round) => ms / (floors[round] ?? Number.NaN))),
    hub: extrapolated(workload.hub, hubTimes),
    hubSample: hubs.reduce((sum, hub) => sum + hub.processes, 0),
    hubProcesses: processesOf(workload.hub),
  };
}

/** One run behind proxies. It also warms the server's caches and the disk's. */
async function record(
  workload: Workload,
  plan: (ports: ReadonlyMap<BenchResource, number>) => Promise<unknown>,
): Promise<readonly Recording[]> {
  await using stack = new AsyncDisposableStack();
  const wires = new Map<BenchResource, Wire>();
  for (const resource of workload.resources) wires.set(resource, stack.use(await openWire(resource.server.port)));
  await plan(new Map([...wires].map(([resource, wire]) => [resource, wire.port])));
  return [...wires].map(([resource, wire]) => ({ resource, sessions: wire.sessions }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
