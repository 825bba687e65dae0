// Whose word counts for where a plan connects to.
import { expect, test } from "vitest";
import type { Resource } from "../../../src/model/resource.ts";
import type { Trust } from "../../../src/model/trust.ts";
import { trustedConnections as compare, unconnectedOf } from "../../../src/trust/connections.ts";

const origin = { file: "inventory.csv", line: 2, column: 1 };
const known: Resource = {
  name: "analytics",
  type: "PostgreSQL",
  host: "db.internal",
  port: 5432,
  sslmode: "verify-full",
  sslrootcert: "ca.pem",
  admin: "env:ADMIN",
  planner: "env:PLANNER",
  maintenanceDatabase: "postgres",
  agent: "",
  tags: [],
  description: "",
  origin,
};

const trustedConnections = (proposed: readonly Resource[], trusted: readonly Resource[]) =>
  compare({ resources: proposed, trust: new Map() }, { resources: trusted, trust: new Map() });

const connectionOf = (changed: Partial<Resource>, trusted: readonly Resource[] = [known]): string =>
  trustedConnections([{ ...known, ...changed }], trusted)[0]?.connection ?? "";

test.each<[what: string, changed: Partial<Resource>]>([
  ["host", { host: "evil.invalid" }],
  ["a host that only looks the same", { host: "db.internal." }],
  ["port", { port: 5433 }],
  ["sslmode", { sslmode: "disable" }],
  ["sslrootcert", { sslrootcert: "evil.pem" }],
  ["admin reference", { admin: "env:OTHER" }],
  ["planner reference", { planner: "env:ADMIN" }],
  ["maintenance database", { maintenanceDatabase: "evil" }],
])("a changed %s is not connected to", (_, changed) => {
  expect(connectionOf(changed)).toBe("changed");
});

test("a setting that is no longer there is a change, and so is one that was not there before", () => {
  const { sslmode: _mode, ...withoutMode } = known;
  const { sslrootcert: _ca, ...withoutCa } = known;
  const { planner: _planner, ...withoutPlanner } = known;
  for (const less of [withoutMode, withoutCa, withoutPlanner]) {
    expect(trustedConnections([less], [known])).toEqual([{ resource: less, connection: "changed" }]);
    expect(trustedConnections([known], [less])).toEqual([{ resource: known, connection: "changed" }]);
    expect(trustedConnections([less], [less])).toEqual([{ resource: less, connection: "used" }]);
  }
});

test.each<[what: string, changed: Partial<Resource>]>([
  ["nothing", {}],
  ["agent", { agent: "eu" }],
  ["tags", { tags: ["x"] }],
  ["description", { description: "x" }],
  ["the line where it stands", { origin: { file: "inventory/a.yaml", line: 9, column: 3 } }],
])("a changed %s changes no connection", (_, changed) => {
  expect(connectionOf(changed)).toBe("used");
});

test("a new resource, a renamed one, and every one on a base branch that cannot be read are not connected to", () => {
  expect(connectionOf({ name: "other" })).toBe("added");
  expect(connectionOf({ name: "Analytics" })).toBe("added");
  expect(connectionOf({}, [])).toBe("added");
});

test("two resources that swap their hosts have both changed", () => {
  const other = { ...known, name: "billing", host: "billing.internal" };
  const swapped = trustedConnections(
    [
      { ...known, host: other.host },
      { ...other, host: known.host },
    ],
    [known, other],
  );
  expect(unconnectedOf(swapped)).toEqual(["analytics", "billing"]);
});

test("a resource that the pull request removes is not there", () => {
  expect(trustedConnections([], [known])).toEqual([]);
  expect(unconnectedOf(trustedConnections([known], [known]))).toEqual([]);
});

const ours: Trust = { path: "ca.pem", content: "a".repeat(64) };

test.each<[what: string, is: Trust | null, was: Trust | null, connection: string]>([
  ["the same", ours, { ...ours }, "used"],
  ["none", null, null, "used"],
  ["another content", { ...ours, content: "b".repeat(64) }, ours, "changed"],
  ["another path to the same", { ...ours, path: "other.pem" }, ours, "changed"],
  ["one where there was none", ours, null, "changed"],
  ["none where there was one", null, ours, "changed"],
])("authorities of a resource: %s", (_, is, was, connection) => {
  const side = (trust: Trust | null) => ({ resources: [known], trust: new Map(trust === null ? [] : [[known.name, trust]]) });
  expect(compare(side(is), side(was))).toEqual([{ resource: known, connection }]);
});
